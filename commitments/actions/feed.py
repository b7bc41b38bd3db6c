"""The secret addresses of feeds: made, made anew (the old one ends), ended."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from commitments.actions.history import Fact, record_changes
from commitments.models.feed import FeedAddress, FeedKind, new_nonce
from commitments.models.history import Act
from commitments.models.person import User
from commitments.models.savedview import SavedView
from commitments.models.words import Visibility


@transaction.atomic
def make_feed(person: User, view: SavedView | None, *, at: datetime) -> FeedAddress:
    """The person's own feed: of the calendar, or of the changes in a saved view. An address that was there ends."""
    if view and not SavedView.objects.visible_to(person).filter(pk=view.pk).exists():
        raise PermissionDenied
    kind = FeedKind.CHANGES if view else FeedKind.CALENDAR
    fresh = {"kind": kind, "nonce": new_nonce(), "made_at": at}
    feed, _made = FeedAddress.objects.update_or_create(person=person, view=view, defaults=fresh)
    record_changes([_fact(Act.FEED_MADE, feed)], by=person, at=at)
    return feed


@transaction.atomic
def end_feed(feed: FeedAddress, *, by: User, at: datetime) -> None:
    """Nobody can fetch it any more."""
    if feed.person_id != by.pk:
        raise PermissionDenied
    record_changes([_fact(Act.FEED_ENDED, feed)], by=by, at=at)
    feed.delete()


def _fact(act: Act, feed: FeedAddress) -> Fact:
    after = {"feed": feed.kind, **({"view": feed.view.name} if feed.view else {})}
    return Fact(act, {}, after, visibility=Visibility.OWN, party=feed.person.body.party if feed.person.body else None)
