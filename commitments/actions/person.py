"""Accounts: whoever changes one is known, and what of it was changed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Visibility
from commitments.models.history import Act
from commitments.models.person import User

RIGHTS = ("body", "role", "is_active", "is_staff", "is_superuser")


@transaction.atomic
def save_person(person: User, *, by: User, at: datetime) -> None:
    """Save an account; a change of what it may do is recorded for the own side, without repeating any name."""
    stored = User.objects.select_for_update().filter(pk=person.pk).values(*RIGHTS).first() if person.pk else None
    person.email = person.email.lower()
    person.save()
    before, after = stored or {}, _rights(person)
    changed = [name for name in RIGHTS if before.get(name) != after[name]]
    if not changed:
        return
    fact = Fact(
        Act.PERSON_CHANGED,
        {name: before[name] for name in changed if name in before},
        {"person": person.pk, **{name: after[name] for name in changed}},
        visibility=Visibility.OWN,
        party=person.body.party if person.body else None,
    )
    record_change(fact, by=by, at=at)


def _rights(person: User) -> dict[str, Any]:
    return {"body": person.body_id, **{name: getattr(person, name) for name in RIGHTS if name != "body"}}
