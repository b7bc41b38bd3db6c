"""A marked word in everything that one side keeps to itself appears in no byte that another can get.

And not only the word: what one side adds for itself alone changes nothing at all on the other side's pages.
"""

import io
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from commitments.actions.absence import Away, enter_absence
from commitments.actions.agenda import add_point, add_to_agenda, flag, set_criterion
from commitments.actions.deadline import decide_date, propose_date, remark_on_date
from commitments.actions.dossier_order import make_next
from commitments.actions.feed import make_feed
from commitments.actions.meeting import MeetingFacts, agree_to_close, begin_meeting, plan_meeting
from commitments.actions.milestone import MilestoneFacts, add_milestone, change_milestone
from commitments.actions.people import Invitee, invite
from commitments.actions.planning import plan_reminders
from commitments.actions.preferences import Wishes, choose_reminders
from commitments.actions.progress import NewEvidence, NewNote, give_confidence, record_progress
from commitments.actions.savedview import save_view
from commitments.actions.sending import send_due_mails
from commitments.actions.snoozing import snooze
from commitments.actions.update_request import ask_for_update
from commitments.domain.codes import Confidence, Precision, Role, Visibility
from commitments.exchange.uploads import store
from commitments.models import AgendaItem, Audience, Meeting, OutgoingMail, SavedView, User
from tests.make import AT
from tests.test_permissions import MY, TABLE, WORDS, admin_addresses, browser_of, filled
from tests.world import a_draft, make_world

MARK = "QUXCANARIUS"
STRANGERS = [*MY, "stranger", "administrator", "anonymous"]
OWN = Visibility.OWN
TOKENS = re.compile(rb'(name="(?:csrfmiddlewaretoken|key)" value="|X-CSRFToken": "|nonce-)[^"]+')
SECRET_ADDRESSES = ("feed_calendar", "feed_changes")  # the officer's own; who has them reads as the officer
EXTRA = [  # further ways to ask for the same pages
    "/commitments/?q=quxcan",
    "/commitments/?q=" + MARK[:-1].lower(),
    "/commitments/?sort=-updated",
    "/commitments/?freshness=due",
    "/commitments/?freshness=never",
    "/commitments/?confidence=trouble",
    "/commitments/?attention=yes",
    "/find/?q=quxcan",
    f"/find/?q={MARK[:-1].lower()}+happened",  # not the whole mark: a page says again what was asked
    "/find/?q=slow",
    "/history/?act=person_changed",
    "/history/?act=date_proposed",
    "/history.csv?act=note_added",
    "/history/?act=point_added",
    "/history/?act=milestone_changed",
    "/?as_of=2026-11-20",
    "/commitments/?as_of=2026-11-24&attention=yes",
    "/my-work/?reason=update_due",
]


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def lasting_world(fresh_database):
    """In a database of its own: mails are handed over outside any transaction."""
    return make_world()


def add_what_is_ours_alone(world):
    """Something marked in every text that Türkiye can keep to itself."""
    people = world.people
    part = world.commitment.assignments.get(party__code="TR")
    stored = store(SimpleUploadedFile(f"{MARK}.txt", f"{MARK} inside".encode()), at=AT)
    record_progress(
        part,
        NewNote(
            text=f"{MARK} happened",
            next_steps=f"{MARK} comes next",
            waiver=f"{MARK} waived",
            visibility=OWN,
            evidence=[
                NewEvidence(f"{MARK} paper", url=f"https://example.org/{MARK}"),
                NewEvidence(f"{MARK}.txt", file=stored),
            ],
        ),
        by=people["tr_coordinator"],
        at=AT,
    )
    give_confidence(part, Confidence.OFF_TRACK, visibility=OWN, by=people["tr_manager"], at=AT)
    remark_on_date(world.commitment, f"{MARK} on the date", visibility=OWN, by=people["tr_officer"], at=AT)
    coordinator = people["tr_coordinator"]
    statement = world.commitment.statement
    quiet = plan_meeting(statement, MeetingFacts(f"{MARK} body", f"{MARK} session", place=MARK), by=coordinator, at=AT)
    add_to_agenda(quiet, [world.dated], by=coordinator, at=AT)
    set_criterion(quiet.items.get(), f"{MARK} is met", version=0, by=coordinator, at=AT)
    add_point(AgendaItem.objects.get(pk=world.keys["item"]), f"{MARK} to raise", by=people["tr_officer"], at=AT)
    flag([world.dated], by=coordinator, at=AT)
    step = add_milestone(
        part, MilestoneFacts(f"{MARK} step", AT.date(), Precision.DAY, OWN), by=people["tr_officer"], at=AT
    )
    moved = MilestoneFacts(f"{MARK} step moved", AT.date() + timedelta(days=9), Precision.DAY, OWN)
    change_milestone(step, moved, version=0, by=people["tr_officer"], at=AT)
    second = world.dated.assignments.get(party__code="TR")
    record_progress(second, NewNote(text=f"{MARK} again", visibility=OWN), by=people["tr_officer"], at=AT)
    ask_for_update(second, text=f"{MARK} asked", by=people["tr_coordinator"], at=AT)
    a_draft(world, f"Joint Statement of Malaysia and Türkiye on {MARK}")
    save_view(f"{MARK} view", "due=none", Audience.PARTY, by=people["tr_coordinator"], at=AT)
    invitee = Invitee("quxcanarius@example.org", MARK, people["tr_officer"].body, Role.MANAGER)
    invite(invitee, by=people["tr_coordinator"], at=AT)
    choose_what_we_are_told(people, second)


def choose_what_we_are_told(people, part):
    """Wishes, an absence and a snooze: nobody abroad notices any of it."""
    today = AT.date()
    wishes = Wishes("weekly", 15, ["overdue"], {"day": [14]}, today + timedelta(days=3), "en", "Asia/Tokyo")
    choose_reminders(wishes, by=people["tr_manager"], at=AT, today=today, version=0)
    away = Away(today, today + timedelta(days=3), people["tr_manager"])
    enter_absence(people["tr_officer"], away, by=people["tr_coordinator"], at=AT, today=today)
    snooze(part, today + timedelta(days=5), by=people["tr_officer"], at=AT, today=today)


def decline_our_own_proposal(world):
    """A proposal that the own coordinator declines: the other side never hears of it."""
    part = world.dated
    part.date_changes.all().update(state="withdrawn", ended_at=AT)
    change = propose_date(
        part,
        AT.date().replace(year=2030),
        Precision.YEAR,
        reason=f"{MARK} slips",
        visibility=OWN,
        by=world.people["tr_officer"],
        at=AT,
    )
    decide_date(change, agrees=False, words=f"{MARK} refused", by=world.people["tr_coordinator"], at=AT)


def addresses(world):
    """Every page of the permission table, and the further ways to ask."""
    for row in TABLE:
        if row.method == "get" and row.name not in ("healthz", "readyz", "account_logout", *SECRET_ADDRESSES):
            path = reverse(row.name, args=[WORDS.get(arg, world.keys.get(arg)) for arg in row.args])
            query = "&".join(f"{name}={filled(world, value)}" for name, value in row.data.items())
            yield f"{path}?{query}" if query else path
    yield from EXTRA


def content_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    head = "\n".join(f"{name}: {value}" for name, value in response.items() if name not in ("Date", "Set-Cookie"))
    return body, head.encode()


def readable(body):
    """The bytes of a body, of the members of an archive (Word, Excel), and the text of a PDF."""
    yield body
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        yield from (archive.read(name) for name in archive.namelist())
    elif body[:5] == b"%PDF-":
        yield " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).encode()


def settled(body):
    """A body without what changes by itself: tokens of forms, and the times that an archive notes of its members."""
    if body[:4] != b"PK\x03\x04":
        return TOKENS.sub(b"", body)
    archive = zipfile.ZipFile(io.BytesIO(body))
    return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())


def snapshot(world, persona):
    """What a person gets at each address, with the tokens that change from page to page taken out."""
    browser = browser_of(world.people[persona])
    pages = {}
    for address in addresses(world):
        for headers in ({}, {"hx-request": "true"}):
            response = browser.get(address, headers=headers)
            body, head = content_of(response)
            pages[address, bool(headers)] = response.status_code, settled(body), head
    return pages


@pytest.mark.parametrize("persona", STRANGERS)
def test_the_mark_is_on_no_page_and_nothing_moves(world, persona):
    before = snapshot(world, persona)

    add_what_is_ours_alone(world)

    after = snapshot(world, persona)
    found = [
        at
        for at, (_, body, head) in after.items()
        if any(MARK.encode().lower() in part.lower() for part in [*readable(body), head])
    ]
    moved = [at for at in after if after[at] != before[at]]
    assert found == []
    assert moved == []


def test_the_own_side_does_see_it(world):
    """The mark is where it should be: a test that sees nothing anywhere would prove nothing."""
    before = snapshot(world, "tr_coordinator")

    add_what_is_ours_alone(world)

    after = snapshot(world, "tr_coordinator")
    found = {at[0] for at, (_, body, _head) in after.items() if MARK.encode() in body}
    page = reverse("commitment_detail", args=_commitment(world))
    assert {"/people/", "/history/", "/find/?q=quxcan", "/views/", "/history.csv", page} <= found
    assert sum(after[at] != before[at] for at in after) > 10


def _commitment(world):
    return world.keys["slug"], world.keys["ref"]


@pytest.mark.parametrize("persona", [*MY, "stranger", "administrator"])
def test_a_declined_proposal_of_the_own_side_leaves_no_trace(world, persona):
    decline_our_own_proposal(world)

    for (address, _htmx), (_status, body, _head) in snapshot(world, persona).items():
        assert MARK.encode() not in body, address


@pytest.mark.parametrize("persona", [*MY, "stranger", "administrator"])
def test_a_foreign_file_is_not_to_be_had_by_number(world, persona):
    add_what_is_ours_alone(world)
    browser = browser_of(world.people[persona])

    for pk in range(1, 12):
        body, _ = content_of(browser.get(f"/evidence/{pk}/"))
        assert MARK.encode() not in body


def test_an_administrator_of_no_side_finds_it_nowhere(world):
    add_what_is_ours_alone(world)
    decline_our_own_proposal(world)
    browser = browser_of(world.people["administrator"])

    for address in admin_addresses():
        for query in ("", "?q=quxcan"):
            response = browser.get(address + query, follow=True)
            assert MARK.encode().lower() not in content_of(response)[0].lower(), address


def test_an_administrator_finds_it_behind_no_number(world):
    add_what_is_ours_alone(world)
    decline_our_own_proposal(world)
    browser = browser_of(world.people["administrator"])

    for model in ("progressnote", "evidence", "change", "assignment", "reminder", "outgoingmail", "commitment"):
        for pk in range(1, 30):
            for end in ("change/", "history/"):
                response = browser.get(f"/admin/commitments/{model}/{pk}/{end}", follow=True)
                assert MARK.encode() not in content_of(response)[0], (model, pk)


def test_no_mail_to_the_other_side_holds_it(lasting_world):
    world = lasting_world
    add_what_is_ours_alone(world)
    decline_our_own_proposal(world)

    for day in range(40):
        at = AT + timedelta(days=day)
        plan_reminders(at, force=True)
        send_due_mails(lambda at=at: at)

    sent = OutgoingMail.objects.exclude(raw=None).select_related("recipient__body__party")
    theirs = [each for each in sent if each.recipient.body.party.code == "MY"]
    assert len(theirs) > 5
    assert [each.recipient for each in theirs if MARK.lower() in whole_text(each).lower()] == []
    for persona in MY:
        browser = browser_of(world.people[persona])
        for each in sent:
            if each not in theirs:
                assert browser.get(f"/reminders/mails/{each.pk}/").status_code == 404
                assert browser.get(f"/reminders/mails/{each.pk}/html/").status_code == 404


def whole_text(sent):
    """The heads and every part of a mail, decoded."""
    message = message_from_bytes(bytes(sent.raw), policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


def test_a_person_who_changes_sides_takes_nothing_along(world):
    """An administrator moves somebody to the other government: the old side's words stay behind at once."""
    add_what_is_ours_alone(world)
    person = world.people["tr_officer"]
    browser = browser_of(person)
    address = reverse("commitment_detail", args=_commitment(world))
    assert MARK.encode() in browser.get(address).content

    User.objects.filter(pk=person.pk).update(body=world.people["my_officer"].body)

    assert MARK.encode() not in browser.get(address).content


@pytest.mark.parametrize("persona", MY)
def test_a_feed_of_the_other_side_does_not_hold_it(world, persona):
    person = world.people[persona]
    view = SavedView.objects.create(owner=person, party=person.body.party, slug="all", name="All")
    calendar, changes = make_feed(person, None, at=AT), make_feed(person, view, at=AT)
    add_what_is_ours_alone(world)

    for address in (f"/feeds/{calendar.token}.ics", f"/feeds/{changes.token}.atom"):
        response = Client().get(address)
        assert response.status_code == 200
        assert MARK.lower() not in response.content.decode().lower()
    assert MARK in Client().get(f"/feeds/{world.keys['changes_token']}.atom").content.decode()


STATEMENT = "/statements/{slug}"
EDITIONS = [  # every file in which an edition is chosen; what is asked for beside the edition chooses its rows
    f"{STATEMENT}/dossier/file/?format={kind}&{query}"
    for kind in ("docx", "pdf", "xlsx")
    for query in ("", "as_of=2026-11-24", "attention=yes", "meeting={meeting}")
] + [
    f"{STATEMENT}/changes/file/?format={kind}&since=2026-11-20&until=2026-11-24&{query}"
    for kind in ("docx", "xlsx", "csv")
    for query in ("", "attention=yes")
]
FILES = [  # every other file
    *(f"{STATEMENT}/file.{ending}" for ending in ("xml", "json", "txt")),
    f"{STATEMENT}/progress-sheet.xlsx",
    "/commitments.csv",
    "/commitments.csv?as_of=2026-11-24",
    "/commitments.csv?attention=yes",
    "/history.csv",
    "/dates.csv",
]
COORDINATORS = ["/people.csv", "/reminders.csv"]


def found_in(browser, address):
    """Whether the mark is in what the browser gets there, however it is packed; the file must be there."""
    response = browser.get(address)
    assert response.status_code == 200, (address, response.status_code)
    body, head = content_of(response)
    packed = [*readable(body), head]
    return any(MARK.encode().lower() in b"".join(part.lower().split()) for part in packed)


def filled_in(world, addresses, edition=""):
    return [address.format(**world.keys) + (f"&edition={edition}" if edition else "") for address in addresses]


@pytest.mark.parametrize("persona", ["my_reader", "my_coordinator"])
def test_no_file_of_the_other_side_holds_it(world, persona):
    add_what_is_ours_alone(world)
    browser = browser_of(world.people[persona])
    addresses = filled_in(world, EDITIONS, "shared") + filled_in(world, EDITIONS, "own") + filled_in(world, FILES)
    addresses += COORDINATORS if persona == "my_coordinator" else []

    assert [address for address in addresses if found_in(browser, address)] == []


def test_no_shared_edition_holds_it_whoever_makes_it(world):
    """Nor can its rows tell: a filter by what one side keeps to itself reads in it what all sides may know."""
    ours = browser_of(world.people["tr_coordinator"])
    addresses = filled_in(world, EDITIONS, "shared")
    before = [settled(content_of(ours.get(address))[0]) for address in addresses]

    add_what_is_ours_alone(world)

    assert [address for address in addresses if found_in(ours, address)] == []
    assert [settled(content_of(ours.get(address))[0]) for address in addresses] == before
    assert all(found_in(ours, address) for address in filled_in(world, EDITIONS[:1] + EDITIONS[4:5], "own"))


def test_a_meeting_that_is_prepared_by_one_side_is_in_no_shared_edition(world):
    ours = browser_of(world.people["tr_coordinator"])
    address = f"/statements/{world.keys['slug']}/dossier/file/?format=xlsx&meeting={world.keys['quiet']}"

    assert ours.get(f"{address}&edition=shared").status_code == 404
    assert ours.get(f"{address}&edition=own").status_code == 200


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_the_command_s_shared_edition_does_not_hold_it(world, tmp_path, kind):
    add_what_is_ours_alone(world)

    for edition in ("shared", "MY", "TR"):
        file = tmp_path / f"{edition}.{kind}"
        call_command("brief", world.keys["slug"], "--format", kind, "--edition", edition, "-o", str(file))
        held = any(MARK.encode().lower() in part.lower() for part in readable(file.read_bytes()))
        assert held == (edition == "TR"), edition


def test_what_is_frozen_at_the_close_of_a_meeting_does_not_hold_it(world):
    add_what_is_ours_alone(world)
    meeting = Meeting.objects.get(pk=world.keys["meeting"])
    coordinators = [world.people["tr_coordinator"], world.people["my_coordinator"]]
    begin_meeting(meeting, by=coordinators[0], at=AT)
    for coordinator in coordinators:
        agree_to_close(meeting, by=coordinator, at=AT)

    theirs = browser_of(coordinators[1])

    assert not found_in(theirs, f"/meetings/{meeting.pk}/dossier.pdf")
    assert not found_in(theirs, f"/meetings/{meeting.pk}/")
    assert not found_in(theirs, f"/statements/{world.keys['slug']}/meetings/")


def test_a_dossier_that_the_worker_made_does_not_hold_it(world, settings):
    settings.DOSSIER_WORKER_FROM = 1
    add_what_is_ours_alone(world)
    for persona, edition in (("tr_officer", "shared"), ("my_officer", "own")):
        browser = browser_of(world.people[persona])
        page = f"/statements/{world.keys['slug']}/dossier/make/?edition={edition}&attention=yes"
        made = browser.post(page, {"format": "docx"})["Location"]
        make_next(lambda: AT)
        assert not found_in(browser, f"{made}file/")
