"""Bulk data for measuring: the same rows for the same seed, in realistic shares and bounded memory.

Statements of 10 to 120 commitments, one clause each; every statement binds the first party and one
of the others. A fifth of the assignments that lead have notes; each note has its row of history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import transaction

from commitments.actions.assignment import about, set_update_dates
from commitments.actions.history import Fact, append_changes
from commitments.domain.codes import Basis, Kind, Precision, Role, Status, Strength, Visibility
from commitments.domain.deadlines import last_day
from commitments.domain.status import default_cadence
from commitments.domain.text import fold, sha256, statement_digest
from commitments.models.commitment import Assignment, Commitment
from commitments.models.history import Act
from commitments.models.party import Body, Party
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.statement import Adoption, Paragraph, Section, Statement

PARTIES, BODIES, PEOPLE = 40, 300, 2000
YEARS = 6
UNUSABLE = "!generated"  # no password leads to this
BATCH = 3000  # commitments in one transaction
DATED = 0.25
NOTED = 0.2
OWN_SIDE = 0.3
VERBS = {
    Strength.DIRECTED: "instructed their Ministers to",
    Strength.AGREED: "agreed to",
    Strength.INTENDED: "expressed their intention to",
    Strength.ENCOURAGED: "encouraged efforts to",
    Strength.REAFFIRMED: "reaffirmed their commitment to",
    Strength.NOTED: "noted the importance of steps to",
}
STRENGTHS = [*VERBS]
STRENGTH_SHARES = [3, 16, 14, 3, 53, 11]
KINDS = [Kind.ACTION, Kind.POSITION, Kind.PROCESS, Kind.EVENT, Kind.TARGET]
KIND_SHARES = [58, 25, 12, 3, 2]
STATUSES = [*Status]
STATUS_SHARES = [20, 15, 3, 1, 35, 8, 12, 6]
PRECISIONS = [Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR]
DOINGS = ["expand", "deepen", "promote", "develop", "review", "finalise", "strengthen", "establish"]
THINGS = [
    "trade in goods and services",
    "cooperation on renewable energy",
    "air transport consultations",
    "student mobility and scholarships",
    "the joint defence industry programme",
    "exchanges between small enterprises",
    "work on semiconductors",
    "health tourism",
    "agricultural research",
    "customs procedures",
    "the protection of children",
    "port connectivity",
]
FIELDS = ["Trade", "Energy", "Security", "Education", "Culture", "Health", "Transport", "Regional issues"]
SAYINGS = ["Talks continued.", "The draft was exchanged.", "A date was proposed.", "Funding is being arranged."]


@dataclass(frozen=True, slots=True)
class World:
    """Who there is: parties, their bodies and their people, in a fixed order."""

    parties: list[Party]
    bodies: dict[int, list[Body]]
    people: dict[int, list[User]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make, and from which day the six years are counted back and forward."""

    commitments: int
    notes: int
    seed: int
    today: date


def generate(plan: Plan) -> Iterator[int]:
    """Make the rows batch by batch; gives the number of commitments made so far."""
    random = Random(plan.seed)  # noqa: S311 (not for secrets)
    world = _world(random)
    made = statements = 0
    while made < plan.commitments:
        with transaction.atomic():
            batch = []
            while len(batch) < BATCH and made + len(batch) < plan.commitments:
                statements += 1
                size = min(random.randint(10, 120), plan.commitments - made - len(batch))
                batch += _statement(random, world, plan, statements, size)
            _assign(random, world, plan, batch)
        made += len(batch)
        yield made


def _world(random: Random) -> World:
    """The parties that are there already and as many more as are missing, with bodies and people."""
    for number in range(PARTIES - Party.objects.count()):
        Party.objects.get_or_create(code=f"G{number:02}", defaults={"name": f"Republic {number:02}"})
    parties = list(Party.objects.order_by("pk"))
    missing = max(0, BODIES - Body.objects.count())
    Body.objects.bulk_create(
        [_body(parties[number % len(parties)], number) for number in range(missing)], ignore_conflicts=True
    )
    bodies = {party.pk: list(party.bodies.order_by("pk")) for party in parties}
    every = [body for party in parties for body in bodies[party.pk]]
    missing = max(0, PEOPLE - User.objects.count())
    User.objects.bulk_create([_person(every[number % len(every)], number) for number in range(missing)])
    people: dict[int, list[User]] = {body.pk: [] for body in every}
    for person in User.objects.exclude(body=None).select_related("body").order_by("pk"):
        people[person.body_id].append(person)
    return World(parties, bodies, people)


def _body(party: Party, number: int) -> Body:
    code = f"{party.code}-G{number:03}"
    return Body(party=party, code=code, short=code, name_en=f"Ministry {code}", name_own=f"Ministry {code}")


def _person(body: Body, number: int) -> User:
    role = [Role.OFFICER, Role.OFFICER, Role.OFFICER, Role.MANAGER, Role.READER][number % 5]
    return User(
        email=f"generated{number}@example.org", name=f"Generated {number}", body=body, role=role, password=UNUSABLE
    )


def _statement(random: Random, world: World, plan: Plan, number: int, size: int) -> list[Commitment]:
    """One statement with its text; gives its commitments, already saved."""
    adopted = plan.today - timedelta(days=random.randrange(365 * YEARS // 2))
    clauses = [_clause(random) for _ in range(size)]
    paragraphs = [clauses[at : at + 4] for at in range(0, size, 4)]
    texts = [" ".join(f"The two sides {words}." for _, words in clause) for clause in paragraphs]
    headings = [FIELDS[at * len(FIELDS) // len(texts)] for at in range(len(texts))]
    statement = _published(plan, number, adopted, list(zip(headings, texts, strict=True)))
    Adoption.objects.bulk_create(
        Adoption(statement=statement, party=party, position=place)
        for place, party in enumerate((world.parties[0], random.choice(world.parties[1:])))
    )
    rows = _paragraphs(statement, headings, texts)
    commitments = [
        row
        for paragraph, group, first in zip(rows, paragraphs, range(0, size, 4), strict=True)
        for row in _commitments(random, statement, paragraph, group, first, adopted)
    ]
    return Commitment.objects.bulk_create(commitments)


def _published(plan: Plan, number: int, adopted: date, content: list[tuple[str, str]]) -> Statement:
    page = "\n\n".join(f"{place}. {text}" for place, (_, text) in enumerate(content, start=1))
    digest = statement_digest((heading, str(place), text) for place, (heading, text) in enumerate(content, start=1))
    return Statement.objects.create(
        slug=f"generated-{plan.seed}-{number}",
        title=f"Generated joint statement {plan.seed}.{number}",
        short_title=f"Generated {plan.seed}.{number}",
        adopted_on=adopted,
        text=page,
        sha256=sha256(page),
        structure_sha256=digest,
        locked_at=datetime.combine(adopted, time(12), UTC),
    )


def _paragraphs(statement: Statement, headings: list[str], texts: list[str]) -> list[Paragraph]:
    names = list(dict.fromkeys(headings))
    sections = Section.objects.bulk_create(
        Section(statement=statement, position=place, heading=name, short_heading=name)
        for place, name in enumerate(names)
    )
    return Paragraph.objects.bulk_create(
        Paragraph(
            statement=statement,
            section=sections[names.index(heading)],
            position=place,
            number=str(place),
            text=text,
            sha256=sha256(text),
        )
        for place, (heading, text) in enumerate(zip(headings, texts, strict=True), start=1)
    )


def _clause(random: Random) -> tuple[Strength, str]:
    strength = random.choices(STRENGTHS, STRENGTH_SHARES)[0]
    return strength, f"{VERBS[strength]} {random.choice(DOINGS)} {random.choice(THINGS)}"


def _commitments(
    random: Random,
    statement: Statement,
    paragraph: Paragraph,
    clauses: list[tuple[Strength, str]],
    first: int,
    adopted: date,
) -> Iterator[Commitment]:
    at = 0
    for place, (strength, words) in enumerate(clauses, start=1):
        start = paragraph.text.index(words, at)
        at = start + len(words)
        title = words.removeprefix(VERBS[strength]).strip().capitalize()
        ref = f"{paragraph.number}.{place}"
        due_on, precision = _deadline(random, adopted)
        yield Commitment(
            statement=statement,
            paragraph=paragraph,
            section_id=paragraph.section_id,
            ref=ref,
            position=first + place,
            start=start,
            end=at,
            title=title,
            kind=random.choices(KINDS, KIND_SHARES)[0],
            strength=strength,
            due_on=due_on,
            due_precision=precision,
            due_basis=Basis.TEXT if due_on else None,
            search_text=fold(f"{ref} {title} {words}"),
        )


def _deadline(random: Random, adopted: date) -> tuple[date | None, Precision | None]:
    if random.random() >= DATED:
        return None, None
    precision = random.choice(PRECISIONS)
    return last_day(adopted + timedelta(days=random.randrange(30, 365 * YEARS // 2)), precision), precision


def _assign(random: Random, world: World, plan: Plan, batch: list[Commitment]) -> None:
    """Assignments of both parties with their notes and history, for a batch of commitments."""
    adoptions = Adoption.objects.filter(statement__in={row.statement_id for row in batch})
    sides: dict[int, list[Party]] = {}
    for adoption in adoptions.select_related("party").order_by("position"):
        sides.setdefault(adoption.statement_id, []).append(adoption.party)
    rows, notes = [], []
    for commitment in batch:
        for party in sides[commitment.statement_id]:
            row = _assignment(random, world, commitment, party)
            rows.append(row)
            if random.random() < NOTED:
                notes += _notes(random, world, plan, row)
            set_update_dates(row)
    Assignment.objects.bulk_create(rows)
    ProgressNote.objects.bulk_create(notes)
    append_changes((_fact(note), note.by, note.written_at) for note in notes)


def _assignment(random: Random, world: World, commitment: Commitment, party: Party) -> Assignment:
    lead = random.choice(world.bodies[party.pk])
    people = world.people[lead.pk]
    return Assignment(
        commitment=commitment,
        party=party,
        lead=lead,
        officer=random.choice(people) if people and random.random() < 0.4 else None,
        status=random.choices(STATUSES, STATUS_SHARES)[0],
        status_since=commitment.statement.adopted_on,
        cadence=default_cadence(Kind(commitment.kind)),
    )


def _notes(random: Random, world: World, plan: Plan, row: Assignment) -> list[ProgressNote]:
    """Notes of the lead body's people between the adoption and today, oldest first."""
    people = world.people[row.lead_id]
    if not people:
        return []
    span = max(1, (plan.today - row.commitment.statement.adopted_on).days)
    days = sorted(random.randrange(span) for _ in range(plan.notes))
    notes = [_note(random, row, random.choice(people), day) for day in days]
    row.last_word_at = notes[-1].written_at if notes else None
    shared = [note.written_at for note in notes if note.visibility == Visibility.BOTH]
    row.last_shared_word_at = shared[-1] if shared else None
    row.version = len(notes)
    return notes


def _note(random: Random, row: Assignment, by: User, day: int) -> ProgressNote:
    at = datetime.combine(row.commitment.statement.adopted_on + timedelta(days=day), time(9), UTC)
    return ProgressNote(
        assignment=row,
        text=random.choice(SAYINGS),
        status_before=row.status,
        status=row.status,
        visibility=Visibility.OWN if random.random() < OWN_SIDE else Visibility.BOTH,
        by=by,
        written_at=at + timedelta(minutes=random.randrange(480)),
        is_sample=True,
    )


def _fact(note: ProgressNote) -> Fact:
    return Fact(Act.NOTE_ADDED, {}, {"note": note.pk}, visibility=note.visibility, note=note, **about(note.assignment))
