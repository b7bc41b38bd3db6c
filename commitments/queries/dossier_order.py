"""Large dossiers as the person who ordered them may see them."""

from datetime import datetime

from django.db.models import QuerySet

from commitments.models import DossierOrder, Statement, User

SHOWN = 10


def orders_of(person: User, statement: Statement, now: datetime) -> QuerySet[DossierOrder]:
    """The newest of one statement, without their files; what is kept no longer is not there."""
    return kept_orders(person, now).filter(statement=statement)[:SHOWN]


def kept_orders(person: User, now: datetime) -> QuerySet[DossierOrder]:
    """All that the person may look at, or fetch where it is ready."""
    return DossierOrder.objects.visible_to(person).to_show().filter(kept_until__gte=now).select_related("edition")
