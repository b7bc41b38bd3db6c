"""An earlier commitment that a new statement repeats is offered, answered by a person, and published so."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from commitments.actions.draft import Head, set_head
from commitments.actions.draft_continues import answer_earlier
from commitments.actions.draft_proposals import accept_proposal, refuse_proposal
from commitments.actions.publishing import publish_draft
from commitments.models import Commitment
from commitments.models.draft import Continuing
from commitments.queries.draft import missing_in
from tests.drafts import accept_all, make_coordinator, make_draft, make_parties
from tests.make import AT

pytestmark = pytest.mark.django_db

EARLIER = """Joint Statement of Türkiye and Azerbaijan

Baku, 3 March 2024

1. The two sides agreed to raise bilateral trade to USD 15 billion by 2027.

2. They decided to open a joint university in Baku.
"""
LATER = """Joint Statement of Türkiye and Azerbaijan

Ankara, 4 May 2026

1. They reaffirmed the target of raising bilateral trade to USD 15 billion.

2. They agreed to protect the sturgeon of the Caspian Sea.
"""


@pytest.fixture
def us():
    return make_coordinator("TR")


@pytest.fixture
def earlier(us):
    return publish(make_draft(us, text=EARLIER), us)


@pytest.fixture
def draft(us, earlier):
    return make_draft(us, text=LATER)


def publish(draft, by):
    accept_all(draft, by)
    return publish_draft(draft, by=by, at=AT)


def about(draft, number):
    return draft.proposals.get(part__number=number)


def answer(proposal, said, by):
    answer_earlier(proposal, said, version=proposal.version, by=by, at=AT)
    proposal.refresh_from_db()


def test_what_repeats_an_earlier_commitment_is_offered_and_nothing_else(draft, earlier):
    assert about(draft, "1").continues == earlier.commitments.get(ref="1.1")
    assert about(draft, "2").continues is None
    assert {row.continuing for row in draft.proposals.all()} == {Continuing.OFFERED}


def test_what_is_confirmed_is_published_and_what_is_not_is_left(draft, us):
    answer(about(draft, "1"), Continuing.TAKEN, us)

    statement = publish(draft, us)

    carried = {row.ref: row.continues and row.continues.ref for row in statement.commitments.all()}
    assert carried == {"1.1": "1.1", "2.1": None}


@pytest.mark.parametrize("said", [None, Continuing.REFUSED])
def test_an_offer_that_nobody_confirmed_is_not_published(draft, us, said):
    if said:
        answer(about(draft, "1"), said, us)

    publish(draft, us)

    assert not Commitment.objects.filter(continues__isnull=False).exists()


def test_an_open_offer_is_pointed_out_and_does_not_hold_publishing_up(draft, us):
    accept_all(draft, us)

    told = [(each.code, each.must) for each in missing_in(draft) if each.code == "continues_open"]

    assert told == [("continues_open", False)]
    answer(about(draft, "1"), Continuing.REFUSED, us)
    assert "continues_open" not in [each.code for each in missing_in(draft)]


def test_an_answer_can_be_changed_and_a_stale_one_is_refused(draft, us):
    proposal = about(draft, "1")
    answer(proposal, Continuing.TAKEN, us)
    answer(proposal, Continuing.OFFERED, us)

    with pytest.raises(ValidationError) as refusal:
        answer_earlier(proposal, Continuing.TAKEN, version=0, by=us, at=AT)

    assert refusal.value.code == "conflict"
    assert about(draft, "1").continuing == Continuing.OFFERED


def test_nothing_is_said_to_carry_on_what_was_not_offered_or_was_refused(draft, us):
    refuse_proposal(about(draft, "1"), "no", version=0, by=us, at=AT)

    codes = []
    for number in ("1", "2"):
        with pytest.raises(ValidationError) as refusal:
            answer(about(draft, number), Continuing.TAKEN, us)
        codes.append(refusal.value.code)

    assert codes == ["conflict", "no_earlier"]


def test_only_statements_of_the_same_parties_are_carried_on(draft, us):
    (malaysia,) = make_parties("MY")
    parties = [*draft.parties.all(), malaysia]
    head = Head("T", "S", "", date(2026, 5, 4), None, "", "en", parties)

    set_head(draft, head, version=0, by=us, at=AT)

    assert about(draft, "1").continues is None


def test_a_later_statement_is_not_carried_on(draft, us):
    head = Head("T", "S", "", date(2023, 1, 1), None, "", "en", list(draft.parties.all()))

    set_head(draft, head, version=0, by=us, at=AT)

    assert about(draft, "1").continues is None


def test_of_several_that_are_alike_the_newest_is_carried_on(draft, us, earlier):
    proposal = about(draft, "1")
    accept_proposal(proposal, version=0, by=us, at=AT)
    answer(about(draft, "1"), Continuing.TAKEN, us)
    publish(draft, us)

    third = make_draft(us, text=LATER.replace("2026", "2027").replace("sturgeon", "seals"))

    assert about(third, "1").continues.statement.adopted_on == date(2026, 5, 4)
