"""Planners at once, and a clock that jumps: every reminder is made once, every person gets one mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from commitments.actions.planning import ClockJumpedError, plan_reminders
from commitments.actions.sending import claim_mails
from commitments.domain.delivery import Pace
from commitments.models import OutgoingMail, Reminder
from commitments.queries.invariants import broken_invariants

pytestmark = pytest.mark.faults


def at_once(count, work):
    """The results of so many threads that do the same at the same time, each on a connection of its own."""

    def alone(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))


def test_four_planners_at_once_make_every_reminder_once(people):
    now = timezone.now()

    planned = at_once(4, lambda number: plan_reminders(now))

    assert sum(each.reminders for each in planned if each) == Reminder.objects.count() == 4 * len(people)
    assert OutgoingMail.objects.count() == len(people)
    assert not list(broken_invariants(now))


def test_four_senders_at_once_claim_every_mail_once(people):
    now = timezone.now()
    plan_reminders(now)

    claims = [claim.pk for found in at_once(4, lambda number: claim_mails(now, Pace(), limit=4)) for claim in found]

    assert len(claims) == len(set(claims))
    assert claims


def test_planning_every_minute_for_days_says_nothing_twice(people):
    now = timezone.now()
    plan_reminders(now)
    before = set(Reminder.objects.values_list("pk", flat=True))

    for minute in range(1, 20):
        plan_reminders(now + timedelta(minutes=minute))

    assert set(Reminder.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=365)])
def test_a_clock_that_jumps_plans_nothing(people, jump):
    now = timezone.now()
    plan_reminders(now)
    before = Reminder.objects.count()

    with pytest.raises(ClockJumpedError):
        plan_reminders(now + jump)

    assert Reminder.objects.count() == before
    assert plan_reminders(now + timedelta(minutes=1)).reminders == 0
