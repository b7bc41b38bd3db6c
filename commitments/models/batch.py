"""Batches: what one person changed on several assignments at once, so that it can be taken back at once."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Assignment
from commitments.models.person import User
from commitments.models.progress import ProgressNote


class BatchKind(models.TextChoices):
    STATUS = "status", _("Status")
    NOTHING_NEW = "nothing_new", _("Checked, nothing new")
    OFFICER = "officer", _("Desk officer")
    LEAD = "lead", _("Lead body")


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> Self:
        """A person's own batches."""
        return self.filter(by=user.pk)


class Batch(models.Model):
    """One change of several assignments; `key` is that of the form, so that a second click finds the first one."""

    key = models.UUIDField(unique=True)
    kind = models.CharField(_("what was changed"), max_length=12, choices=BatchKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="batches", verbose_name=_("by"))
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [models.CheckConstraint(condition=Q(kind__in=list(BatchKind)), name="batch_kind_known")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class BatchItem(models.Model):
    """One assignment of a batch: its version after the change, the note that changed it, or what stood there before."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="batch_items")
    version = models.PositiveIntegerField()
    note = models.ForeignKey(ProgressNote, models.PROTECT, related_name="batch_items", null=True)
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("row of a batch")
        verbose_name_plural = _("rows of a batch")
        constraints = [models.UniqueConstraint(fields=["batch", "assignment"], name="batch_item_once")]

    def __str__(self) -> str:
        return f"{self.batch} · {self.assignment}"
