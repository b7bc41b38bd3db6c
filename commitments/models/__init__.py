"""The rows of the tracker; DESIGN's nouns, one module each."""

from commitments.models.batch import Batch, BatchItem, BatchKind
from commitments.models.commitment import Assignment, Commitment, Support
from commitments.models.confirmation import Confirmation
from commitments.models.datechange import DateChange, DateChangeState, DateDecision, DateRemark
from commitments.models.dossier_order import DossierOrder, OrderFault, OrderState
from commitments.models.draft import (
    DraftAgreement,
    DraftNotice,
    DraftPart,
    DraftParty,
    DraftSource,
    ProposedCommitment,
    ProposedLead,
    StatementDraft,
)
from commitments.models.feed import FeedAddress, FeedKind
from commitments.models.history import Act, Change, HistoryHead
from commitments.models.indicator import Direction, Indicator, Measurement
from commitments.models.invitation import Invitation
from commitments.models.limit import RequestCount
from commitments.models.meeting import (
    AgendaItem,
    CloseConsent,
    Decision,
    Flag,
    FrozenDossier,
    Meeting,
    MeetingState,
    Point,
    Score,
)
from commitments.models.milestone import Milestone
from commitments.models.outbox import (
    MailAttempt,
    MailCircuit,
    MailState,
    Outcome,
    OutgoingMail,
    Phase,
    SuppressedAddress,
)
from commitments.models.party import Body, Holiday, Party
from commitments.models.person import User
from commitments.models.progress import Evidence, ProgressNote, StoredFile
from commitments.models.reminder import (
    Absence,
    DropReason,
    PlannerState,
    Reminder,
    ReminderKind,
    ReminderPreference,
    ReminderRule,
    ReminderState,
)
from commitments.models.savedview import Audience, SavedView
from commitments.models.snooze import Snooze
from commitments.models.statement import Adoption, Paragraph, Section, Statement
from commitments.models.theme import CommitmentTheme, Theme
from commitments.models.update_request import UpdateRequest, UpdateRequestState
from commitments.models.visit import Visit

__all__ = [
    "Absence",
    "Act",
    "Adoption",
    "AgendaItem",
    "Assignment",
    "Audience",
    "Batch",
    "BatchItem",
    "BatchKind",
    "Body",
    "Change",
    "CloseConsent",
    "Commitment",
    "CommitmentTheme",
    "Confirmation",
    "DateChange",
    "DateChangeState",
    "DateDecision",
    "DateRemark",
    "Decision",
    "Direction",
    "DossierOrder",
    "DraftAgreement",
    "DraftNotice",
    "DraftPart",
    "DraftParty",
    "DraftSource",
    "DropReason",
    "Evidence",
    "FeedAddress",
    "FeedKind",
    "Flag",
    "FrozenDossier",
    "HistoryHead",
    "Holiday",
    "Indicator",
    "Invitation",
    "MailAttempt",
    "MailCircuit",
    "MailState",
    "Measurement",
    "Meeting",
    "MeetingState",
    "Milestone",
    "OrderFault",
    "OrderState",
    "Outcome",
    "OutgoingMail",
    "Paragraph",
    "Party",
    "Phase",
    "PlannerState",
    "Point",
    "ProgressNote",
    "ProposedCommitment",
    "ProposedLead",
    "Reminder",
    "ReminderKind",
    "ReminderPreference",
    "ReminderRule",
    "ReminderState",
    "RequestCount",
    "SavedView",
    "Score",
    "Section",
    "Snooze",
    "Statement",
    "StatementDraft",
    "StoredFile",
    "Support",
    "SuppressedAddress",
    "Theme",
    "UpdateRequest",
    "UpdateRequestState",
    "User",
    "Visit",
]
