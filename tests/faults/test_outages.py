"""Days on which nothing ran: what is said is the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commitments.actions.planning import plan_reminders
from commitments.domain.codes import Role
from commitments.models import (
    Absence,
    Assignment,
    Commitment,
    Holiday,
    MailState,
    OutgoingMail,
    Reminder,
    ReminderState,
)
from commitments.queries.invariants import broken_invariants
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 18
EVENTS = ("moved", "other_officer", "day_off", "absence", "closed")


class Ministry:
    """Two officers and what they answer for, which people change at noon and planning reads an hour later."""

    def __init__(self):
        body, statement = make_body("TR"), make_statement()
        self.officers = [make_user(Role.OFFICER, body, time_zone="UTC") for _ in range(2)]
        self.parts = [
            make_assignment(
                make_commitment(statement, due=(START.date() + days * DAY, "day", "set")),
                "TR",
                body,
                officer=self.officers[0],
                update_due_on=START.date() + days // 2 * DAY,
            )
            for days in (4, 11, 33)
        ]

    def change(self, day: date, event: str, place: int, days: int):
        part = self.parts[place]
        if event == "moved":
            Commitment.objects.filter(pk=part.commitment_id).update(due_on=day + (3 + days) * DAY)
        elif event == "other_officer":
            Assignment.objects.filter(pk=part.pk).update(officer=self.officers[days % 2])
        elif event == "day_off":
            Holiday.objects.get_or_create(party=part.party, on=day + days * DAY, defaults={"name": "Day off"})
        elif event == "absence":
            Absence.objects.create(
                person=self.officers[0], begins_on=day, ends_on=day + days * DAY, deputy=self.officers[1]
            )
        else:
            Assignment.objects.filter(pk=part.pk).update(status="done", update_due_on=None)

    def said(self):
        """What people were told, or would have been had it not been overtaken by a later stage that they were told."""
        rows = Reminder.objects.select_related("superseded_by")
        told = [row for row in rows if row.state in (ReminderState.SENT, ReminderState.SUPERSEDED)]
        parts = {part.pk: place for place, part in enumerate(self.parts)}
        people = {person.pk: place for place, person in enumerate(self.officers)}
        return {(parts[row.assignment_id], people[row.person_id], row.kind, row.anchor_on, row.seq) for row in told}


def live_through(events, down):
    """What is said over the days, with planning and sending each day that is not down; rolled back in the end."""
    with transaction.atomic():
        ministry = Ministry()
        for number in range(DAYS + 1):
            at = START + number * DAY
            if number not in down:
                plan_reminders(at + timedelta(hours=1), force=True)
                send_all(at)
            for event in events.get(number, ()):
                ministry.change(at.date(), *event)
        said = ministry.said()
        assert not list(broken_invariants(at + timedelta(hours=1)))
        transaction.set_rollback(True)
    return said


def send_all(at):
    """Mark what waits as sent, as the sender would."""
    for mail in OutgoingMail.objects.filter(state=MailState.PENDING):
        mail.reminders.update(state=ReminderState.SENT)
        mail.state, mail.sent_at, mail.raw = MailState.SENT, at, b"sent"
        mail.save()
        mail.attempts_made.create(number=1, fence=1, started_at=at, ended_at=at, outcome="sent")


events = st.dictionaries(
    st.integers(0, DAYS - 8),
    st.tuples(
        st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=2),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=4,
)
MOVED_BEFORE_FIVE_DARK_DAYS = {0: ([("moved", 0, 2)], 5), 6: ([("other_officer", 1, 1)], 4)}


@pytest.mark.django_db
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@example(days=MOVED_BEFORE_FIVE_DARK_DAYS)
@given(days=events)
def test_outages_change_nothing_of_what_is_said(days):
    """Edits, days off and absences in any order, each followed by days without a planning; then somebody edits again.

    What is edited while nothing runs is out of it: nobody can know afterwards on which of the days that was.
    """
    changes = {day: edits for day, (edits, _dark) in days.items()}
    down = {day + number for day, (_edits, dark) in days.items() for number in range(1, dark + 1)} - set(changes)

    assert live_through(changes, down) == live_through(changes, set())
