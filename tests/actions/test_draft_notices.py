"""A side that is asked to agree to a draft is told by mail, once each coordinator, and the answer comes back so."""

from datetime import timedelta

import pytest
from django.core import mail

from commitments.actions.draft_agreement import answer_draft, ask_side, stop_asking
from commitments.actions.draft_notices import send_draft_notices
from commitments.actions.restoring import hold_after_restore, release_after_restore
from commitments.domain.codes import Role
from commitments.models import DraftNotice, SuppressedAddress
from tests.drafts import make_coordinator, make_draft, make_parties
from tests.make import AT, make_user

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def us():
    return make_coordinator("TR")


@pytest.fixture
def them():
    make_parties("AZ")
    return make_coordinator("AZ")


@pytest.fixture
def draft(us, them):
    return make_draft(us)


def ask(draft, us, them, at=AT):
    ask_side(draft, them.body.party, by=us, at=at)
    return draft.agreements.get(party=them.body.party)


def told():
    return sorted((address, each.subject) for each in mail.outbox for address in each.to)


def test_each_coordinator_of_the_side_is_told_once(draft, us, them):
    second = make_user(Role.COORDINATOR, them.body)
    make_user(Role.MANAGER, them.body)
    ask(draft, us, them)

    assert [send_draft_notices(at=AT), send_draft_notices(at=LATER)] == [2, 0]
    assert [address for address, _subject in told()] == sorted([them.email, second.email])


def test_the_mail_leads_to_the_draft_and_says_nothing_of_its_text(draft, us, them):
    ask(draft, us, them)
    send_draft_notices(at=AT)

    (sent,) = mail.outbox
    assert f"/drafts/{draft.pk}/publish/" in sent.body
    assert str(us) in sent.body
    assert not any(part.text[:30] in sent.body for part in draft.parts.filter(role="paragraph"))


def test_the_answer_comes_back_to_those_who_asked(draft, us, them):
    agreement = ask(draft, us, them)
    send_draft_notices(at=AT)

    answer_draft(agreement, agrees=False, words="Not so.", version=draft.version, by=them, at=LATER)
    send_draft_notices(at=LATER)

    address, subject = told()[-1] if told()[-1][0] == us.email else told()[0]
    assert (address, "not agree" in subject) == (us.email, True)
    assert "Not so." not in mail.outbox[-1].body


def test_asked_anew_a_side_is_told_anew_and_what_waited_is_not_sent_twice(draft, us, them):
    ask(draft, us, them)
    ask(draft, us, them, at=LATER)

    assert send_draft_notices(at=LATER) == 1

    ask(draft, us, them, at=LATER + timedelta(days=1))
    assert send_draft_notices(at=LATER + timedelta(days=1)) == 1


def test_a_question_that_is_taken_back_is_not_mailed(draft, us, them):
    ask(draft, us, them)
    stop_asking(draft, them.body.party, by=us, at=AT)

    assert send_draft_notices(at=LATER) == 0
    assert not DraftNotice.objects.exists()


def test_an_address_that_bounces_is_not_written_to(draft, us, them):
    SuppressedAddress.objects.create(address=them.email, since=AT, words="unknown")
    ask(draft, us, them)

    assert send_draft_notices(at=AT) == 0


def test_after_a_restore_nothing_is_sent_that_may_have_been_sent_before(draft, us, them):
    ask(draft, us, them)
    hold_after_restore(LATER)

    assert send_draft_notices(at=LATER) == 0

    release_after_restore(LATER)
    assert send_draft_notices(at=LATER) == 1


def test_each_reads_it_in_their_own_language(draft, us, them):
    them.language = "tr"
    them.save()
    ask(draft, us, them)
    send_draft_notices(at=AT)

    assert mail.outbox[0].body.startswith("Sayın")
