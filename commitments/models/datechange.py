"""Date changes: how a working date moves. The one before is kept, who decided is known, slips are counted."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.models.base import all_or_none, ends_its_period
from commitments.models.commitment import Commitment
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.statement import Statement
from commitments.models.words import Basis, Precision, Visibility


class DateChangeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    MADE = "made", _("Made")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Overtaken by another change")


class DateChangeQuerySet(models.QuerySet["DateChange"]):
    def visible_to(self, user: User) -> Self:
        """All of the own side; of the others those put before all sides, and those that were made."""
        if user.party_id is None:
            return self.none()
        known = Q(is_open_to_all=True) | Q(state=DateChangeState.MADE) | Q(party=user.party_id)
        return self.filter(known, commitment__statement__in=Statement.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(state=DateChangeState.PROPOSED)

    def slips(self) -> Self:
        """Those that moved a date to a later one."""
        return self.filter(state=DateChangeState.MADE, new_due_on__gt=F("old_due_on"))

    def to_be_decided_by(self, user: User) -> Self:
        """Proposals that wait for this coordinator's side."""
        if user.party_id is None or not user.has_rank(codes.Role.COORDINATOR):
            return self.none()
        bound = Commitment.objects.filter(pk=OuterRef("commitment"), assignments__party=user.party_id)
        decided = DateDecision.objects.filter(change=OuterRef("pk"), party=user.party_id)
        return self.open().visible_to(user).filter(Exists(bound), ~Exists(decided))


class DateChange(models.Model):
    """A working date as one side proposes it; it is made once a coordinator of every bound side has agreed.

    `visibility` is that of the reason. A proposal for the own side alone is put before the others
    (`is_open_to_all`) when the own coordinator agrees, with words of the coordinator's.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="date_changes")
    party = models.ForeignKey(Party, models.PROTECT, related_name="date_changes", verbose_name=_("proposed for"))
    old_due_on = models.DateField(_("date before"), null=True)
    old_precision = models.CharField(_("precision before"), max_length=8, choices=Precision, null=True)  # noqa: DJ001
    new_due_on = models.DateField(_("new date"))
    new_precision = models.CharField(_("precision of the new date"), max_length=8, choices=Precision)
    reason = models.TextField(_("reason"))
    visibility = models.CharField(_("reason visible to"), max_length=4, choices=Visibility)
    is_open_to_all = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="date_changes", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    state = models.CharField(_("state"), max_length=12, choices=DateChangeState, default=DateChangeState.PROPOSED)
    ended_at = models.DateTimeField(_("decided at"), null=True)

    objects = DateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("date change")
        verbose_name_plural = _("date changes")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "party"], condition=Q(state="proposed"), name="date_change_open_once_a_side"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="date_change_has_a_reason"),
            models.CheckConstraint(condition=all_or_none("old_due_on", "old_precision"), name="date_change_old_whole"),
            models.CheckConstraint(
                condition=ends_its_period("new_due_on", "new_precision"), name="date_change_ends_its_period"
            ),
            models.CheckConstraint(condition=Q(state__in=DateChangeState.values), name="date_change_state_known"),
            models.CheckConstraint(
                condition=Q(state="proposed", ended_at__isnull=True)
                | (~Q(state="proposed") & Q(ended_at__isnull=False)),
                name="date_change_ended_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} {self.new_due_on}"

    @property
    def new(self) -> Deadline:
        return Deadline(self.new_due_on, codes.Precision(self.new_precision), codes.Basis.SET)

    @property
    def old(self) -> Deadline | None:
        if self.old_due_on is None:
            return None
        return Deadline(self.old_due_on, codes.Precision(self.old_precision), codes.Basis.SET)

    @property
    def is_slip(self) -> bool:
        return self.old_due_on is not None and self.new_due_on > self.old_due_on

    def reason_for(self, user: User) -> str:
        """The reason, or nothing where the proposing side keeps it to itself."""
        return self.reason if self.visibility == Visibility.BOTH or self.party_id == user.party_id else ""


class DateDecision(models.Model):
    """What the coordinator of one bound side says to a proposal; append-only, one for each side."""

    change = models.ForeignKey(DateChange, models.PROTECT, related_name="decisions")
    party = models.ForeignKey(Party, models.PROTECT, related_name="date_decisions", verbose_name=_("side"))
    agrees = models.BooleanField(_("agrees"))
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="date_decisions", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision on a date change")
        verbose_name_plural = _("decisions on date changes")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["change", "party"], name="date_decision_once_a_side")]

    def __str__(self) -> str:
        return f"{self.party} · {self.change}"


class DateRemarkQuerySet(models.QuerySet["DateRemark"]):
    def visible_to(self, user: User) -> Self:
        """Remarks for all sides, and those of the own side."""
        if user.party_id is None:
            return self.none()
        return self.filter(
            Q(visibility=Visibility.BOTH) | Q(party=user.party_id),
            commitment__statement__in=Statement.objects.visible_to(user),
        )


class DateRemark(models.Model):
    """A word about a commitment's date, or in the discussion of a proposal; append-only.

    It is all that can be done about a date that stands in the text.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="date_remarks")
    party = models.ForeignKey(Party, models.PROTECT, related_name="date_remarks", verbose_name=_("side"))
    text = models.TextField(_("remark"))
    visibility = models.CharField(_("visible to"), max_length=4, choices=Visibility)
    by = models.ForeignKey(User, models.PROTECT, related_name="date_remarks", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = DateRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a date")
        verbose_name_plural = _("remarks on dates")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="date_remark_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


def is_fixed(commitment: Commitment) -> bool:
    """Whether the date stands in the text or follows from a fact outside it: it is annotated, never moved."""
    return commitment.due_basis in (Basis.TEXT, Basis.EXTERNAL)
