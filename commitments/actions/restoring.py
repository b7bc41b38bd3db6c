"""After a backup was restored: what may have been sent since it was made is held for a person to decide.

The restored database cannot know what went out in the days that it lost. So those days are planned once more, one
after the other, and every mail that they bring stays in the ledger, neither sent twice nor lost.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import prepare
from commitments.actions.sending import claim_mails
from commitments.domain.delivery import Outcome, Pace, Phase
from commitments.models import many
from commitments.models.draft import DraftNotice
from commitments.models.outbox import OPEN_STATES, RESTORED, MailAttempt, MailState, OutgoingMail
from commitments.models.reminder import PlannerState

DAY = timedelta(days=1)
PERHAPS_SENT = [*OPEN_STATES, MailState.SENDING]


@transaction.atomic
def hold_after_restore(now: datetime, pace: Pace = Pace()) -> int:  # noqa: B008 (frozen)
    """Hold every mail that may have gone out between the backup and now; gives how many are held.

    To be done before anything is planned or sent. Raises ValidationError(code="under_way") where something is.
    """
    _hold_begun(now)
    DraftNotice.objects.unsent().update(refusal=RESTORED)
    for moment in _lost_days(now):
        if plan_reminders(moment, force=True) is None:
            raise ValidationError(_("Another planning is under way; try again in a minute."), code="under_way")
        _hold_new(moment, pace)
    return OutgoingMail.objects.held_after_restore().count()


@transaction.atomic
def release_after_restore(now: datetime) -> int:
    """Let all that is held after a restore go out after all; gives how many mails."""
    DraftNotice.objects.filter(refusal=RESTORED).update(refusal="")
    return OutgoingMail.objects.held_after_restore().update(state=MailState.UNCERTAIN, available_at=now)


def _lost_days(now: datetime) -> Iterator[datetime]:
    """A moment on each day since the last planning that the database knows of, the last of them now."""
    last = PlannerState.objects.get(pk=1).last_ok_at or now
    for days in range(max((now - last) // DAY, 0), -1, -1):
        yield now - days * DAY


def _hold_begun(now: datetime) -> None:
    """What the backup has in bytes may be on the way already: it is held as these bytes.

    What is not written yet waits, and is held with the first day.
    """
    MailAttempt.objects.filter(ended_at=None).update(
        ended_at=now, phase=Phase.DOT, outcome=Outcome.UNCERTAIN, words="the database was restored"
    )
    mails = OutgoingMail.objects.filter(state__in=PERHAPS_SENT)
    mails.filter(raw=None).update(state=MailState.PENDING, lease_until=None, available_at=F("created_at"))
    mails.filter(raw__isnull=False, uncertain_resends=0).update(uncertain_resends=1)  # not to be written anew
    mails.filter(raw__isnull=False).update(state=MailState.HELD, lease_until=None, last_code=RESTORED, last_words="")


def _hold_new(now: datetime, pace: Pace) -> None:
    """Write what was planned, a few at once, and hold it; when it is released it is looked at and written once more."""
    while claims := claim_mails(now, pace, limit=pace.at_once):
        mails = [ready.mail for ready in prepare(claims, now)]
        for mail in mails:
            mail.state, mail.lease_until, mail.last_code = MailState.HELD, None, RESTORED
        many.save(mails, "state", "lease_until", "last_code", "address", "subject", "raw")
