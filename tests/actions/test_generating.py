from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from commitments.actions.generating import Plan, generate
from commitments.actions.history import broken_links
from commitments.actions.statement import altered_texts
from commitments.models import Assignment, Body, Change, Commitment, Party, ProgressNote, Statement, User

pytestmark = pytest.mark.django_db
PLAN = Plan(commitments=400, notes=5, seed=7, today=date(2026, 11, 24))


def rows():
    commitments = Commitment.objects.order_by("statement__slug", "position")
    notes = ProgressNote.objects.order_by("pk")
    return (
        list(commitments.values_list("statement__slug", "ref", "title", "kind", "strength", "due_on", "start", "end")),
        list(notes.values_list("text", "visibility", "written_at")),
    )


def test_as_many_are_made_as_are_asked_for_in_realistic_shares():
    assert list(generate(PLAN))[-1] == 400

    assert Commitment.objects.count() == 400
    assert Assignment.objects.count() == 800
    assert Party.objects.count() == 40
    assert Body.objects.count() == 300
    assert User.objects.count() == 2000
    sizes = [statement.commitments.count() for statement in Statement.objects.order_by("pk")]
    assert all(10 <= size <= 120 for size in sizes[:-1])
    assert 0.1 < ProgressNote.objects.count() / 5 / Assignment.objects.count() < 0.3
    assert Change.objects.count() == ProgressNote.objects.count()


def test_texts_spans_and_history_are_sound():
    list(generate(PLAN))

    assert list(altered_texts()) == []
    assert list(broken_links()) == []


def test_the_same_seed_makes_the_same_rows_and_another_seed_others():
    with transaction.atomic():
        list(generate(PLAN))
        first = rows()
        transaction.set_rollback(True)

    list(generate(PLAN))
    again = rows()
    list(generate(Plan(commitments=400, notes=5, seed=8, today=PLAN.today)))

    assert again == first
    assert [row[2:] for row in rows()[0][400:]] != [row[2:] for row in first[0]]


def test_a_seed_is_taken_once():
    call_command("generate", commitments=12, seed=3, verbosity=0)

    with pytest.raises(CommandError, match="choose another seed"):
        call_command("generate", commitments=12, seed=3, verbosity=0)
