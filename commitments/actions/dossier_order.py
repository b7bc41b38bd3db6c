"""Large dossiers: a person orders one, a worker claims it, makes it outside any transaction, and keeps the file.

A claim has a fence and a lease. Each sign of progress renews the lease; what a dead worker leaves behind is taken up
when its lease is over, once; after that the order has failed.
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commitments.exchange.dossier_file import MAKERS, Asked, asked_for, file_name
from commitments.models.dossier_order import OPEN, DossierOrder, OrderFault, OrderState
from commitments.models.person import User
from commitments.models.statement import Statement
from commitments.queries.dossier import Dossier
from commitments.queries.past import looking_back, past_shown

LEASE = timedelta(minutes=5)  # longer than the pages of the largest PDF take to set, which tells nothing meanwhile
CLAIMS = 2  # times that an order is begun
MOST_OPEN = 3  # orders of one person at a time
TWICE = timedelta(minutes=1)  # asked again so soon, it is a double click
BETWEEN = timedelta(seconds=1)  # two signs of progress
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class NotOursError(Exception):
    """The order was cancelled, or another worker has taken it up."""


class RefusedError(Exception):
    """What was asked for cannot be made for this person any more."""

    def __init__(self, fault: OrderFault) -> None:
        super().__init__(fault)
        self.fault = fault


@transaction.atomic
def order_dossier(asked: Asked, *, by: User, at: datetime) -> DossierOrder:
    """Leave a row for a worker; the same asked again while it is open, or within a minute, is the same order.

    Code of refusal: too_many.
    """
    if by != asked.person or not Statement.objects.visible_to(by).filter(pk=asked.statement.pk).exists():
        raise PermissionDenied
    User.objects.select_for_update(of=["self"]).only("pk").get(pk=by.pk)  # two clicks take turns
    rows = DossierOrder.objects.to_show().filter(by=by)
    same = rows.filter(key=asked.key)
    if twice := same.open().first() or same.filter(state=OrderState.READY, ordered_at__gt=at - TWICE).first():
        return twice
    if rows.open().count() >= MOST_OPEN:
        raise ValidationError(_("You have three dossiers being made already: wait for one of them."), code="too_many")
    past = past_shown()
    return DossierOrder.objects.create(
        statement=asked.statement,
        edition=asked.edition,
        by=by,
        query=asked.query,
        key=asked.key,
        as_of=past.day if past else None,
        time_zone=timezone.get_current_timezone_name(),
        format=asked.format,
        language=asked.language,
        scope=asked.scope,
        total=asked.size(),
        ordered_at=at,
        kept_until=at + timedelta(days=settings.DOSSIER_KEPT_DAYS),
    )


@transaction.atomic
def cancel_order(order: DossierOrder, *, by: User, at: datetime) -> None:
    """End an order that is open; a worker that is making it stops at its next sign of progress."""
    row = DossierOrder.objects.to_show().select_for_update(of=["self"]).get(pk=order.pk)
    if row.by_id != by.pk:
        raise PermissionDenied
    if row.is_open:
        _end(row, OrderState.CANCELLED, at)


@dataclass(frozen=True, slots=True)
class Claim:
    pk: int
    fence: int


def make_next(clock: Clock) -> bool:
    """Make the order that waits longest; False where none does."""
    claim = claim_order(clock())
    if claim is None:
        return False
    is_over = False
    try:
        _make(claim, clock)
        is_over = True
    except NotOursError:
        is_over = True
        log.info("Dossier %d is not made any more", claim.pk)
    finally:
        if not is_over:
            _give_back(claim, clock())
    return True


@transaction.atomic
def claim_order(now: datetime) -> Claim | None:
    """Two workers never hold the same order."""
    rows = DossierOrder.objects.claimable().select_for_update(skip_locked=True)
    found = rows.values_list("pk", "fence").first()
    if found is None:
        return None
    claim = Claim(found[0], found[1] + 1)
    DossierOrder.objects.filter(pk=claim.pk).update(
        state=OrderState.MAKING, fence=F("fence") + 1, lease_until=now + LEASE, begun_at=now, done=0
    )
    return claim


def _make(claim: Claim, clock: Clock) -> None:
    row = DossierOrder.objects.to_show().select_related("statement", "by__body__party").get(pk=claim.pk)
    try:
        with translation.override(row.language), timezone.override(ZoneInfo(row.time_zone)):
            made = _content(row, clock())
            maker, _media_type = MAKERS[row.format]
            content = maker(made, Progress(claim, clock, len(made.promises)).tell)
    except RefusedError as refusal:
        _finish(claim, clock(), state=OrderState.FAILED, fault=refusal.fault)
        return
    _finish(
        claim,
        clock(),
        state=OrderState.READY,
        name=file_name(made, row.format),
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        kept_until=clock() + timedelta(days=settings.DOSSIER_KEPT_DAYS),
    )


def _content(row: DossierOrder, now: datetime) -> Dossier:
    """What the file holds, read as the person may read it now; the look back is over before the file is made."""
    if not row.by.is_active or not DossierOrder.objects.visible_to(row.by).filter(pk=row.pk).exists():
        raise RefusedError(OrderFault.NOT_ALLOWED)
    with looking_back(row.as_of) if row.as_of else nullcontext() as past:
        at = past.last_moment if past else now
        today = at.astimezone(timezone.get_current_timezone()).date()
        asked = asked_for(QueryDict(row.query), row.statement, row.by, today=today, language=row.language)
        if not asked.is_valid or asked.edition != row.edition:
            raise RefusedError(OrderFault.NOTHING_LEFT)
        return asked.made(at=at, today=today)


class Progress:
    """Notes how far the making is, at most once a second and at the end; each note renews the lease."""

    def __init__(self, claim: Claim, clock: Clock, total: int) -> None:
        self.claim, self.clock, self.total = claim, clock, total
        self.told_at: datetime | None = None

    def tell(self, done: int) -> None:
        """Raises NotOursError once the order is not ours any more."""
        now = self.clock()
        if self.told_at and now - self.told_at < BETWEEN and done < self.total:
            return
        self.told_at = now
        if not _ours(self.claim).update(done=done, total=self.total, lease_until=now + LEASE):
            raise NotOursError


def _ours(claim: Claim) -> QuerySet[DossierOrder]:
    return DossierOrder.objects.filter(pk=claim.pk, fence=claim.fence, state=OrderState.MAKING)


def _finish(claim: Claim, at: datetime, **values: object) -> None:
    if not _ours(claim).update(ended_at=at, lease_until=None, **values):
        raise NotOursError


def _give_back(claim: Claim, now: datetime) -> None:
    """What broke is looked at by the next sweep, without waiting for the lease to end."""
    _ours(claim).update(lease_until=now - LEASE)


def _end(row: DossierOrder, state: OrderState, at: datetime, fault: OrderFault | str = "") -> None:
    row.state, row.fault, row.ended_at, row.lease_until = state, fault, at, None
    row.save(update_fields=["state", "fault", "ended_at", "lease_until"])


@transaction.atomic
def sweep_orders(now: datetime) -> int:
    """Take up what dead workers left: once more from the beginning, then no more. Gives how many there were."""
    rows = list(DossierOrder.objects.to_show().abandoned(now).select_for_update(skip_locked=True, of=["self"]))
    for row in rows:
        if row.fence >= CLAIMS:
            _end(row, OrderState.FAILED, now, OrderFault.STOPPED)
        else:
            row.state, row.lease_until, row.done = OrderState.WAITING, None, 0
            row.save(update_fields=["state", "lease_until", "done"])
    return len(rows)


def remove_expired(now: datetime) -> int:
    """Delete orders, files included, that are kept no longer; what is being made stays."""
    rows = DossierOrder.objects.expired(now).exclude(state__in=OPEN)
    return rows.delete()[0]
