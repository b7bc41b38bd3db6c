"""An address of the list, read away from the list: by changes of many rows and by saved views."""

from datetime import date

from django.http import QueryDict

from commitments.filters.commitment import CommitmentFilter
from commitments.models import Commitment, Statement, User


def filter_of(query: QueryDict, person: User, today: date) -> CommitmentFilter:
    """The filter that the address asks for, over the rows that this person may see; a statement unknown has none."""
    visible = Statement.objects.visible_to(person).defer("text")
    slug = query.get("statement")
    found = list(visible.filter(slug=slug)[:1] if slug else visible[:2])
    statement = found[0] if len(found) == 1 else None
    rows = Commitment.objects.visible_to(person)
    if statement:
        rows = rows.filter(statement=statement)
    elif slug:
        rows = rows.none()
    return CommitmentFilter(query, rows.in_text_order(), person=person, today=today, statement=statement)
