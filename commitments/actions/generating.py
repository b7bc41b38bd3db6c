"""Bulk data for measuring: the same rows for the same seed, in realistic shares and bounded memory.

Statements of 10 to 120 commitments (or as many as asked for), one clause each; every statement binds the first party
and one of the others. A fifth of the assignments have notes, one assignment of each batch very many; each note has its
row of history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from django.db import transaction

from commitments.actions.history import seal
from commitments.domain.codes import Basis, Cadence, Confidence, Kind, Precision, Role, Status, Strength, Visibility
from commitments.domain.deadlines import last_day
from commitments.domain.status import CADENCE_MONTHS, add_months, default_cadence, update_due_on
from commitments.domain.text import search_words, sha256, statement_digest
from commitments.models.bulk import Rows
from commitments.models.commitment import Assignment, Commitment
from commitments.models.history import Act, Change, HistoryHead
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
NAMED = 0.4  # assignments with a desk officer
LATE = timedelta(days=10)
MANY_NOTES = 40  # times as many as usual, on the first assignment of a batch
OWN_SIDE = 0.3
TABLES = (Statement, Adoption, Section, Paragraph, Commitment, Assignment, ProgressNote, Change)
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
CONFIDENCES = [*Confidence]
CONFIDENCE_SHARES = [70, 18, 8, 4]
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
PLACES = [
    "Ankara", "Istanbul", "Izmir", "Bursa", "Konya", "Antalya", "Mersin", "Trabzon", "Gaziantep", "Kayseri",
    "Kuala Lumpur", "Putrajaya", "Penang", "Johor", "Melaka", "Ipoh", "Kuching", "Kota Kinabalu", "Labuan", "Langkawi",
    "Jakarta", "Hanoi", "Manila", "Bangkok", "Doha", "Baku", "Astana", "Tashkent", "Amman", "Rabat",
    "Tirana", "Skopje", "Sofia", "Madrid", "Lisbon", "Vienna", "Nairobi", "Dakar", "Abuja", "Accra",
]  # fmt: skip
SAYINGS = ["Talks continued.", "The draft was exchanged.", "A date was proposed.", "Funding is being arranged."]


@dataclass(frozen=True, slots=True)
class World:
    """Who there is: parties, their bodies and their people, in a fixed order."""

    parties: list[Party]
    bodies: dict[int, list[Body]]
    people: dict[int, list[User]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make, and from which day the six years are counted back and forward.

    At work no part has ended, each has a desk officer, and the last word on it is no older than its cadence and LATE.
    `per_statement` makes every statement of so many commitments, where it is not 0.
    """

    commitments: int
    notes: int
    seed: int
    today: date
    people: int = PEOPLE
    is_at_work: bool = False
    per_statement: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """One commitment in the making: its words, and what they bind to."""

    words: str
    title: str
    kind: Kind
    strength: Strength
    due_on: date | None
    precision: Precision | None


def generate(plan: Plan) -> Iterator[int]:
    """Make the rows batch by batch; gives the number of commitments made so far."""
    random = Random(plan.seed)  # noqa: S311 (not for secrets)
    maker = Maker(random, _world(plan.people), plan, Rows(*TABLES))
    made = statements = 0
    while made < plan.commitments:
        until = min(made + BATCH, plan.commitments)
        with transaction.atomic():
            maker.begin_batch()
            while made < until:
                statements += 1
                size = min(plan.per_statement or random.randint(10, 120), plan.commitments - made)
                maker.statement(statements, size)
                made += size
            maker.end_batch()
        yield made


def _world(number_of_people: int) -> World:
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
    missing = max(0, number_of_people - User.objects.count())
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


class Maker:
    """Makes the rows of one statement after the other; `end_batch` adds them all."""

    def __init__(self, random: Random, world: World, plan: Plan, rows: Rows) -> None:
        self.random, self.world, self.plan, self.rows = random, world, plan, rows
        self.head = HistoryHead()
        self.argued = False

    def begin_batch(self) -> None:
        self.head = HistoryHead.objects.select_for_update().get(pk=1)
        self.argued = False

    def end_batch(self) -> None:
        self.rows.flush()
        self.head.save(update_fields=["seq", "hash"])

    def statement(self, number: int, size: int) -> None:
        """One statement of so many commitments, four to a paragraph, with both parties' assignments."""
        random, plan = self.random, self.plan
        adopted = plan.today - timedelta(days=random.randrange(365 * YEARS // 2))
        clauses = [_clause(random, adopted) for _ in range(size)]
        groups = [clauses[at : at + 4] for at in range(0, size, 4)]
        texts = [" ".join(f"The two sides {clause.words}." for clause in group) for group in groups]
        headings = [FIELDS[at * len(FIELDS) // len(texts)] for at in range(len(texts))]
        statement = self.rows.add(
            Statement, **_published(plan, number, adopted, list(zip(headings, texts, strict=True)))
        )
        parties = (self.world.parties[0], random.choice(self.world.parties[1:]))
        for place, party in enumerate(parties):
            self.rows.add(Adoption, statement_id=statement, party_id=party.pk, position=place)
        sections = {
            heading: self.rows.add(
                Section, statement_id=statement, position=place, heading=heading, short_heading=heading
            )
            for place, heading in enumerate(dict.fromkeys(headings))
        }
        for place, (heading, text, group) in enumerate(zip(headings, texts, groups, strict=True), start=1):
            where = {"statement_id": statement, "section_id": sections[heading]}
            paragraph = self.rows.add(
                Paragraph, **where, position=place, number=str(place), text=text, sha256=sha256(text)
            )
            for commitment, clause in self.commitments(where | {"paragraph_id": paragraph}, place, text, group):
                for party in parties:
                    self.assignment({"statement_id": statement, "commitment_id": commitment}, clause, party, adopted)

    def commitments(
        self, where: dict[str, int], number: int, text: str, clauses: list[Clause]
    ) -> Iterator[tuple[int, Clause]]:
        """The commitments of one paragraph, each over its own words."""
        at = 0
        for place, clause in enumerate(clauses, start=1):
            start = text.index(clause.words, at)
            at = start + len(clause.words)
            ref = f"{number}.{place}"
            yield (
                self.rows.add(
                    Commitment,
                    **where,
                    ref=ref,
                    position=number * 4 - 4 + place,
                    start=start,
                    end=at,
                    title=clause.title,
                    kind=clause.kind,
                    strength=clause.strength,
                    due_on=clause.due_on,
                    due_precision=clause.precision,
                    due_basis=Basis.TEXT if clause.due_on else None,
                    search_text=f"{search_words(ref)} {_folded(clause.title)} {_folded(clause.words)}",
                ),
                clause,
            )

    def assignment(self, where: dict[str, int], clause: Clause, party: Party, adopted: date) -> None:
        random = self.random
        lead = random.choice(self.world.bodies[party.pk])
        people = self.world.people[lead.pk]
        officer = random.choice(people).pk if people and (self.plan.is_at_work or random.random() < NAMED) else None
        status = Status.UNDER_WAY if self.plan.is_at_work else random.choices(STATUSES, STATUS_SHARES)[0]
        cadence = default_cadence(clause.kind)
        noted = random.random() < NOTED and people and not self.plan.is_at_work
        key = self.rows.new_key(Assignment)
        words = (
            self.notes(where | {"assignment_id": key, "party_id": party.pk}, people, status, adopted) if noted else []
        )
        last = self.last_word(cadence) if self.plan.is_at_work else max((at for at, _ in words), default=None)
        shared = max((at for at, visibility in words if visibility == Visibility.BOTH), default=None)
        self.rows.add(
            Assignment,
            id=key,
            commitment_id=where["commitment_id"],
            party_id=party.pk,
            lead_id=lead.pk,
            officer_id=officer,
            status=status,
            status_since=adopted,
            confidence=random.choices(CONFIDENCES, CONFIDENCE_SHARES)[0],
            confidence_visibility=Visibility.OWN if random.random() < OWN_SIDE else Visibility.BOTH,
            cadence=cadence,
            last_word_at=last,
            last_shared_word_at=shared,
            update_due_on=update_due_on(last.date() if last else adopted, cadence, status),
            shared_update_due_on=update_due_on(shared.date() if shared else adopted, cadence, status),
            version=len(words),
        )

    def last_word(self, cadence: Cadence) -> datetime:
        """Any day since an update was due LATE ago."""
        longest = self.plan.today - add_months(self.plan.today, -CADENCE_MONTHS[cadence]) + LATE
        return datetime.combine(self.plan.today - timedelta(days=self.random.randrange(longest.days)), time(9), UTC)

    def notes(
        self, where: dict[str, int], people: list[User], status: Status, adopted: date
    ) -> list[tuple[datetime, Visibility]]:
        """Notes of the lead body's people between the adoption and today, oldest first, each with its fact."""
        random, plan = self.random, self.plan
        number = plan.notes * (1 if self.argued else MANY_NOTES)
        self.argued = True
        span = max(1, (plan.today - adopted).days)
        moments = sorted(
            datetime.combine(adopted + timedelta(days=random.randrange(span)), time(9), UTC)
            + timedelta(minutes=random.randrange(480))
            for _ in range(number)
        )
        words = []
        for at in moments:
            visibility = Visibility.OWN if random.random() < OWN_SIDE else Visibility.BOTH
            by = random.choice(people).pk
            note = self.rows.add(
                ProgressNote,
                assignment_id=where["assignment_id"],
                text=random.choice(SAYINGS),
                status_before=status,
                status=status,
                visibility=visibility,
                by_id=by,
                written_at=at,
                is_sample=True,
            )
            self.fact(where | {"note_id": note}, by, at, visibility)
            words.append((at, visibility))
        return words

    def fact(self, where: dict[str, int], by: int, at: datetime, visibility: Visibility) -> None:
        """Append to the chain that a note was added."""
        head = self.head
        head.seq += 1
        after = {"note": where["note_id"]}
        keys = [where[f"{name}_id"] for name in ("statement", "commitment", "assignment", "note", "party")]
        moment = at.isoformat(timespec="microseconds")
        previous = head.hash
        head.hash = seal([head.seq, moment, by, str(Act.NOTE_ADDED), *keys, str(visibility), {}, after, previous])
        self.rows.add(
            Change,
            **where,
            seq=head.seq,
            at=at,
            by_id=by,
            act=Act.NOTE_ADDED,
            visibility=visibility,
            before={},
            after=after,
            previous_hash=previous,
            hash=head.hash,
        )


def _published(plan: Plan, number: int, adopted: date, content: list[tuple[str, str]]) -> dict[str, Any]:
    page = "\n\n".join(f"{place}. {text}" for place, (_, text) in enumerate(content, start=1))
    digest = statement_digest((heading, str(place), text) for place, (heading, text) in enumerate(content, start=1))
    return {
        "slug": f"generated-{plan.seed}-{number}",
        "title": f"Generated joint statement {plan.seed}.{number}",
        "short_title": f"Generated {plan.seed}.{number}",
        "adopted_on": adopted,
        "text": page,
        "sha256": sha256(page),
        "structure_sha256": digest,
        "locked_at": datetime.combine(adopted, time(12), UTC),
    }


def _clause(random: Random, adopted: date) -> Clause:
    strength = random.choices(STRENGTHS, STRENGTH_SHARES)[0]
    doing = f"{random.choice(DOINGS)} {random.choice(THINGS)} with {random.choice(PLACES)}"
    kind = random.choices(KINDS, KIND_SHARES)[0]
    due_on, precision = _deadline(random, adopted)
    return Clause(f"{VERBS[strength]} {doing}", doing[0].upper() + doing[1:], kind, strength, due_on, precision)


def _deadline(random: Random, adopted: date) -> tuple[date | None, Precision | None]:
    if random.random() >= DATED:
        return None, None
    precision = random.choice(PRECISIONS)
    return last_day(adopted + timedelta(days=random.randrange(30, 365 * YEARS // 2)), precision), precision


@cache
def _folded(words: str) -> str:
    return search_words(words)
