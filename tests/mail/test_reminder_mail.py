"""The mail as its reader gets it: text and HTML, grouped, threaded, in the reader's language and zone."""

import email
import email.policy
import re
from datetime import timedelta

import pytest

from commitments.actions.planning import plan_reminders
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role
from commitments.mail.reminder_mail import compose
from commitments.models import OutgoingMail
from commitments.queries.mailing import letter
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


def due_in(officer, days, statement=None, **fields):
    commitment = make_commitment(statement, due=(TODAY + days * DAY, "day", "set"), **fields)
    return make_assignment(commitment, "TR", officer.body, officer=officer)


def mail_to(person, at=AT):
    """Plan, and open the mail that the person would get."""
    plan_reminders(at)
    mail = OutgoingMail.objects.filter(recipient=person).latest("day")
    rows = mail.reminders.select_related("person", "assignment__party", "assignment__commitment__statement")
    composed = compose(letter(mail, list(rows), at), address=person.email, at=at)
    return email.message_from_bytes(composed.raw, policy=email.policy.default)


def text(mail):
    return mail.get_body(("plain",)).get_content()


def html(mail):
    return mail.get_body(("html",)).get_content()


def test_it_names_paragraph_commitment_date_and_link(officer, settings):
    settings.SITE_URL = "https://tracker.example.org"
    part = due_in(officer, 7)

    mail = mail_to(officer)

    link = f"https://tracker.example.org/statements/{part.commitment.statement.slug}/1.1/#note"
    for version in (text(mail), html(mail)):
        assert "Expand trade" in version
        assert "Paragraph 1 of" in version
        assert "Due on 1 December 2026, 7 days left." in version
        assert link in version
    assert part.commitment.quote in text(mail)
    assert mail["Subject"] == "1.1 Expand trade: Due on 1 December 2026, 7 days left"


def test_its_headers_ask_for_no_automatic_answer_and_thread_by_commitment(officer):
    part = due_in(officer, 7)

    mail = mail_to(officer)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Message-ID"] == OutgoingMail.objects.get().message_id
    assert f"commitment-{part.commitment_id}.{officer.pk}." in mail["References"]
    later = mail_to(officer, AT + 6 * DAY)
    assert later["References"] == mail["References"]


def test_many_are_grouped_most_urgent_first_and_none_is_repeated(officer):
    statement = make_statement()
    for days in (30, 7, 0, -7):
        due_in(officer, days, statement)
    make_assignment(make_commitment(statement), "TR", officer.body, officer=officer, update_due_on=TODAY)

    mail = mail_to(officer)

    assert mail["Subject"] == "1 on its last day, 1 overdue, 2 deadlines ahead, 1 update due"
    headings = re.findall(r"^(.+)\n-+$", text(mail), re.MULTILINE)
    assert headings == ["The last day", "Overdue", "Deadline ahead", "Update due"]
    refs = re.findall(r"^(\d+\.\d+)  ", text(mail), re.MULTILINE)
    assert sorted(refs) == sorted(set(refs))
    assert len(refs) == 5


def test_it_is_in_the_readers_language(officer):
    officer.language = "tr"
    officer.save()
    due_in(officer, 7)

    mail = mail_to(officer)

    assert "1 Aralık 2026" in text(mail)
    assert '<html lang="tr">' in html(mail)


def test_what_people_wrote_cannot_become_markup(officer):
    due_in(officer, 7, title="<script>alert(1)</script>")

    mail = mail_to(officer)

    assert "<script>" not in html(mail)
    assert "&lt;script&gt;" in html(mail)


def test_an_outage_is_owned_up_to(officer):
    plan_reminders(AT)
    due_in(officer, 8)

    mail = mail_to(officer, AT + 3 * DAY)

    assert "This should have reached you on 25 November 2026." in text(mail)


def test_the_other_sides_shared_note_is_quoted_and_its_own_is_nowhere(officer, body):
    commitment = make_commitment()
    make_assignment(commitment, "TR", body, officer=officer)
    writer = make_user(Role.OFFICER, make_body("MY"))
    theirs = make_assignment(commitment, "MY", writer.body, officer=writer)
    record_progress(theirs, NewNote(text="We have met."), by=writer, at=AT - timedelta(hours=2))
    record_progress(theirs, NewNote(text="SECRET", visibility="own"), by=writer, at=AT - timedelta(hours=1))

    mail = mail_to(officer)

    assert "Malaysia wrote: We have met." in text(mail)
    assert "SECRET" not in mail.as_string()


def test_a_digest_counts_the_body(officer, body):
    manager = make_user(Role.MANAGER, body)
    due_in(officer, -40)
    due_in(officer, 20)

    mail = mail_to(manager, AT + 6 * DAY)

    assert "Commitments: 2" in text(mail)
    assert "Overdue: 1" in text(mail)
    assert "Due on 14 December 2026, 14 days left." in text(mail)
