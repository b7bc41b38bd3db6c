"""As it stood: looking back at a day shows what a copy taken that day held, whatever was done since."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.actions.assignment import name_officer, set_cadence, set_lead, set_update_dates
from commitments.actions.confirmation import confirm, withdraw_confirmation
from commitments.actions.deadline import decide_date, propose_date, remark_on_date, withdraw_date
from commitments.actions.indicator import NewIndicator, NewMeasurement, add_indicator, add_measurement
from commitments.actions.milestone import (
    MilestoneFacts,
    add_milestone,
    change_milestone,
    drop_milestone,
    finish_milestone,
    reopen_milestone,
)
from commitments.actions.progress import NewEvidence, NewNote, confirm_nothing_new, give_confidence, record_progress
from commitments.actions.takeback import take_back
from commitments.domain.codes import Cadence, Confidence, Precision, Status, Visibility
from commitments.models import (
    Assignment,
    Commitment,
    DateChange,
    Evidence,
    Indicator,
    Milestone,
    ProgressNote,
)
from commitments.queries.commitment_list import list_rows, with_parts
from commitments.queries.past import ADDED, REBUILT, STANDING, looking_back, past_shown
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 2, 1, 9, tzinfo=UTC)
COPIED = [*ADDED, *REBUILT, Evidence, DateChange, Indicator]


class Bench:
    """Two sides with a coordinator, a manager, an officer and two bodies each, over two commitments."""

    def __init__(self):
        statement = make_statement(("TR", "MY"))
        self.commitments = [make_commitment(statement), make_commitment(statement)]
        self.people, self.bodies = {}, {}
        for side in ("TR", "MY"):
            self.bodies[side] = [make_body(side), make_body(side)]
            roles = ("coordinator", "manager", "officer", "officer")
            self.people[side] = [make_user(role, self.bodies[side][0]) for role in roles]
            for commitment in self.commitments:
                lead = self.bodies[side][0]
                part = make_assignment(commitment, side, lead, officer=self.people[side][2], lead_is_suggested=True)
                set_update_dates(part)
                part.save()
        for commitment in self.commitments:
            Indicator.objects.create(commitment=commitment, name="Trade", unit="bn")

    def act(self, choice, at):
        """One real action, chosen by numbers; one that is refused changes nothing."""
        verb, side, which, how, mode = choice
        verbs = [
            self.note, self.note, self.note, self.nothing_new, self.undo, self.confidence, self.officer, self.lead,
            self.cadence, self.propose, self.decide, self.decide, self.withdraw, self.remark, self.confirm,
            self.measure, self.correct, self.milestone, self.milestone, self.move, self.move, self.end,
            self.indicator,
        ]  # fmt: skip
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            verbs[verb % len(verbs)](("TR", "MY")[side], self.commitments[which], how, mode, at)

    def part(self, side, commitment):
        return commitment.assignments.get(party__code=side)

    def note(self, side, commitment, how, mode, at):
        status = list(Status)[how % len(Status)]
        evidence = [NewEvidence("Paper", url="https://example.org/")] if how % 2 or status == Status.DONE else []
        new = NewNote(text=f"Said {how}", status=status, visibility=list(Visibility)[mode], evidence=evidence)
        record_progress(self.part(side, commitment), new, by=self.people[side][0], at=at)

    def nothing_new(self, side, commitment, how, mode, at):
        confirm_nothing_new(self.part(side, commitment), by=self.people[side][0], at=at)

    def undo(self, side, commitment, how, mode, at):
        part = self.part(side, commitment)
        note = part.notes.newest_first().first()
        if note:
            take_back(note, by=self.people[side][0], at=at, version=part.version)

    def confidence(self, side, commitment, how, mode, at):
        confidence, visibility = list(Confidence)[how % len(Confidence)], list(Visibility)[mode]
        give_confidence(self.part(side, commitment), confidence, visibility=visibility, by=self.people[side][0], at=at)

    def officer(self, side, commitment, how, mode, at):
        name_officer(self.part(side, commitment), [None, *self.people[side]][how % 5], by=self.people[side][0], at=at)

    def lead(self, side, commitment, how, mode, at):
        set_lead(self.part(side, commitment), self.bodies[side][how % 2], by=self.people[side][0], at=at)

    def cadence(self, side, commitment, how, mode, at):
        set_cadence(self.part(side, commitment), list(Cadence)[how % len(Cadence)], by=self.people[side][0], at=at)

    def propose(self, side, commitment, how, mode, at):
        day, precision = datetime(2026 + how % 4, 1 + how % 12, 1).date(), list(Precision)[how % len(Precision)]
        person = self.people[side][how % 2]
        propose_date(commitment, day, precision, reason="So", visibility=list(Visibility)[mode], by=person, at=at)

    def decide(self, side, commitment, how, mode, at):
        for change in commitment.date_changes.open().order_by("pk")[:1]:
            decide_date(change, agrees=how % 4 > 0, words="Yes", by=self.people[side][0], at=at)

    def withdraw(self, side, commitment, how, mode, at):
        for change in commitment.date_changes.open().order_by("pk")[:1]:
            withdraw_date(change, by=self.people[side][0], at=at)

    def remark(self, side, commitment, how, mode, at):
        visibility = list(Visibility)[mode]
        remark_on_date(commitment, f"Hm {how}", visibility=visibility, by=self.people[side][0], at=at)

    def confirm(self, side, commitment, how, mode, at):
        (withdraw_confirmation if how % 3 == 0 else confirm)(commitment, by=self.people[side][0], at=at)

    def measure(self, side, commitment, how, mode, at):
        new = NewMeasurement(Decimal(how), datetime(2025, 12, 31).date(), Precision.YEAR, "Ministry")
        add_measurement(commitment.indicators.get(name="Trade"), new, by=self.people[side][0], at=at)

    def correct(self, side, commitment, how, mode, at):
        old = commitment.indicators.get(name="Trade").measurements.filter(party__code=side, corrected_by=None).last()
        new = NewMeasurement(Decimal(how), datetime(2025, 12, 31).date(), Precision.YEAR, "Ministry", corrects=old)
        add_measurement(commitment.indicators.get(name="Trade"), new, by=self.people[side][0], at=at)

    def indicator(self, side, commitment, how, mode, at):
        add_indicator(commitment, NewIndicator(f"Students {how}", "people"), by=self.people[side][0], at=at)

    def milestone(self, side, commitment, how, mode, at):
        add_milestone(self.part(side, commitment), step(how, mode), by=self.people[side][2], at=at)

    def move(self, side, commitment, how, mode, at):
        for row in self.part(side, commitment).milestones.order_by("-pk")[:1]:
            change_milestone(row, step(how, mode), version=row.version, by=self.people[side][0], at=at)

    def end(self, side, commitment, how, mode, at):
        for row in self.part(side, commitment).milestones.order_by("-pk")[:1]:
            if not row.is_open:
                reopen_milestone(row, version=row.version, by=self.people[side][0], at=at)
            elif mode:
                finish_milestone(row, at.date(), version=row.version, by=self.people[side][0], at=at)
            else:
                drop_milestone(row, version=row.version, by=self.people[side][0], at=at)


def step(how, mode):
    day, precision = datetime(2026 + how % 4, 1 + how % 12, 1).date(), list(Precision)[how % len(Precision)]
    return MilestoneFacts(f"Step {how}", day, precision, list(Visibility)[mode])


def copied():
    """Everything that moves or grows, row by row, without the counter that nobody sees."""
    rows = {model: list(model.objects.order_by("pk").values()) for model in COPIED}
    for row in [*rows[Assignment], *rows[Milestone]]:
        del row["version"]
    for row in rows[Commitment]:
        del row["search_text"]
    return rows


def listed(bench, day):
    """The list as each side's officer sees it."""
    rows = Commitment.objects.in_text_order()
    people = [bench.people[side][2] for side in ("TR", "MY")]
    shown = [row for person in people for row in list_rows(with_parts(rows), person, day)]
    steps = [list(Milestone.objects.visible_to(person).values_list("title", "due_on")) for person in people]
    return [*steps, *((row.commitment.due_on, row.status, row.schedule, row.last_word_at) for row in shown)] + [
        (part.assignment.pk, part.confidence, part.last_word_at, part.update_due_on, part.schedule)
        for row in shown
        for part in row.parts
    ]


HOURS = st.one_of(st.just(0), st.integers(0, 40))  # until then
CHOICES = st.tuples(st.integers(0, 22), st.integers(0, 1), st.integers(0, 1), st.integers(0, 23), st.integers(0, 1))
STEPS = st.lists(st.tuples(CHOICES, HOURS), min_size=1, max_size=25)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_a_look_back_shows_what_a_copy_of_that_day_held(db, steps):
    with transaction.atomic():
        bench, at, copies = Bench(), BEGIN, {}
        for choice, hours in steps:
            later = at + timedelta(hours=hours, seconds=1)
            if later.date() > at.date():
                copies[at.date()] = copied(), listed(bench, at.date())
            at = later
            bench.act(choice, at)
        copies[at.date()] = copied(), listed(bench, at.date())
        live = copied()

        for day, (rows, page) in copies.items():
            with looking_back(day, datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)):
                assert copied() == rows
                assert listed(bench, day) == page
        with looking_back(at.date() + timedelta(days=1)):
            assert copied() == live
        assert copied() == live
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", list(REBUILT))
def test_every_column_is_known_to_move_or_to_stand_still(model):
    columns = {field.attname for field in model._meta.concrete_fields}

    assert REBUILT[model] | STANDING[model] == columns
    assert not REBUILT[model] & STANDING[model]


def test_nothing_is_written_while_looking_back():
    bench = Bench()

    with looking_back(BEGIN.date()), pytest.raises(RuntimeError, match="nothing is written"):
        bench.note("TR", bench.commitments[0], 1, 0, BEGIN)

    assert past_shown() is None
    assert not ProgressNote.objects.exists()


def test_a_statement_adopted_later_is_not_there_yet():
    commitment = make_commitment(make_statement(adopted_on=BEGIN.date()))

    with looking_back(BEGIN.date() - timedelta(days=1)):
        assert not Commitment.objects.filter(pk=commitment.pk).exists()
    with looking_back(BEGIN.date()):
        assert Commitment.objects.filter(pk=commitment.pk).exists()
