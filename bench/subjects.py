"""What is visited on one database: a person with sessions on both servers, and rows of each kind. Prints JSON.

Run with the tracker's settings: `python -m bench.subjects`.
"""

import json
import os
from dataclasses import asdict

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 after set-up
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db.models import Count, QuerySet  # noqa: E402

from bench.subjects_of import Place, Subjects  # noqa: E402
from commitments.models import Assignment, Body, Commitment, Party, ProgressNote, Statement, User  # noqa: E402

BACKENDS = {
    "tracker": "commitments.views.sign_in.Backend",
    "floor": "django.contrib.auth.backends.ModelBackend",
}
USUAL = 64  # commitments of a statement
DEEP = 99_900  # rows before the deep page, where there are so many
EXPORTED = 2000  # rows of the export, or as near as there is
OFFICERS, COLLEAGUES = 50, 20


def session(user: User, server: str) -> str:
    """A signed-in session, as the sign-in page would make it."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKENDS[server]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


def place(row: Assignment, user: User | None = None) -> Place:
    return Place(
        slug=row.commitment.statement.slug,
        ref=row.commitment.ref,
        party=row.party.code,
        assignment=row.pk,
        commitment=row.commitment_id,
        version=row.version,
        status=row.status,
        session=session(user, "tracker") if user else "",
    )


def subjects() -> Subjects:
    party = Party.objects.annotate(number=Count("adoptions")).order_by("-number", "pk")[0]
    rows = Assignment.objects.filter(party=party, commitment__statement__slug__startswith="generated")
    rows = rows.select_related("commitment__statement", "party", "lead").order_by("pk")
    noted = ProgressNote.objects.filter(assignment__party=party).order_by().values_list("assignment")
    argued = rows.get(pk=noted.annotate(number=Count("pk")).order_by("-number", "assignment")[0][0])
    person = User.objects.filter(body__party=party, role="officer").order_by("pk")[0]
    led = rows.filter(lead=person.body)
    words = argued.commitment.title.lower().split()
    sized = Statement.objects.filter(slug__startswith="generated").annotate(number=Count("commitments"))
    usual = min(sized.values_list("number", "slug"), key=lambda found: (abs(found[0] - USUAL), found[1]))
    total = Commitment.objects.visible_to(person).count()
    deep = min(DEEP, (total - 1) // 100 * 100)
    first = Commitment.objects.visible_to(person).in_text_order().select_related("statement")[deep]
    groups = Commitment.objects.visible_to(person).order_by().values_list("kind", "strength").annotate(Count("pk"))
    exported = min(groups, key=lambda group: (abs(group[2] - EXPORTED), group))
    return Subjects(
        sessions={server: session(person, server) for server in BACKENDS},
        statement=usual[1],
        lead=person.body.code,
        lead_key=person.body.pk,
        words=f"{max(words, key=len)} {words[-1]}",
        long=place(argued),
        write=place(led[0]),
        export_kind=exported[0],
        export_strength=exported[1],
        deep_page=deep // 100 + 1,
        deep_key=first.pk,
        deep_adopted=first.statement.adopted_on.isoformat(),
        deep_statement=first.statement_id,
        deep_position=first.position,
        officers=officers(rows),
        colleagues=[place(led[1], colleague(person.body, number)) for number in range(COLLEAGUES)],
    )


def colleague(body: Body, number: int) -> User:
    """An officer of the body, made for measuring where there is none yet."""
    fields = {"name": f"Colleague {number}", "body": body, "role": "officer", "password": "!"}
    return User.objects.get_or_create(email=f"colleague{number}@example.org", defaults=fields)[0]


def officers(rows: QuerySet[Assignment]) -> list[Place]:
    """So many officers, each with an assignment that the own body leads and that nobody else here writes on."""
    people = User.objects.filter(role__in=["officer", "manager"], body__party=rows[0].party_id).order_by("pk")[
        :OFFICERS
    ]
    taken: set[int] = set()
    found = []
    for person in people:
        row = rows.filter(lead=person.body_id).exclude(pk__in=taken).first()
        if row:
            taken.add(row.pk)
            found.append(place(row, person))
    return found


if __name__ == "__main__":
    print(json.dumps(asdict(subjects())))
