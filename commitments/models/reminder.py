"""Reminders: one row for each thing that is to be said to a person, made before anything is sent."""

import datetime
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain import reminders as domain
from commitments.domain.codes import Precision as PrecisionCode
from commitments.domain.codes import Role
from commitments.models.commitment import Assignment
from commitments.models.milestone import Milestone
from commitments.models.outbox import OutgoingMail, seen_through
from commitments.models.person import User
from commitments.models.words import Precision


class ReminderKind(models.TextChoices):
    DEADLINE_AHEAD = domain.ReminderKind.DEADLINE_AHEAD, _("Deadline ahead")
    LAST_DAY = domain.ReminderKind.LAST_DAY, _("Last day")
    OVERDUE = domain.ReminderKind.OVERDUE, pgettext_lazy("kind of reminder", "Overdue")
    UPDATE_DUE = domain.ReminderKind.UPDATE_DUE, _("Update due")
    ESCALATION_MANAGER = domain.ReminderKind.ESCALATION_MANAGER, _("No answer: to the manager")
    ESCALATION_COORDINATOR = domain.ReminderKind.ESCALATION_COORDINATOR, _("No answer: to the coordinator")
    ASKED = domain.ReminderKind.ASKED, _("Update asked for")
    DATE_PROPOSED = domain.ReminderKind.DATE_PROPOSED, _("Date to decide")
    DATE_DECIDED = domain.ReminderKind.DATE_DECIDED, _("Date decided")
    ASSIGNED = domain.ReminderKind.ASSIGNED, _("Assigned to you")
    OTHER_SIDE_NOTE = domain.ReminderKind.OTHER_SIDE_NOTE, _("Note by the other side")
    BODY_DIGEST = domain.ReminderKind.BODY_DIGEST, _("Weekly digest of the body")
    PARTY_DIGEST = domain.ReminderKind.PARTY_DIGEST, _("Weekly digest of the side")


class ReminderState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    QUEUED = "queued", _("In a mail that waits")
    SENT = "sent", _("Sent")
    SUPERSEDED = "superseded", _("Replaced by a later one")
    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Not delivered")


class DropReason(models.TextChoices):
    ANSWERED = "answered", _("answered in the meantime")
    DATE_MOVED = "date_moved", _("the date was changed")
    WITHDRAWN = "withdrawn", _("no longer asked")
    CLOSED = "closed", _("done or not pursued")
    OWNER_CHANGED = "owner_changed", _("somebody else is responsible now")
    INACTIVE = "inactive", _("the account is closed")
    NOT_VISIBLE = "not_visible", _("the person may no longer see it")
    SWITCHED_OFF = "switched_off", _("switched off by the person")
    REFUSED = "refused", _("the mail server refused it")
    GIVEN_UP = "given_up", _("given up after the last attempt")
    UNSENDABLE = "unsendable", _("it could not be written")


class ReminderRule(models.Model):
    """On which days a kind of reminder is said; see `domain.reminders.Rule` for the meaning of the numbers."""

    kind = models.CharField(_("kind"), max_length=24, choices=ReminderKind)
    precision = models.CharField(
        _("precision of the date"), max_length=8, choices=Precision, blank=True, help_text=_("empty: any")
    )
    first = models.SmallIntegerField(_("first"), help_text=_("days after the date; negative: before it"))
    every = models.PositiveSmallIntegerField(_("then each so many days"), default=0, help_text=_("0: once only"))
    times = models.PositiveSmallIntegerField(_("so often"), null=True, blank=True, default=1)
    grace = models.PositiveSmallIntegerField(_("days late it is still said"), default=3)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["kind", "precision", "first"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "precision", "first"], name="reminder_rule_once"),
            models.CheckConstraint(condition=Q(kind__in=list(domain.ReminderKind)), name="reminder_rule_kind_known"),
            models.CheckConstraint(condition=Q(every__gt=0) | Q(times=1), name="reminder_rule_repeats_by_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first:+d}"

    def as_rule(self) -> domain.Rule:
        precision = PrecisionCode(self.precision) if self.precision else None
        kind = domain.ReminderKind(self.kind)
        return domain.Rule(kind, self.first, precision, self.every, self.times, self.grace)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def unsent(self) -> Self:
        return self.filter(state__in=[ReminderState.PLANNED, ReminderState.QUEUED])

    def visible_to(self, user: User) -> Self:
        """One's own; a coordinator sees all of the own side, a manager those of the own body."""
        return self.filter(seen_through("recipient", user) | seen_through("person", user))


class Reminder(models.Model):
    """One thing to be said to one person: made before it is sent, and only once for each occurrence.

    The occurrence is `anchor_on` (the date it is about) with `seq` (days from it, or the number of the
    change it tells of). The date is the commitment's, or of the `milestone` where one is named. `person` is whom
    it concerns; `recipient` who is told (the deputy of someone away).
    """

    kind = models.CharField(_("kind"), max_length=24, choices=ReminderKind)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="reminders", null=True, verbose_name=_("assignment")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="reminders", null=True, verbose_name=_("milestone")
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="reminders_for", verbose_name=_("for"))
    recipient = models.ForeignKey(User, models.PROTECT, related_name="reminders", verbose_name=_("told to"))
    anchor_on = models.DateField(_("about the date"))
    seq = models.BigIntegerField(_("occurrence"))
    day = models.DateField(_("day"))
    planned_at = models.DateTimeField(_("planned at"))
    state = models.CharField(_("state"), max_length=12, choices=ReminderState, default=ReminderState.PLANNED)
    reason = models.CharField(_("reason"), max_length=16, choices=DropReason, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, related_name="superseded", null=True)
    mail = models.ForeignKey(OutgoingMail, models.PROTECT, related_name="reminders", null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "person", "kind", "anchor_on", "seq"],
                name="reminder_once",
                condition=Q(assignment__isnull=False, milestone__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["milestone", "person", "kind", "anchor_on", "seq"],
                name="reminder_of_milestone_once",
                condition=Q(milestone__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "anchor_on", "seq"],
                name="reminder_digest_once",
                condition=Q(assignment__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(milestone__isnull=True) | Q(assignment__isnull=False, kind__in=list(domain.DEADLINE_KINDS)),
                name="reminder_of_milestone_is_of_a_date",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(domain.ReminderKind)), name="reminder_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ReminderState.values), name="reminder_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "sent"]) | Q(mail__isnull=False), name="reminder_sent_in_a_mail"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dropped", "failed"]) | ~Q(reason=""), name="reminder_dropped_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_by__isnull=False)
                | (~Q(state="superseded") & Q(superseded_by__isnull=True)),
                name="reminder_superseded_by_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "day"], name="reminder_unsent", condition=Q(state__in=["planned", "queued"])
            ),  # planning: what waits
            models.Index(fields=["day", "kind"], name="reminder_day"),  # planning: what exists; ledger
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.anchor_on} {self.seq:+d}"


class ReminderPreference(models.Model):
    """How a person wants to be reminded; without a row the defaults here hold.

    `lead_days` names days for precisions, {"day": [14, 3]}; a precision that is not in it follows the rules.
    """

    class Rhythm(models.TextChoices):
        IMMEDIATE = "immediate", _("at once, each thing as it comes up")
        DAILY = "daily", _("once a day, when there is something")
        WEEKLY = "weekly", _("once a week, on the first working day")

    person = models.OneToOneField(User, models.CASCADE, related_name="reminder_preference", primary_key=True)
    hour = models.PositiveSmallIntegerField(_("hour of sending"), default=8)
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm, default=Rhythm.DAILY)
    kinds_off = models.JSONField(_("kinds switched off"), default=list, blank=True)
    lead_days = models.JSONField(
        _("days ahead of a deadline"), null=True, blank=True, help_text=_("empty: as the rules say")
    )
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("reminder preference")
        verbose_name_plural = _("reminder preferences")
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminder_preference_hour"),
            models.CheckConstraint(
                condition=Q(rhythm__in=["immediate", "daily", "weekly"]), name="reminder_preference_rhythm_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        return self.filter(begins_on__lte=day, ends_on__gte=day)

    def visible_to(self, user: User) -> Self:
        """One's own; a coordinator keeps those of the own side."""
        own = Q(person=user.pk)
        if user.party_id is None or not user.has_rank(Role.COORDINATOR):
            return self.filter(own)
        return self.filter(own | Q(person__body__party=user.party_id, person__erased_at=None))


class Absence(models.Model):
    """Days on which a person is away, and who gets the reminders meanwhile; with no deputy the manager does."""

    person = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name=_("person"))
    begins_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        User, models.SET_NULL, related_name="deputises_in", null=True, blank=True, verbose_name=_("deputy")
    )
    version = models.PositiveIntegerField(default=0)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["begins_on"]
        constraints = [
            models.CheckConstraint(condition=Q(begins_on__lte=F("ends_on")), name="absence_in_order"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")), name="absence_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.begins_on} – {self.ends_on}"


class PlannerState(models.Model):
    """What the planning knows of itself, one row: when it last went well, and why it refuses to go on.

    All that was due by `last_ok_at` is planned: after an outage what came due since then is caught up.
    """

    last_ok_at = models.DateTimeField(null=True)
    alarm = models.CharField(max_length=300, blank=True)
    alarm_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of the planning")
        verbose_name_plural = _("state of the planning")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="planner_state_is_one_row")]

    def __str__(self) -> str:
        return self.alarm or str(self.last_ok_at)

    def is_stale(self, now: datetime.datetime) -> bool:
        """Whether the last planning is so long ago (five minutes) that people should know."""
        return self.last_ok_at is None or now - self.last_ok_at > datetime.timedelta(minutes=5)
