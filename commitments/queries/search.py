"""One search over all that a person may see: commitments, the statement's text, notes, bodies and own people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat

from commitments.domain.codes import Role
from commitments.domain.searching import excerpt, folded_words
from commitments.domain.text import fold
from commitments.models import Body, Commitment, Paragraph, Party, ProgressNote, Statement, User
from commitments.models.folding import Folded

EACH = 6  # rows of a group; the page says where there are more
SHORTEST = 2  # characters
REF = re.compile(r"^\d{1,4}[a-z]?\.\d{1,4}$")
PARAGRAPH = re.compile(r"^¶\s*(\d{1,4}[a-z]?)\.?$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found, with the words around what was looked for."""

    row: Any
    text: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind; `is_cut` where there are more than these."""

    kind: str
    hits: list[Hit]
    is_cut: bool


def search(query: str, statements: QuerySet[Statement], user: User) -> list[Group]:
    """The groups that hold something, in a fixed order, with at most `EACH` rows and one query each."""
    words = folded_words(query)
    if len("".join(words)) < SHORTEST or user.party_id is None:
        return []
    found = {
        "commitment": [Hit(row) for row in _commitments(query, words, statements, user)],
        "paragraph": [Hit(row, excerpt(row.text, words)) for row in _paragraphs(query, words, statements)],
        "note": [Hit(row, excerpt(_whole(row), words)) for row in _notes(words, statements, user)],
        "body": [Hit(row) for row in _bodies(words, statements)],
        "person": [Hit(row) for row in _people(words, user)],
    }
    return [Group(kind, hits[:EACH], len(hits) > EACH) for kind, hits in found.items() if hits]


def with_words(rows: QuerySet, field: str, words: Iterable[str]) -> QuerySet:
    for word in words:
        rows = rows.filter(**{f"{field}__contains": word})
    return rows


def _commitments(query: str, words: list[str], statements: QuerySet[Statement], user: User) -> QuerySet[Commitment]:
    rows = Commitment.objects.visible_to(user).filter(statement__in=statements).in_text_order()
    rows = rows.filter(ref=query) if REF.match(query) else with_words(rows, "search_text", words)
    return rows.select_related("statement").defer("statement__text", "search_text")[: EACH + 1]


def _paragraphs(query: str, words: list[str], statements: QuerySet[Statement]) -> QuerySet[Paragraph]:
    rows = Paragraph.objects.filter(statement__in=statements).select_related("statement").defer("statement__text")
    if number := PARAGRAPH.match(query):
        return rows.filter(number=number[1])[: EACH + 1]
    rows = with_words(rows.alias(folded=Folded("text")), "folded", words)
    return rows.order_by("-statement__adopted_on", "position")[: EACH + 1]


def _notes(words: list[str], statements: QuerySet[Statement], user: User) -> QuerySet[ProgressNote]:
    """Standing notes that the person may read, newest first."""
    rows = ProgressNote.objects.visible_to(user).standing().filter(assignment__commitment__statement__in=statements)
    folded = Folded(Concat("text", Value(" ", TextField()), "next_steps"))
    rows = with_words(rows.exclude(text="").alias(folded=folded), "folded", words).newest_first()
    related = rows.select_related("assignment__commitment__statement", "assignment__party", "by")
    return related.defer("assignment__commitment__statement__text", "assignment__commitment__search_text")[: EACH + 1]


def _whole(note: ProgressNote) -> str:
    return f"{note.text} {note.next_steps}".strip()


def _bodies(words: list[str], statements: QuerySet[Statement]) -> list[Body]:
    parties = Party.objects.filter(statements__in=statements)
    rows = Body.objects.active().filter(party__in=parties).select_related("party").order_by("party__code", "short")
    return [row for row in rows if _holds(f"{row.short} {row.name_en} {row.name_own}", words)][: EACH + 1]


def _people(words: list[str], user: User) -> list[User]:
    """People of the own side alone; addresses are a coordinator's to look up."""
    rows = User.objects.active().of_party(user.party_id).select_related("body__party").order_by("name", "pk")
    mail = user.has_rank(Role.COORDINATOR)
    return [row for row in rows if _holds(f"{row.name} {row.email if mail else ''}", words)][: EACH + 1]


def _holds(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)
