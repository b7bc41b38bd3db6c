"""Large dossiers: asked for on the page, made by a worker, kept for a while."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.statement import Statement


class OrderState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class OrderFault(models.TextChoices):
    """Why a dossier could not be made."""

    NOT_ALLOWED = "not_allowed", _("You may not see this edition any more.")
    NOTHING_LEFT = "nothing_left", _("What was asked for is not there any more: choose again.")
    STOPPED = "stopped", _("It was begun twice and ended both times before the file was there; the log tells why.")


OPEN = [OrderState.WAITING, OrderState.MAKING]
FORMATS = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}


class DossierOrderQuerySet(models.QuerySet["DossierOrder"]):
    def visible_to(self, user: User) -> Self:
        """The person's own, as long as that person may see the edition: another side's own edition never."""
        if user.party_id is None:
            return self.none()
        editions = Q(edition=None) | Q(edition=user.party_id)
        return self.filter(editions, by=user, statement__adoptions__party=user.party_id)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def claimable(self) -> Self:
        """The oldest first."""
        return self.filter(state=OrderState.WAITING).order_by("ordered_at", "pk")

    def abandoned(self, now: datetime) -> Self:
        return self.filter(state=OrderState.MAKING, lease_until__lt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(kept_until__lt=now)

    def to_show(self) -> Self:
        """Without the bytes of the files."""
        return self.defer("content")


class DossierOrder(models.Model):
    """One dossier that a person asked for: `query` is the address that asks, `key` its digest.

    `fence` grows with every claim: only the latest worker writes the outcome. `done` counts the commitments that are
    written, of `total`.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="dossier_orders")
    edition = models.ForeignKey(
        Party, models.PROTECT, related_name="dossier_orders", null=True, verbose_name=_("edition")
    )
    by = models.ForeignKey(User, models.CASCADE, related_name="dossier_orders", verbose_name=_("by"))
    query = models.TextField()
    as_of = models.DateField(_("as it stood on"), null=True)
    time_zone = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=4)
    language = models.CharField(_("language of the frame"), max_length=8)
    scope = models.TextField(_("scope"))
    state = models.CharField(_("state"), max_length=10, choices=OrderState, default=OrderState.WAITING)
    fault = models.CharField(max_length=12, choices=OrderFault, blank=True)
    total = models.PositiveIntegerField(_("commitments"))
    done = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(_("asked for at"))
    begun_at = models.DateTimeField(_("begun at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    kept_until = models.DateTimeField(_("kept until"))
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    content = models.BinaryField(_("content"), null=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = DossierOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier asked for")
        verbose_name_plural = _("dossiers asked for")
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "key"], condition=Q(state__in=["waiting", "making"]), name="dossier_order_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="dossier_order_state_known"),
            models.CheckConstraint(
                condition=Q(state="making", lease_until__isnull=False)
                | (~Q(state="making") & Q(lease_until__isnull=True)),
                name="dossier_order_leased_while_made",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False) | (~Q(state="ready") & Q(content__isnull=True)),
                name="dossier_order_content_when_ready",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="dossier_order_done_of_total"),
        ]
        indexes = [
            models.Index(
                fields=["ordered_at"], name="dossier_order_open", condition=Q(state__in=["waiting", "making"])
            ),  # claim and sweep
            models.Index(fields=["kept_until"], name="dossier_order_kept"),  # the daily sweep
        ]

    def __str__(self) -> str:
        return f"{self.statement} · {self.format}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def format_name(self) -> str:
        return FORMATS[self.format]
