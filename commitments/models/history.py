"""History: one append-only row for each fact, chained by hash so that a removed or altered row shows."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Assignment, Commitment
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.statement import Statement
from commitments.models.words import Visibility


class Act(models.TextChoices):
    NOTE_ADDED = "note_added", _("added a note")
    NOTHING_NEW = "nothing_new", _("checked: nothing new")
    TAKEN_BACK = "taken_back", _("took back what was recorded")
    STATUS_CHANGED = "status_changed", _("changed the status")
    CONFIDENCE_GIVEN = "confidence_given", _("gave the confidence")
    OFFICER_NAMED = "officer_named", _("named the desk officer")
    LEAD_SET = "lead_set", _("set the lead body")
    CADENCE_SET = "cadence_set", _("set the cadence")
    THEMES_SET = "themes_set", _("set the themes")
    MEASUREMENT_ADDED = "measurement_added", _("added a measurement")
    INDICATOR_ADDED = "indicator_added", _("added an indicator")
    MILESTONE_ADDED = "milestone_added", _("added a milestone")
    MILESTONE_CHANGED = "milestone_changed", _("changed a milestone")
    MILESTONE_SHARED = "milestone_shared", _("shared a milestone")
    MILESTONE_DONE = "milestone_done", _("met a milestone")
    MILESTONE_DROPPED = "milestone_dropped", _("dropped a milestone")
    MILESTONE_REOPENED = "milestone_reopened", _("opened a milestone again")
    PERSON_CHANGED = "person_changed", _("changed an account")
    REMINDERS_CHOSEN = "reminders_chosen", _("chose how to be reminded")
    MAIL_ARRIVED = "mail_arrived", _("recorded that a mail has arrived")
    ABSENCE_ENTERED = "absence_entered", _("entered an absence")
    SNOOZED = "snoozed", _("put reminders off")
    VIEW_SAVED = "view_saved", _("saved a view")
    VIEW_CHANGED = "view_changed", _("changed a view")
    VIEW_DELETED = "view_deleted", _("deleted a view")
    FEED_MADE = "feed_made", _("made the address of a feed")
    FEED_ENDED = "feed_ended", _("ended the address of a feed")
    DATE_PROPOSED = "date_proposed", _("proposed a date")
    DATE_AGREED = "date_agreed", _("agreed to a date")
    DATE_DECLINED = "date_declined", _("declined a date")
    DATE_WITHDRAWN = "date_withdrawn", _("withdrew the proposal of a date")
    DATE_CHANGED = "date_changed", _("changed the date")
    DATE_REMARKED = "date_remarked", _("made a remark on the date")
    UPDATE_ASKED = "update_asked", _("asked for an update")
    REQUEST_WITHDRAWN = "request_withdrawn", _("took the request for an update back")
    REQUEST_ANSWERED = "request_answered", _("answered the request for an update")
    CONFIRMED = "confirmed", _("confirmed that it was met")
    MEETING_PLANNED = "meeting_planned", _("planned a meeting")
    MEETING_CHANGED = "meeting_changed", _("changed a meeting")
    MEETING_SHARED = "meeting_shared", _("shared a meeting")
    MEETING_CALLED_OFF = "meeting_called_off", _("called a meeting off")
    MEETING_BEGUN = "meeting_begun", _("began a meeting")
    MEETING_AGREED = "meeting_agreed", _("agreed to the record of a meeting")
    MEETING_CLOSED = "meeting_closed", _("closed a meeting")
    AGENDA_ADDED = "agenda_added", _("put it on an agenda")
    AGENDA_REMOVED = "agenda_removed", _("took it off an agenda")
    CRITERION_SET = "criterion_set", _("wrote the criterion")
    CARRIED_OVER = "carried_over", _("carried it over")
    POINT_ADDED = "point_added", _("noted a point to raise")
    POINT_SHARED = "point_shared", _("shared a point to raise")
    POINT_WITHDRAWN = "point_withdrawn", _("withdrew a point to raise")
    SCORED = "scored", _("gave a score")
    DECIDED = "decided", _("recorded a decision")
    FLAGGED = "flagged", _("flagged it for the next meeting")
    UNFLAGGED = "unflagged", _("took the flag for the next meeting back")
    CONFIRMATION_WITHDRAWN = "confirmation_withdrawn", _("took the confirmation back")
    DRAFT_BEGUN = "draft_begun", _("began to take a statement in")
    DRAFT_CHANGED = "draft_changed", _("changed the head of a draft")
    DRAFT_STRUCTURED = "draft_structured", _("corrected the structure of a draft")
    DRAFT_DECIDED = "draft_decided", _("decided about a proposed commitment")
    DRAFT_LED = "draft_led", _("chose lead bodies in a draft")
    DRAFT_ASKED = "draft_asked", _("asked another side to agree to a draft")
    DRAFT_ANSWERED = "draft_answered", _("answered about a draft")
    DRAFT_DROPPED = "draft_dropped", _("dropped a draft")
    STATEMENT_PUBLISHED = "statement_published", _("published the statement")


PREPARING = frozenset(  # a meeting's agenda in the making: whole sections at once, no news of a commitment
    {Act.AGENDA_ADDED, Act.AGENDA_REMOVED, Act.CRITERION_SET, Act.FLAGGED, Act.UNFLAGGED}
)


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: User) -> Self:
        """Facts for both sides, and those of the person's own side; nothing of other statements."""
        if user.party_id is None:
            return self.none()
        shared = Q(visibility=Visibility.BOTH, statement__in=Statement.objects.visible_to(user))
        return self.filter(shared | Q(party=user.party_id))

    def newest_first(self) -> Self:
        return self.order_by("-seq")


class Change(models.Model):
    """One fact: what was done, codes before and after, by whom, when.

    `hash` is HMAC-SHA256 (key outside the database) over the row and `previous_hash`; `seq` has no gaps.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="changes", null=True)
    act = models.CharField(max_length=32, choices=Act)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="changes", null=True)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="changes", null=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="changes", null=True)
    note = models.ForeignKey(ProgressNote, models.PROTECT, related_name="changes", null=True)
    party = models.ForeignKey(Party, models.PROTECT, related_name="changes", null=True)
    visibility = models.CharField(max_length=4, choices=Visibility)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history")
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["commitment", "-seq"], name="change_of_commitment"),  # commitment page
            models.Index(fields=["statement", "-seq"], name="change_of_statement"),  # overview: changed lately
            models.Index(fields=["at"], name="change_at"),  # as it stood, and what changed between two days
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"

    @property
    def is_reported(self) -> bool:
        """Whether somebody of another side recorded what this side reports (installations of one government)."""
        told = self.act in (Act.NOTE_ADDED, Act.NOTHING_NEW, Act.STATUS_CHANGED)
        return told and self.by is not None and self.by.party_id not in (None, self.party_id)


class HistoryHead(models.Model):
    """The end of the chain, one row: locking it makes writers take turns."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the history")
        verbose_name_plural = _("end of the history")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="history_head_is_one_row")]

    def __str__(self) -> str:
        return str(self.seq)
