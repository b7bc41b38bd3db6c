"""Publishing and deciding at once: whoever comes second finds what the first has done."""

import threading

from django.core.exceptions import ValidationError
from django.db import connection

from commitments.actions.draft_proposals import accept_proposal, refuse_proposal
from commitments.actions.history import broken_links
from commitments.actions.publishing import publish_draft
from commitments.models import Act, Change, Statement
from tests.drafts import accept_all, make_coordinator, make_draft
from tests.make import AT


def at_once(*acts):
    """Run the acts at the same time; gives what each returned or was refused with."""
    results = []

    def run(act):
        try:
            results.append(act())
        except ValidationError as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_clicks_at_once_publish_once(fresh_database):
    us = make_coordinator("TR")
    draft = make_draft(us)
    accept_all(draft, us)

    results = at_once(*[lambda: publish_draft(draft, by=us, at=AT)] * 3)

    assert results == [Statement.objects.get()] * 3
    assert Change.objects.filter(act=Act.STATEMENT_PUBLISHED).count() == 1
    assert list(broken_links()) == []


def test_two_decisions_at_once_leave_one(fresh_database):
    us, other = make_coordinator("TR"), make_coordinator("TR")
    draft = make_draft(us)
    row = draft.proposals.first()

    results = at_once(
        lambda: accept_proposal(row, version=0, by=us, at=AT),
        lambda: refuse_proposal(row, "Only praise", version=0, by=other, at=AT),
    )

    assert sorted(results, key=str) == [None, "conflict"]
    assert Change.objects.filter(act=Act.DRAFT_DECIDED).count() == 1
