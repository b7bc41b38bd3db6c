"""Writes and checks the history: one row a fact, chained by hash."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from commitments.domain.codes import Visibility
from commitments.models.commitment import Assignment, Commitment
from commitments.models.history import Act, Change, HistoryHead
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.statement import Statement

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was done: codes before and after, and who may know of it."""

    act: Act
    before: dict[str, Any]
    after: dict[str, Any]
    visibility: Visibility = Visibility.BOTH
    statement: Statement | None = None
    commitment: Commitment | None = None
    assignment: Assignment | None = None
    note: ProgressNote | None = None
    party: Party | None = None


def record_changes(facts: list[Fact], *, by: User | None, at: datetime) -> list[Change]:
    """Append one person's facts of one moment to the chain."""
    return append_changes((fact, by, at) for fact in facts)


def append_changes(told: Iterable[tuple[Fact, User | None, datetime]]) -> list[Change]:
    """Append facts to the chain, in the caller's transaction; writers take turns at the chain's end."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written in the transaction of what it tells")
    head = HistoryHead.objects.select_for_update().get(pk=1)
    changes = []
    for fact, by, at in told:
        head.seq += 1
        change = Change(
            seq=head.seq,
            at=at,
            by=by,
            act=fact.act,
            statement=fact.statement,
            commitment=fact.commitment,
            assignment=fact.assignment,
            note=fact.note,
            party=fact.party,
            visibility=fact.visibility,
            before=fact.before,
            after=fact.after,
            previous_hash=head.hash,
        )
        change.hash = head.hash = digest(change)
        changes.append(change)
    Change.objects.bulk_create(changes)
    head.save(update_fields=["seq", "hash"])
    return changes


def record_change(fact: Fact, *, by: User | None, at: datetime) -> Change:
    return record_changes([fact], by=by, at=at)[0]


def digest(change: Change) -> str:
    """The seal over the row's values and the hash before it."""
    return seal(
        [
            change.seq,
            change.at.astimezone(UTC).isoformat(timespec="microseconds"),
            change.by_id,
            str(change.act),
            change.statement_id,
            change.commitment_id,
            change.assignment_id,
            change.note_id,
            change.party_id,
            str(change.visibility),
            change.before,
            change.after,
            change.previous_hash,
        ]
    )


def seal(values: list[Any]) -> str:
    """HMAC-SHA256 over the values as JSON, in hexadecimal."""
    content = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.HISTORY_KEY.encode(), content.encode(), hashlib.sha256).hexdigest()


def broken_links() -> Iterator[str]:
    """What is wrong with the chain, in words for the administrator; nothing where all is well."""
    expected, previous = 1, ""
    for change in Change.objects.order_by("seq").iterator(chunk_size=BATCH):
        if change.seq != expected:
            yield f"history: rows {expected} to {change.seq - 1} are missing"
        elif change.previous_hash != previous:
            yield f"history: row {change.seq} does not follow the row before it"
        if digest(change) != change.hash:
            yield f"history: row {change.seq} was altered"
        expected, previous = change.seq + 1, change.hash
    head = HistoryHead.objects.get(pk=1)
    if (head.seq, head.hash) != (expected - 1, previous):
        yield f"history: it should end at row {head.seq} and ends at row {expected - 1}"
