"""Builders of rows for tests: each makes what it needs, and takes what the test is about."""

from datetime import UTC, date, datetime
from itertools import count

from django.core.mail import EmailMultiAlternatives

from commitments.domain.codes import Role, Status
from commitments.domain.text import search_words, sha256, statement_digest
from commitments.models import (
    Adoption,
    Assignment,
    Body,
    Commitment,
    MailAttempt,
    MailState,
    OutgoingMail,
    Paragraph,
    Party,
    Section,
    Statement,
    User,
)

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = AT.date()
PARTIES = {
    "TR": {"name": "Türkiye", "names": {"tr": "Türkiye"}, "language": "tr", "time_zone": "Europe/Istanbul"},
    "MY": {"name": "Malaysia", "names": {"tr": "Malezya"}, "language": "ms", "time_zone": "Asia/Kuala_Lumpur"},
}
HOLIDAYS = {"TR": "TR", "MY": "MY-16"}
TEXT = "The Leaders agreed to expand trade. They instructed the Ministers to meet by the end of 2026."
numbers = count(1)


def make_party(code="TR", **fields):
    defaults = {**PARTIES.get(code, {"name": code}), "holiday_country": HOLIDAYS.get(code, "")}
    return Party.objects.get_or_create(code=code, defaults={**defaults, **fields})[0]


def make_body(party="TR", code=None, **fields):
    party = make_party(party) if isinstance(party, str) else party
    code = code or f"{party.code}-B{next(numbers)}"
    names = {"short": code, "name_en": f"Ministry {code}", "name_own": f"Bakanlık {code}"}
    return Body.objects.get_or_create(code=code, defaults={"party": party, **names, **fields})[0]


def make_user(role=Role.OFFICER, body=None, **fields):
    number = next(numbers)
    defaults = {"email": f"person{number}@example.org", "name": f"Person {number}"}
    return User.objects.create_user(
        password=fields.pop("password", None), role=role, body=body or make_body(), **{**defaults, **fields}
    )


def make_statement(parties=("TR", "MY"), text=TEXT, locked=True, **fields):
    """A statement of one section and one paragraph."""
    number = next(numbers)
    defaults = {
        "slug": f"statement-{number}",
        "title": f"Joint Statement {number}",
        "short_title": f"Statement {number}",
        "place": "Ankara",
        "adopted_on": date(2026, 1, 7),
        "text": f"1. {text}",
        "sha256": sha256(f"1. {text}"),
        "structure_sha256": statement_digest([("Trade", "1", text)]),
        "locked_at": datetime(2026, 1, 11, tzinfo=UTC) if locked else None,
    }
    statement = Statement.objects.create(**{**defaults, **fields})
    for position, party in enumerate(parties):
        Adoption.objects.create(statement=statement, party=make_party(party), position=position)
    section = Section.objects.create(statement=statement, position=0, heading="Trade", short_heading="Trade")
    Paragraph.objects.create(
        statement=statement, section=section, position=1, number="1", text=text, sha256=sha256(text)
    )
    return statement


def make_commitment(statement=None, due=None, **fields):
    """A commitment over the first words of the statement's paragraph; `due` is (date, precision, basis)."""
    statement = statement or make_statement()
    paragraph = statement.paragraphs.first()
    place = statement.commitments.count() + 1
    due_on, precision, basis = due or (None, None, None)
    defaults = {
        "ref": f"1.{place}",
        "position": place,
        "start": 0,
        "end": 34,
        "title": "Expand trade",
        "kind": "action",
        "strength": "agreed",
    }
    row = {**defaults, **fields}
    row.setdefault("search_text", search_words(f"{row['ref']} {row['title']}"))
    return Commitment.objects.create(
        statement=statement,
        paragraph=paragraph,
        section=paragraph.section,
        due_on=due_on,
        due_precision=precision,
        due_basis=basis,
        **row,
    )


def make_assignment(commitment=None, party="TR", lead=None, **fields):
    commitment = commitment or make_commitment()
    lead = lead or make_body(party)
    return Assignment.objects.create(
        commitment=commitment, party=make_party(party), lead=lead, **{"status": Status.NOT_ASSESSED, **fields}
    )


def make_sent_mail(recipient, **fields):
    """A mail as the ledger keeps it, with its attempt."""
    number = next(numbers)
    defaults = {
        "day": TODAY,
        "number": number,
        "message_id": f"<{number}@example.org>",
        "address": recipient.email,
        "subject": f"Subject {number}",
        "raw": sent_bytes(recipient.email, f"<{number}@example.org>", f"Subject {number}"),
        "state": MailState.SENT,
        "created_at": AT,
        "available_at": AT,
        "sent_at": AT,
    }
    mail = OutgoingMail.objects.create(recipient=recipient, **{**defaults, **fields})
    MailAttempt.objects.create(mail=mail, number=1, fence=1, started_at=AT, ended_at=AT, phase="done", outcome="sent")
    return mail


def sent_bytes(to, message_id, subject):
    mail = EmailMultiAlternatives(subject, "Plain words", to=[to], headers={"Message-ID": message_id})
    mail.attach_alternative("<p>Formatted words</p>", "text/html")
    return mail.message().as_bytes()
