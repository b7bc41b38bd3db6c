"""Saved views: filters of the list under a name. What is private is named in nobody's history."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Visibility
from commitments.domain.text import fold
from commitments.models.history import Act
from commitments.models.permission import may_change_view, may_share_view
from commitments.models.person import User
from commitments.models.savedview import MOST_VIEWS, Audience, SavedView


@transaction.atomic
def save_view(name: str, query: str, audience: Audience, *, by: User, at: datetime) -> SavedView:
    """Keep the address under the name. Codes of refusal: too_many, not_yours_to_share."""
    if by.party_id is None:
        raise PermissionDenied
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)  # so that two at once count each other
    if person.saved_views.count() >= MOST_VIEWS:
        words = _("You keep %(most)d views already. Delete one first.")
        raise ValidationError(words, code="too_many", params={"most": MOST_VIEWS})
    _check_audience(audience, by)
    view = SavedView.objects.create(
        owner=by, party_id=by.party_id, slug=_free_slug(name, by), name=name, query=query, audience=audience
    )
    _record(Act.VIEW_SAVED, view, {}, by=by, at=at)
    return view


@transaction.atomic
def change_view(view: SavedView, name: str, audience: Audience, *, version: int, by: User, at: datetime) -> None:
    """Rename it, or show it to others; its address stays. Codes of refusal: conflict, not_yours_to_share."""
    view = _locked(view, by)
    if view.version != version:
        raise ValidationError(_("Somebody has changed this since you opened it."), code="conflict")
    _check_audience(audience, by)
    before = _shown(view)
    view.name, view.audience = name, audience
    view.version += 1
    view.save(update_fields=["name", "audience", "version"])
    _record(Act.VIEW_CHANGED, view, before, by=by, at=at)


@transaction.atomic
def delete_view(view: SavedView, *, by: User, at: datetime) -> None:
    view = _locked(view, by)
    fact = Fact(Act.VIEW_DELETED, _shown(view), {"view": view.pk}, visibility=Visibility.OWN, party=view.party)
    record_change(fact, by=by, at=at)
    view.delete()


def _locked(view: SavedView, by: User) -> SavedView:
    row = SavedView.objects.select_for_update(of=["self"]).select_related("party", "owner__body").get(pk=view.pk)
    if not may_change_view(by, row):
        raise PermissionDenied
    return row


def _check_audience(audience: Audience, by: User) -> None:
    if audience == Audience.PARTY and not may_share_view(by):
        raise ValidationError(_("Only a coordinator shares a view with the whole side."), code="not_yours_to_share")


def _free_slug(name: str, by: User) -> str:
    base = slugify(fold(name))[:50] or "view"
    taken = set(SavedView.objects.filter(party=by.party_id, slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def _shown(view: SavedView) -> dict[str, Any]:
    """What the side's history may say of it: the name only of what is shared."""
    return {"view": view.pk} | ({} if view.audience == Audience.SELF else {"name": view.name})


def _record(act: Act, view: SavedView, before: dict[str, Any], *, by: User, at: datetime) -> None:
    fact = Fact(act, before, _shown(view), visibility=Visibility.OWN, party=view.party)
    record_change(fact, by=by, at=at)
