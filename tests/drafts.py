"""Drafts for tests: begun from a file of the labelled statements, and led up to any step."""

from functools import cache
from pathlib import Path

from commitments.actions.draft import Source, begin_draft
from commitments.actions.draft_proposals import accept_proposal
from commitments.domain.codes import Role
from commitments.domain.parsing import read_statement
from commitments.models.draft import Decision
from tests.make import AT, make_body, make_party, make_user

FOLDER = Path(__file__).parent / "data" / "statements"
COUNTRIES = {"TR": "Türkiye", "AZ": "Azerbaijan", "MY": "Malaysia", "QA": "Qatar"}


@cache
def reading_of(name="turkiye_azerbaijan"):
    """A composed statement, read in this process."""
    return read_statement((FOLDER / f"{name}.txt").read_text("utf-8"))


def make_parties(*codes):
    return [make_party(code, name=COUNTRIES[code]) for code in codes]


def make_coordinator(code="TR"):
    return make_user(Role.COORDINATOR, make_body(code, name_en=f"Ministry of Foreign Affairs {code}"))


def make_draft(by=None, name="turkiye_azerbaijan", text=None):
    """A draft that Türkiye's coordinator has just begun."""
    make_parties("TR", "AZ")
    reading = read_statement(text) if text else reading_of(name)
    return begin_draft(reading, Source(f"{name}.txt", b"the file"), by=by or make_coordinator(), at=AT)


def accept_all(draft, by):
    for proposal in draft.proposals.filter(decision=Decision.OPEN):
        accept_proposal(proposal, version=proposal.version, by=by, at=AT)
