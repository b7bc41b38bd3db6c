"""All that is kept about one person, in plain values: for that person alone."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from commitments.models import (
    Absence,
    Change,
    CloseConsent,
    Confirmation,
    DateChange,
    DateDecision,
    DateRemark,
    DossierOrder,
    Flag,
    Indicator,
    Measurement,
    Meeting,
    Milestone,
    OutgoingMail,
    Point,
    ProgressNote,
    Reminder,
    ReminderPreference,
    SavedView,
    Score,
    Snooze,
    UpdateRequest,
    User,
    Visit,
)
from commitments.models import Decision as MeetingDecision

ACCOUNT = ("email", "name", "role", "language", "time_zone", "is_active", "has_shortcuts", "date_joined", "last_login")
WRITTEN = {
    "notes": (ProgressNote, "by", ("written_at", "text", "next_steps", "waiver", "status", "visibility")),
    "measurements": (Measurement, "by", ("entered_at", "value", "source", "source_url", "file_name", "note")),
    "indicators": (Indicator, "by", ("added_at", "name", "unit", "baseline", "target")),
    "milestones": (Milestone, "by", ("added_at", "title", "due_on", "due_precision", "visibility", "done_on")),
    "date_changes": (DateChange, "by", ("proposed_at", "new_due_on", "new_precision", "reason", "visibility", "state")),
    "date_decisions": (DateDecision, "by", ("at", "agrees", "words")),
    "date_remarks": (DateRemark, "by", ("at", "text", "visibility")),
    "update_requests": (UpdateRequest, "by", ("asked_at", "text", "state", "ended_at")),
    "meetings": (Meeting, "by", ("planned_at", "joint_body", "name", "held_on", "place")),
    "points": (Point, "by", ("at", "text", "shared_at", "withdrawn_at")),
    "scores": (Score, "by", ("at", "value")),
    "meeting_decisions": (MeetingDecision, "by", ("at", "text")),
    "meeting_consents": (CloseConsent, "by", ("at",)),
    "flags": (Flag, "by", ("at", "commitment__ref")),
    "confirmations": (Confirmation, "by", ("at", "is_confirmed")),
    "history": (Change, "by", ("seq", "at", "act", "before", "after", "visibility")),
    "reminders": (Reminder, "recipient", ("kind", "day", "state")),
    "mails": (OutgoingMail, "recipient", ("day", "address", "subject", "state", "sent_at")),
    "saved_views": (SavedView, "owner", ("name", "query", "audience")),
    "dossiers": (DossierOrder, "by", ("ordered_at", "query", "state", "name", "kept_until")),
    "visits": (Visit, "person", ("last_at", "previous_at")),
    "absences": (Absence, "person", ("begins_on", "ends_on")),
    "snoozes": (Snooze, "person", ("assignment__commitment__ref", "until")),
    "sessions": (UserSession, "user", ("created_at", "last_seen_at", "ip", "user_agent")),
    "second_steps": (Authenticator, "user", ("type", "created_at", "last_used_at")),
}

PREFERENCES = ("hour", "rhythm", "kinds_off", "lead_days", "paused_until")


def personal_data(person: User) -> dict[str, Any]:
    """By kind, oldest first; secrets of the sign-in are named and not shown."""
    found: dict[str, Any] = {"account": {name: getattr(person, name) for name in ACCOUNT}}
    found["account"]["body"] = person.body.name_en if person.body else None
    for kind, (model, owner, fields) in WRITTEN.items():
        found[kind] = values_of(model.objects.filter(**{owner: person}), fields)
    found["preferences"] = values_of(ReminderPreference.objects.filter(person=person), PREFERENCES)
    return found


def values_of(rows: QuerySet[Model], fields: Iterable[str]) -> list[dict[str, Any]]:
    return list(rows.order_by("pk").values(*fields))
