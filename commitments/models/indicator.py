"""Indicators and their measurements: each figure with its period and source, never averaged."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.models.base import FixtureRow, NaturalKeyQuerySet, all_or_none, ends_its_period
from commitments.models.commitment import Commitment
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.progress import StoredFile
from commitments.models.words import Precision


class Direction(models.TextChoices):
    UP = "up", _("Upwards")
    DOWN = "down", _("Downwards")


class Indicator(FixtureRow):
    """What is measured for a commitment; baseline and target are empty where the text gives none.

    One that came with the statement has no `by` and no `added_at`.
    """

    natural_key_lookups = ("commitment__statement__slug", "commitment__ref", "name")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="indicators")
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4, null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    target_on = models.DateField(_("target date"), null=True, blank=True)
    target_precision = models.CharField(  # noqa: DJ001 (empty with the date)
        _("precision of the target date"), max_length=8, choices=Precision, null=True, blank=True
    )

    by = models.ForeignKey(User, models.PROTECT, related_name="indicators", null=True, verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), null=True)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["commitment_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "name"], name="indicator_once"),
            models.CheckConstraint(
                condition=all_or_none("target_on", "target_precision"), name="indicator_target_date_whole"
            ),
            models.CheckConstraint(
                condition=ends_its_period("target_on", "target_precision"), name="indicator_target_ends_its_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """One value for one period from one source; a correction is a new row that points to the old one."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements")
    party = models.ForeignKey(Party, models.PROTECT, related_name="measurements", verbose_name=_("reported by"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    period_ends_on = models.DateField(_("period ends on"))
    period_precision = models.CharField(_("period"), max_length=8, choices=Precision)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("link to the source"), max_length=2000, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="measurements", null=True, verbose_name=_("file of the source")
    )
    file_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name=_("corrects")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="measurements", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["period_ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ends_its_period("period_ends_on", "period_precision"), name="measurement_ends_its_period"
            ),
            models.CheckConstraint(
                condition=Q(period_precision__in=list(codes.Precision)), name="measurement_precision_known"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, file_name="") | (Q(file__isnull=False) & ~Q(file_name="")),
                name="measurement_file_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_ends_on}: {self.value}"
