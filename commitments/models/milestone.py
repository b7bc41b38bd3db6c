"""Milestones: dated steps on the way to a commitment, of one side; its own until it is shared, and then for good."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.models.base import ends_its_period
from commitments.models.commitment import Assignment, OneSidesQuerySet
from commitments.models.person import User
from commitments.models.words import Precision, Visibility


class MilestoneQuerySet(OneSidesQuerySet):
    def open(self) -> Self:
        """Neither done nor dropped."""
        return self.filter(done_on=None, dropped_on=None)

    def in_order(self) -> Self:
        return self.order_by("due_on", "pk")


class Milestone(models.Model):
    """A step by a date of its own. `version` grows with every change, for two people saving at once."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("due on"))
    due_precision = models.CharField(_("precision of the date"), max_length=8, choices=Precision)
    visibility = models.CharField(_("visible to"), max_length=4, choices=Visibility, default=Visibility.BOTH)
    done_on = models.DateField(_("done on"), null=True)
    dropped_on = models.DateField(_("dropped on"), null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="milestones", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))
    version = models.PositiveIntegerField(default=0, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="milestone_has_a_title"),
            models.CheckConstraint(
                condition=ends_its_period("due_on", "due_precision"), name="milestone_ends_its_period"
            ),
            models.CheckConstraint(
                condition=Q(due_precision__in=list(codes.Precision)), name="milestone_precision_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=list(codes.Visibility)), name="milestone_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True), name="milestone_done_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="milestone_open", condition=Q(done_on=None, dropped_on=None)
            ),  # reminders and the timeline
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> Deadline:
        """Its date, which the side has set itself."""
        return Deadline(self.due_on, codes.Precision(self.due_precision), codes.Basis.SET)

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_on is None
