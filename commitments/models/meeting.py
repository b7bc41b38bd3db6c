"""Meetings of a joint body: an agenda of commitments, points to raise, scores, decisions; frozen once closed.

What one side prepares is its own: a meeting until it is shared, a point until it is shared, a flag always.
Once scoring begins the criteria stand still, and once a meeting is closed everything of it does: triggers see to that.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.models.base import all_or_none, ends_its_period
from commitments.models.commitment import Commitment
from commitments.models.datechange import DateChange
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.statement import Statement
from commitments.models.words import Precision


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    BEGUN = "begun", _("Being held")
    CLOSED = "closed", _("Closed")
    CALLED_OFF = "called_off", _("Called off")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Those of the own side's preparing, and of the others those that they have shared."""
        if user.party_id is None:
            return self.none()
        known = Q(shared_at__isnull=False) | Q(party=user.party_id)
        return self.filter(known, statement__in=Statement.objects.visible_to(user))

    def planned(self) -> Self:
        return self.filter(begun_at=None, called_off_at=None)

    def open(self) -> Self:
        """Not over yet: planned, or being held."""
        return self.filter(closed_at=None, called_off_at=None)

    def in_order(self) -> Self:
        """By date, those without one last; the newest of a day last."""
        return self.order_by(models.F("held_on").asc(nulls_last=True), "pk")


class Meeting(models.Model):
    """A session of a joint body that reviews the commitments of one statement; `party` is the side that prepares it.

    `record_sha256` is over agenda, criteria, scores and decisions as they stood at the close.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="meetings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="meetings", verbose_name=_("prepared by"))
    joint_body = models.CharField(_("joint body"), max_length=200)
    name = models.CharField(_("name of the meeting"), max_length=200)
    held_on = models.DateField(_("date"), null=True)
    precision = models.CharField(_("precision of the date"), max_length=8, choices=Precision, null=True)  # noqa: DJ001 (empty with the date)
    place = models.CharField(_("place"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="planned_meetings", verbose_name=_("by"))
    planned_at = models.DateTimeField(_("planned at"))
    shared_at = models.DateTimeField(_("shared at"), null=True)
    begun_at = models.DateTimeField(_("begun at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    called_off_at = models.DateTimeField(_("called off at"), null=True)
    record_sha256 = models.CharField(_("SHA-256 of the record"), max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(joint_body=""), name="meeting_has_a_name"),
            models.CheckConstraint(condition=all_or_none("held_on", "precision"), name="meeting_date_whole"),
            models.CheckConstraint(condition=ends_its_period("held_on", "precision"), name="meeting_ends_its_period"),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(shared_at__isnull=False), name="meeting_shared_before_begun"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(begun_at__isnull=False, called_off_at__isnull=True),
                name="meeting_begun_before_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> MeetingState:
        if self.called_off_at:
            return MeetingState.CALLED_OFF
        if self.closed_at:
            return MeetingState.CLOSED
        return MeetingState.BEGUN if self.begun_at else MeetingState.PLANNED

    @property
    def date(self) -> Deadline | None:
        """The day or period in which it is held, as precise as it is known."""
        if self.held_on is None:
            return None
        return Deadline(self.held_on, codes.Precision(self.precision), codes.Basis.SET)

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class AgendaItem(models.Model):
    """A commitment on a meeting's agenda, with the criterion by which both sides are scored."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="agenda_items")
    criterion = models.TextField(_("criterion"), blank=True)
    carries_over = models.BooleanField(_("carried over to the next meeting"), default=False)
    carried_from = models.ForeignKey("self", models.PROTECT, related_name="carried_to", null=True)
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("taken off at"), null=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["meeting", "commitment__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "commitment"], condition=Q(removed_at=None), name="agenda_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.meeting}"


class PointQuerySet(models.QuerySet["Point"]):
    def visible_to(self, user: User) -> Self:
        """Shared ones, and all of the own side, of meetings that the person may see."""
        if user.party_id is None:
            return self.none()
        known = Q(shared_at__isnull=False) | Q(party=user.party_id)
        return self.filter(known, item__meeting__in=Meeting.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Point(models.Model):
    """Something that one side means to raise; its own until it is shared."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="points")
    party = models.ForeignKey(Party, models.PROTECT, related_name="points", verbose_name=_("side"))
    text = models.TextField(_("point to raise"))
    by = models.ForeignKey(User, models.PROTECT, related_name="points", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    shared_at = models.DateTimeField(_("shared at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point to raise")
        verbose_name_plural = _("points to raise")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="point_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class Score(models.Model):
    """How far one side has met the criterion of an item: 1 met, 0 in part, −1 not met."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="scores")
    party = models.ForeignKey(Party, models.PROTECT, related_name="scores", verbose_name=_("side"))
    value = models.SmallIntegerField(_("score"))
    by = models.ForeignKey(User, models.PROTECT, related_name="scores", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["item", "party"]
        constraints = [
            models.UniqueConstraint(fields=["item", "party"], name="score_once_a_side"),
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="score_known"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.value:+d}"


class Decision(models.Model):
    """What the meeting decided, about an item or in general; append-only. A new working date is a proposal as ever."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions", null=True)
    text = models.TextField(_("decision"))
    date_change = models.ForeignKey(DateChange, models.PROTECT, related_name="decided_at", null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="decisions", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="decision_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class CloseConsent(models.Model):
    """One side's word that the record holds; the meeting is closed with the last side's, and a later entry ends it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="consents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="close_consents", verbose_name=_("side"))
    by = models.ForeignKey(User, models.PROTECT, related_name="close_consents", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent to the record")
        verbose_name_plural = _("consents to the record")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "party"], name="close_consent_once_a_side")]

    def __str__(self) -> str:
        return f"{self.party} · {self.meeting}"


class FrozenDossier(models.Model):
    """The shared dossier over the agenda as it stood at the close: a PDF with its hash; append-only."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="dossier")
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    language = models.CharField(_("language of the frame"), max_length=8)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("frozen dossier")
        verbose_name_plural = _("frozen dossiers")

    def __str__(self) -> str:
        return self.sha256


class Flag(models.Model):
    """A commitment that one side wants on the agenda of the next meeting; its own to the end."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="flags")
    party = models.ForeignKey(Party, models.CASCADE, related_name="flags", verbose_name=_("side"))
    by = models.ForeignKey(User, models.PROTECT, related_name="flags", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("flag for the next meeting")
        verbose_name_plural = _("flags for the next meeting")
        ordering = ["commitment__position"]
        constraints = [models.UniqueConstraint(fields=["commitment", "party"], name="flag_once_a_side")]

    def __str__(self) -> str:
        return f"{self.party} · {self.commitment.ref}"
