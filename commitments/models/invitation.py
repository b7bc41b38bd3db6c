"""Invitations: how an account comes to be; the link works once and for a limited time."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from commitments.domain.codes import Role as RoleCode
from commitments.models.party import Body
from commitments.models.person import User
from commitments.models.words import Role

LIFETIME = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        """Those of the own side, for its coordinators."""
        if user.party_id is None or not user.has_rank(RoleCode.COORDINATOR):
            return self.none()
        return self.filter(body__party=user.party_id)

    def open(self) -> Self:
        """Neither accepted nor taken back; perhaps too old."""
        return self.filter(accepted_at=None, revoked_at=None)

    def unsent(self, at: datetime) -> Self:
        """Still to be written to: no mail was handed over yet, and none was refused for good."""
        return self.open().filter(sent_at=None, refusal="", expires_at__gt=at)


class Invitation(models.Model):
    """A place for one person in one body.

    `token_sha256` is the digest of the link's secret, which nobody keeps; it is made anew with every mail, so the
    newest mail's link is the one that works.
    """

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    body = models.ForeignKey(Body, models.PROTECT, related_name="invitations", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    language = models.CharField(_("language"), max_length=8)
    token_sha256 = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (none before the first mail)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited at"))
    sent_at = models.DateTimeField(_("mail handed over at"), null=True)
    refusal = models.CharField(_("words of the mail server that refused it"), max_length=500, blank=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    person = models.OneToOneField(User, models.PROTECT, related_name="invitation", null=True, verbose_name=_("account"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once_an_address",
            ),
            models.CheckConstraint(condition=Q(role__in=list(RoleCode)), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, person__isnull=True)
                | Q(accepted_at__isnull=False, person__isnull=False, revoked_at__isnull=True),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_valid(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
