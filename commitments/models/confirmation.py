"""Confirmations: a coordinator of each side says that a commitment was met; a later step of a status ends them."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Assignment, Commitment
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.statement import Statement


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, user: User) -> Self:
        """A confirmation is said to all sides."""
        return self.filter(commitment__statement__in=Statement.objects.visible_to(user))

    def standing(self) -> Self:
        """Each side's newest word, where it confirms and no status has moved since."""
        newer = Confirmation.objects.filter(
            commitment=OuterRef("commitment"), party=OuterRef("party"), pk__gt=OuterRef("pk")
        )
        moved = ProgressNote.objects.filter(
            ~Q(status=F("status_before")),
            assignment__commitment=OuterRef("commitment"),
            written_at__gt=OuterRef("at"),
        )
        return self.filter(~Exists(newer), ~Exists(moved), is_confirmed=True)


class Confirmation(models.Model):
    """One side's word that a commitment was met as the statuses say, or that it takes that word back; append-only."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="confirmations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="confirmations", verbose_name=_("side"))
    is_confirmed = models.BooleanField(_("confirmed"))
    by = models.ForeignKey(User, models.PROTECT, related_name="confirmations", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["pk"]
        indexes = [models.Index(fields=["commitment", "party"], name="confirmation_of_side")]  # commitment page

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.party}"


def confirmed_by_all(commitments: Iterable[int]) -> set[int]:
    """Of these commitments (keys) those that a coordinator of every bound side confirms; never one side alone."""
    keys = list(commitments)
    given: dict[int, set[int]] = {}
    for commitment, party in (
        Confirmation.objects.filter(commitment__in=keys).standing().values_list("commitment", "party")
    ):
        given.setdefault(commitment, set()).add(party)
    bound: dict[int, set[int]] = {}
    for commitment, party in Assignment.objects.filter(commitment__in=list(given)).values_list("commitment", "party"):
        bound.setdefault(commitment, set()).add(party)
    return {key for key, parties in bound.items() if len(parties) > 1 and parties <= given[key]}
