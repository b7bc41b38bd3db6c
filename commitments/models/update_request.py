"""Requests for an update: a manager or coordinator asks the desk for a word, and sees whether it came."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Assignment
from commitments.models.person import User
from commitments.models.progress import ProgressNote


class UpdateRequestState(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class UpdateRequestQuerySet(models.QuerySet["UpdateRequest"]):
    def visible_to(self, user: User) -> Self:
        """Those of the own side: the other side never learns that somebody had to be asked."""
        if user.party_id is None:
            return self.none()
        return self.filter(
            assignment__party=user.party_id, assignment__commitment__statement__adoptions__party=user.party_id
        )

    def open(self) -> Self:
        return self.filter(state=UpdateRequestState.OPEN)


class UpdateRequest(models.Model):
    """A word asked for beside the cadence; it is closed by the side's next note, or "checked, nothing new".

    `asked_on` is the day of the asking where the side is: reminders and their ladder count from it.
    """

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="update_requests", verbose_name=_("assignment")
    )
    text = models.TextField(_("message"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="update_requests", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_on = models.DateField(_("asked on"))
    state = models.CharField(_("state"), max_length=12, choices=UpdateRequestState, default=UpdateRequestState.OPEN)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    answer = models.ForeignKey(
        ProgressNote, models.PROTECT, related_name="answered_requests", null=True, verbose_name=_("answer")
    )

    objects = UpdateRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an update")
        verbose_name_plural = _("requests for an update")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state="open"), name="update_request_open_once_a_part"
            ),
            models.CheckConstraint(condition=Q(state__in=UpdateRequestState.values), name="update_request_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="update_request_ended_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answer__isnull=False) | (~Q(state="answered") & Q(answer__isnull=True)),
                name="update_request_answered_by_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.asked_on}"
