"""The rows of the tracker; DESIGN's nouns, one module each."""

from commitments.models.commitment import Assignment, Commitment, Support
from commitments.models.history import Act, Change, HistoryHead
from commitments.models.indicator import Direction, Indicator, Measurement
from commitments.models.party import Body, Holiday, Party
from commitments.models.person import User
from commitments.models.progress import Evidence, ProgressNote, StoredFile
from commitments.models.statement import Adoption, Paragraph, Section, Statement

__all__ = [
    "Act",
    "Adoption",
    "Assignment",
    "Body",
    "Change",
    "Commitment",
    "Direction",
    "Evidence",
    "HistoryHead",
    "Holiday",
    "Indicator",
    "Measurement",
    "Paragraph",
    "Party",
    "ProgressNote",
    "Section",
    "Statement",
    "StoredFile",
    "Support",
    "User",
]
