"""The history as one person may read it, with the names that its keys stand for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from commitments.models import Body, Change, Commitment, Invitation, Theme, User
from commitments.models.permission import may_manage_people

PEOPLE = ("officer", "person", "successor", "deputy")
BODIES = ("lead", "body")
THEME, THEMES = "theme", "themes"
Names = dict[tuple[str, int | str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One fact, with a name for each key in it; a key that this person may not look up has none."""

    change: Change
    names: Names

    @property
    def text(self) -> str:
        """The words of the note that the fact is about."""
        return self.change.note.text if self.change.note else ""


def history_of(viewer: User) -> QuerySet[Change]:
    """All that this person may know of, newest first."""
    return (
        Change.objects.visible_to(viewer)
        .select_related("by__body__party", "party", "commitment__statement", "statement", "note")
        .defer("statement__text", "commitment__search_text")
        .newest_first()
    )


def lines(changes: Iterable[Change], viewer: User) -> list[Line]:
    page = list(changes)
    names = names_in(page, viewer)
    return [Line(change, names) for change in page]


def names_in(changes: Iterable[Change], viewer: User) -> Names:
    """Names of the people, bodies, invitations and themes in these facts, in four queries at most."""
    people, bodies, invitations = keys(changes, PEOPLE), keys(changes, BODIES), keys(changes, ("invitation",))
    named = {person.pk: str(person) for person in User.objects.filter(pk__in=people)} if people else {}
    found = Body.objects.select_related("party").filter(pk__in=bodies) if bodies else []
    names: Names = {(kind, pk): name for kind in PEOPLE for pk, name in named.items()}
    names |= {(kind, body.pk): body.name for kind in BODIES for body in found}
    if invitations and may_manage_people(viewer):
        rows = Invitation.objects.visible_to(viewer).filter(pk__in=invitations)
        names |= {("invitation", row.pk): row.email for row in rows}
    if any(THEMES in change.after for change in changes):
        names |= {(THEME, theme.code): str(theme) for theme in Theme.objects.all()}
    return names


def keys(changes: Iterable[Change], kinds: tuple[str, ...]) -> set[int]:
    return {
        values[kind]
        for change in changes
        for values in (change.before, change.after)
        for kind in kinds
        if isinstance(values.get(kind), int)
    }


def commitment_named(viewer: User, slug: str, ref: str) -> Commitment | None:
    rows = Commitment.objects.visible_to(viewer).select_related("statement").defer("statement__text")
    return rows.filter(statement__slug=slug, ref=ref).first()
