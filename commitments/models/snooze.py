"""Snoozes: until when a person wants to hear nothing of one part; what comes up meanwhile is said on that day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Assignment
from commitments.models.person import User


class Snooze(models.Model):
    """The first day on which the person is reminded of the part again; a last day is said all the same."""

    person = models.ForeignKey(User, models.CASCADE, related_name="snoozes", verbose_name=_("person"))
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="snoozes", verbose_name=_("assignment"))
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        constraints = [models.UniqueConstraint(fields=["person", "assignment"], name="snooze_once_a_part")]

    def __str__(self) -> str:
        return f"{self.person} {self.assignment} {self.until}"
