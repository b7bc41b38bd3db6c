"""A small world with both sides, strangers and something of everything: for tests that walk all addresses."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from commitments.actions.agenda import add_point, add_to_agenda
from commitments.actions.deadline import decide_date, propose_date, remark_on_date
from commitments.actions.dossier_order import make_next, order_dossier
from commitments.actions.draft import Source, begin_draft
from commitments.actions.draft_agreement import ask_side
from commitments.actions.feed import make_feed
from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.actions.inviting import send_invitation
from commitments.actions.meeting import MeetingFacts, plan_meeting, share_meeting
from commitments.actions.milestone import MilestoneFacts, add_milestone
from commitments.actions.people import Invitee, deactivate, invite
from commitments.actions.progress import NewEvidence, NewNote, give_confidence, record_progress
from commitments.actions.savedview import save_view
from commitments.actions.update_request import ask_for_update
from commitments.domain.codes import Confidence, Precision, Role, Status, Visibility
from commitments.domain.parsing import read_statement
from commitments.exchange.dossier_file import asked_for
from commitments.exchange.uploads import store
from commitments.mail.unsubscribing import token
from commitments.models import Absence, Assignment, Audience, Batch, Commitment, Indicator, Invitation, SavedView, User
from commitments.models.draft import StatementDraft
from tests.make import AT, make_assignment, make_body, make_commitment, make_sent_mail, make_statement, make_user

SIDES = ("tr", "my")
ROLES = ("reader", "colleague", "officer", "manager", "coordinator")
PERSONAS = ("anonymous", "stranger", "administrator", *(f"{side}_{role}" for side in SIDES for role in ROLES))
OWN, BOTH = Visibility.OWN, Visibility.BOTH
PASSWORD = "three quiet herons on the quay"
UPDATE_DUE = date(2026, 4, 7)  # a quarter after the adoption, as every statement begins
YESTERDAY = AT - timedelta(days=1)


@dataclass
class World:
    people: dict[str, User | None] = field(default_factory=dict)
    keys: dict[str, object] = field(default_factory=dict)  # what the addresses of the table are filled with
    commitment: Commitment | None = None
    dated: Commitment | None = None


def make_world() -> World:
    """Two governments with people of every role, a third with a coordinator, and an administrator of none."""
    world = World()
    statement = make_statement(("TR", "MY"))
    world.commitment = make_commitment(statement)
    world.dated = make_commitment(statement, title="Meet again")
    for side in SIDES:
        lead, other = make_body(side.upper()), make_body(side.upper())
        for role in ROLES:
            body = other if role in ("colleague", "coordinator") else lead
            code = Role.OFFICER if role == "colleague" else Role(role)
            world.people[f"{side}_{role}"] = make_user(code, body, name=f"{side} {role}", password=PASSWORD)
        dates = {"update_due_on": UPDATE_DUE, "shared_update_due_on": UPDATE_DUE}
        make_assignment(world.commitment, side.upper(), lead, officer=world.people[f"{side}_officer"], **dates)
        make_assignment(world.dated, side.upper(), lead, **dates)
        world.keys |= {f"{side}_lead": lead.pk, f"{side}_body": lead.code}
    stranger = make_user(Role.COORDINATOR, make_body("QA"), name="stranger", password=PASSWORD)
    administrator = User.objects.create_superuser("administrator@example.org", PASSWORD, name="administrator")
    world.people |= {"anonymous": None, "stranger": stranger, "administrator": administrator}
    world.keys |= {"slug": statement.slug, "ref": world.commitment.ref, "party": "TR"}
    _write(world)
    return world


def _write(world: World) -> None:
    """What both sides may see, and a little of what only Türkiye may."""
    people = world.people
    part = world.commitment.assignments.get(party__code="TR")
    shared = record_progress(
        part,
        NewNote(text="Talks began", status=Status.UNDER_WAY, evidence=[a_file("shared", b"for all")]),
        by=people["tr_officer"],
        at=YESTERDAY,
    )
    own = record_progress(
        part,
        NewNote(text="Talks are slow", visibility=OWN, evidence=[a_file("own", b"for us")]),
        by=people["tr_officer"],
        at=YESTERDAY,
    )
    give_confidence(part, Confidence.AT_RISK, visibility=OWN, by=people["tr_manager"], at=YESTERDAY)
    asked = ask_for_update(part, text="How far is it", by=people["tr_manager"], at=YESTERDAY)
    indicator = Indicator.objects.create(commitment=world.commitment, name="Trade", unit="bn USD")
    _write_milestones(world, part)
    paper = a_file("figures", b"5 bn")
    figure = NewMeasurement(
        Decimal(5), date(2024, 12, 31), Precision.YEAR, "Statistics", file=paper.file, file_name=paper.title
    )
    world.keys["figure"] = add_measurement(indicator, figure, by=people["tr_officer"], at=YESTERDAY).pk
    world.keys |= {
        "shared_file": shared.evidence.get().pk,
        "own_file": own.evidence.get().pk,
        "own_note": own.pk,
        "own_pick": f"{part.pk}.0",
        "batch": Batch.objects.create(key=UUID(int=1), kind="nothing_new", by=people["tr_officer"], at=YESTERDAY).pk,
        "indicator": indicator.pk,
        "asked": asked.pk,
        "officer": people["tr_officer"].pk,
        "foreign_officer": people["my_officer"].pk,
    }
    _write_dates(world)
    _write_meetings(world)
    view = save_view("The slow ones", "freshness=due", Audience.PARTY, by=people["tr_coordinator"], at=YESTERDAY)
    world.keys["view"] = view.slug
    _write_people(world)
    _write_drafts(world)
    _write_feeds(world)
    _write_dossier(world)
    world.keys["mail"] = make_sent_mail(people["tr_officer"]).pk
    world.keys["unsubscribe"] = token(world.keys["mail"], ["body_digest"])
    away = Absence.objects.create(person=people["tr_officer"], begins_on=date(2027, 2, 1), ends_on=date(2027, 2, 5))
    world.keys["absence"] = away.pk


def _write_milestones(world: World, part: Assignment) -> None:
    """A step that Türkiye shares, and one that it keeps to itself."""
    for name, visibility in {"shared_step": BOTH, "own_step": OWN}.items():
        facts = MilestoneFacts(name, AT.date().replace(year=2027), Precision.QUARTER, visibility)
        world.keys[name] = add_milestone(part, facts, by=world.people["tr_officer"], at=YESTERDAY).pk


def _write_drafts(world: World) -> None:
    """A statement on its way in that is Türkiye's own, and one to which Malaysia was asked to agree."""
    for name in ("draft", "asked_draft"):
        draft = a_draft(world, f"Joint Statement of Malaysia and Türkiye ({name})")
        part = draft.parts.get(number="1")
        world.keys |= {name: draft.pk, f"{name}_part": part.pk, f"{name}_proposal": part.proposals.get().pk}
    ask_side(draft, world.people["my_coordinator"].body.party, by=world.people["tr_coordinator"], at=YESTERDAY)
    world.keys["asked_version"] = draft.version


def a_draft(world: World, title: str) -> StatementDraft:
    text = f"{title}\n\n1. The sides agreed to meet again in 2028.\n\n2. They left.\n\n3. They will trade more."
    source = Source("text.txt", text.encode())
    return begin_draft(read_statement(text), source, by=world.people["tr_coordinator"], at=YESTERDAY)


def a_file(title: str, content: bytes) -> NewEvidence:
    stored = store(SimpleUploadedFile(f"{title}.txt", content), at=YESTERDAY)
    return NewEvidence(title=f"{title}.txt", file=stored)


def _write_dates(world: World) -> None:
    people, day = world.people, AT.date().replace(year=2028)
    proposed = propose_date(
        world.commitment, day, Precision.YEAR, reason="Why not", visibility=OWN, by=people["tr_officer"], at=YESTERDAY
    )
    put = propose_date(
        world.dated, day, Precision.YEAR, reason="In time", visibility=BOTH, by=people["tr_manager"], at=YESTERDAY
    )
    decide_date(put, agrees=True, by=people["tr_coordinator"], at=YESTERDAY)
    remark_on_date(world.commitment, "Rather later", visibility=OWN, by=people["tr_officer"], at=YESTERDAY)
    world.keys |= {"own_proposal": proposed.pk, "put_proposal": put.pk, "dated": world.dated.ref}


def _write_meetings(world: World) -> None:
    """A meeting that Türkiye keeps to itself, and one that both know, with a point of Türkiye's own."""
    people, statement = world.people, world.commitment.statement
    coordinator = people["tr_coordinator"]
    facts = MeetingFacts("Joint Commission", "Quiet session")
    quiet = plan_meeting(statement, facts, by=coordinator, at=YESTERDAY)
    shared = plan_meeting(statement, MeetingFacts("Joint Commission", "Next session"), by=coordinator, at=YESTERDAY)
    add_to_agenda(shared, [world.commitment, world.dated], by=coordinator, at=YESTERDAY)
    share_meeting(shared, by=coordinator, at=YESTERDAY)
    item = shared.items.get(commitment=world.commitment)
    point = add_point(item, "Ask for the list", by=people["tr_officer"], at=YESTERDAY)
    world.keys |= {"quiet": quiet.pk, "meeting": shared.pk, "item": item.pk, "point": point.pk}


def _write_people(world: World) -> None:
    coordinator = world.people["tr_coordinator"]
    body = world.people["tr_officer"].body
    invitee = Invitee("invited@example.org", "Invited", body, Role.OFFICER)
    invitation = invite(invitee, by=coordinator, at=YESTERDAY)
    send_invitation(invitation, at=YESTERDAY)
    closed = make_user(Role.OFFICER, body, name="closed")
    deactivate(closed, by=coordinator, at=YESTERDAY)
    world.keys |= {"invitation": Invitation.objects.get().pk, "closed": closed.pk}


def _write_feeds(world: World) -> None:
    person = world.people["tr_officer"]
    view = SavedView.objects.create(owner=person, party=person.body.party, slug="under-way", name="Under way")
    calendar = make_feed(person, None, at=YESTERDAY)
    changes = make_feed(person, view, at=YESTERDAY)
    world.keys |= {"feed": calendar.pk, "calendar_token": calendar.token, "changes_token": changes.token}


def _write_dossier(world: World) -> None:
    """One that a worker has made, and that is kept."""
    person, statement = world.people["tr_officer"], world.commitment.statement
    query = QueryDict("format=xlsx&edition=own")
    asked = asked_for(query, statement, person, today=YESTERDAY.date(), language="en")
    order = order_dossier(asked, by=person, at=YESTERDAY)
    make_next(lambda: YESTERDAY)
    world.keys["order"] = order.pk
