"""Addresses of feeds: secret, one for each person and purpose, ended at once by making another or by taking it away."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from commitments.models.person import User
from commitments.models.savedview import SavedView

SALT = "the secret address of a feed"


class FeedKind(models.TextChoices):
    CALENDAR = "calendar", _("Calendar")
    CHANGES = "changes", _("Changes of a saved view")


def new_nonce() -> str:
    return secrets.token_hex(16)


class FeedAddress(models.Model):
    """What a calendar or a reader of feeds may fetch without signing in: what the person may see at that moment.

    The address is made of the row's key and a seal over its nonce with the secret key, so neither the database nor
    a backup of it gives an address away.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="feeds", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=FeedKind)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="feeds", null=True, verbose_name=_("saved view"))
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")
        constraints = [
            models.UniqueConstraint(fields=["person", "view"], name="feed_once_a_view"),
            models.UniqueConstraint(fields=["person"], condition=Q(view=None), name="feed_calendar_once"),
            models.CheckConstraint(
                condition=Q(kind="calendar", view=None) | Q(kind="changes", view__isnull=False), name="feed_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.person}"

    @property
    def token(self) -> str:
        return f"{self.pk}-{salted_hmac(SALT, f'{self.pk}:{self.nonce}', algorithm='sha256').hexdigest()[:40]}"

    @classmethod
    def of(cls, token: str) -> Self | None:
        """The row that the address is of; None where it was never made or has ended."""
        key, _dash, _seal = token.partition("-")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        row = cls.objects.select_related("person__body__party", "view").filter(pk=int(key)).first()
        return row if row and constant_time_compare(row.token, token) else None
