"""Visits: when a person was here last, and when the visit before this one ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.person import User


class Visit(models.Model):
    """`last_at` is kept to a few minutes; `previous_at` is where "since your last visit" begins."""

    person = models.OneToOneField(User, models.CASCADE, related_name="visit", primary_key=True)
    last_at = models.DateTimeField()
    previous_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self) -> str:
        return f"{self.person} {self.last_at:%Y-%m-%d}"
