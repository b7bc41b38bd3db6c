"""One click in a mail program stops a digest, and nothing else can be done with the link (RFC 8058)."""

import email
import email.policy
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from commitments.actions.people import deactivate
from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import prepare
from commitments.actions.sending import begin, claim_mails
from commitments.domain.codes import Role
from commitments.domain.delivery import Pace
from commitments.mail.unsubscribing import SIGNER
from commitments.models import Absence, Act, Change, OutgoingMail, ReminderPreference
from tests.make import make_assignment, make_body, make_user

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def manager():
    return make_user(Role.MANAGER, make_body("TR", "TR-MOT"))


def digest_mail(at=MONDAY):
    """The mail with the digest, as it goes out."""
    plan_reminders(at)
    (ready,) = prepare(claim_mails(at, Pace(), limit=1), at)
    begin(ready, at, Pace())
    return email.message_from_bytes(ready.mail.raw, policy=email.policy.default)


def link(mail):
    return urlsplit(str(mail["List-Unsubscribe"]).strip(" <>")).path


def mail_program():
    """No session, no cookie, no token of a page."""
    return Client(enforce_csrf_checks=True)


def test_a_digest_carries_both_heads(manager, settings):
    settings.SITE_URL = "https://tracker.example.org"

    mail = digest_mail()

    assert str(mail["List-Unsubscribe"]).strip().startswith("<https://tracker.example.org/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_written_again_has_the_same_link(manager):
    first = digest_mail()
    OutgoingMail.objects.update(state="retry", lease_until=None)

    assert digest_mail(MONDAY + timedelta(minutes=5))["List-Unsubscribe"] == first["List-Unsubscribe"]


def test_a_mail_without_a_digest_of_ones_own_has_none(manager):
    deputy = make_user(Role.OFFICER, manager.body)
    Absence.objects.create(person=manager, begins_on=MONDAY.date(), ends_on=MONDAY.date(), deputy=deputy)

    mail = digest_mail()

    assert OutgoingMail.objects.get().recipient == deputy
    assert mail["List-Unsubscribe"] is None


def test_following_the_link_changes_nothing(manager):
    page = mail_program().get(link(digest_mail()))

    assert page.status_code == 200
    assert "Stop the weekly digest?" in page.content.decode()
    assert not ReminderPreference.objects.exists()


def test_one_click_stops_the_digest_alone_and_once(manager):
    address = link(digest_mail())

    for _ in range(3):
        assert mail_program().post(address, ONE_CLICK).status_code == 200

    row = ReminderPreference.objects.get()
    assert (row.person, row.kinds_off, row.version) == (manager, ["body_digest"], 1)
    change = Change.objects.get(act=Act.REMINDERS_CHOSEN)
    assert (change.by, change.party_id, change.visibility) == (None, manager.party_id, "own")
    assert plan_reminders(MONDAY + timedelta(days=7)).reminders == 0


def test_what_was_chosen_before_stays(manager):
    ReminderPreference.objects.create(person=manager, hour=15, kinds_off=["overdue"])

    mail_program().post(link(digest_mail(MONDAY + timedelta(hours=4))), ONE_CLICK)

    row = ReminderPreference.objects.get()
    assert (row.hour, row.kinds_off) == (15, ["body_digest", "overdue"])


@pytest.mark.parametrize("forge", [lambda good: good[:-2], lambda good: "forged", lambda good: "eyJ." + good])
def test_a_forged_link_does_nothing(manager, forge):
    good = link(digest_mail()).removesuffix("/").rpartition("/")[2]

    assert mail_program().post(f"/unsubscribe/{forge(good)}/", ONE_CLICK).status_code == 404
    assert not ReminderPreference.objects.exists()


def test_a_link_signed_for_another_kind_stops_no_reminder(manager):
    digest_mail()
    signed = SIGNER.sign_object([str(OutgoingMail.objects.get().pk), "overdue"])

    mail_program().post(f"/unsubscribe/{signed}/", ONE_CLICK)

    assert not ReminderPreference.objects.exists()


def test_the_link_of_a_closed_account_has_ended(manager):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    mail = digest_mail()
    recipient = OutgoingMail.objects.exclude(raw=None).get().recipient
    if recipient == coordinator:
        make_user(Role.COORDINATOR, make_body("TR"))
    deactivate(recipient, by=make_user(Role.COORDINATOR, make_body("TR")), at=MONDAY)

    assert mail_program().post(link(mail), ONE_CLICK).status_code == 404


def test_whoever_else_reads_the_mail_in_the_ledger_is_not_shown_the_link(manager):
    digest_mail()
    coordinator = Client()
    coordinator.force_login(make_user(Role.COORDINATOR, make_body("TR")))

    page = coordinator.get(f"/reminders/mails/{OutgoingMail.objects.get().pk}/").content.decode()

    assert "Message-ID" in page
    assert "/unsubscribe/" not in page


def test_every_mail_says_where_to_change_it(manager):
    make_assignment(party="TR", lead=manager.body)

    assert "/settings/reminders/" in digest_mail().get_body(("plain",)).get_content()
