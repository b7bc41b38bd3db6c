"""What is visited on one database, as `bench.subjects` finds it in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.servers import ROOT


@dataclass(frozen=True, slots=True)
class Place:
    """One side's part in one commitment, as addresses name it; `session` is that of an officer who may write there."""

    slug: str
    ref: str
    party: str
    assignment: int
    commitment: int
    version: int
    status: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Subjects:
    """A person's sessions on both servers, and rows of each kind."""

    sessions: dict[str, str]
    statement: str
    lead: str
    lead_key: int
    words: str
    long: Place
    write: Place
    export_kind: str
    export_strength: str
    deep_page: int
    deep_key: int
    deep_adopted: str
    deep_statement: int
    deep_position: int
    officers: list[Place]
    colleagues: list[Place]


def read_subjects(variables: dict[str, str]) -> Subjects:
    done = subprocess.run(
        [sys.executable, "-m", "bench.subjects"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    places = {name: Place(**found[name]) for name in ("long", "write")}
    groups = {name: [Place(**row) for row in found[name]] for name in ("officers", "colleagues")}
    return Subjects(**found | places | groups)
