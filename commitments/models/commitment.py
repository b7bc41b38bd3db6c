"""Commitments: a span of a paragraph's own words, and each party's part in it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.deadlines import ENDED, SETTLED, Deadline
from commitments.domain.status import ORDER
from commitments.models.base import FixtureRow, NaturalKeyQuerySet, all_or_none, ends_its_period
from commitments.models.party import Body, Party
from commitments.models.person import User
from commitments.models.statement import Paragraph, Section, Statement
from commitments.models.word_index import HasWord
from commitments.models.words import Basis, Cadence, Confidence, Kind, Precision, Status, Strength, Visibility


class CommitmentQuerySet(NaturalKeyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Commitments of the statements that the person's own party adopted."""
        if user.party_id is None:
            return self.none()
        return self.filter(statement__adoptions__party=user.party_id)

    def in_text_order(self) -> Self:
        return self.order_by("-statement__adopted_on", "statement_id", "position")


class Commitment(FixtureRow):
    """What a clause of the statement binds the parties to; the quote is `paragraph.text[start:end]`.

    Offsets count characters (code points). `search_text` is the folded ref, title, quote and
    heading, as words alone: the statement's own words only, so a search can reveal nobody's notes.
    """

    natural_key_lookups = ("statement__slug", "ref")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="commitments")
    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="commitments")
    section = models.ForeignKey(Section, models.PROTECT, related_name="commitments")
    ref = models.CharField(_("reference"), max_length=16)
    position = models.PositiveIntegerField(_("order in the text"))
    start = models.PositiveIntegerField(_("first character"))
    end = models.PositiveIntegerField(_("character after the last"))
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    strength = models.CharField(_("strength of the wording"), max_length=12, choices=Strength)
    is_priority = models.BooleanField(_("priority"), default=False)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_precision = models.CharField(_("precision of the date"), max_length=8, choices=Precision, null=True, blank=True)  # noqa: DJ001 (none of the three or all)
    due_basis = models.CharField(_("basis of the date"), max_length=8, choices=Basis, null=True, blank=True)  # noqa: DJ001
    remark = models.TextField(_("editor's remark"), blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, related_name="continued_by", null=True, blank=True, verbose_name=_("continues")
    )
    search_text = models.TextField(editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["statement_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "ref"], name="commitment_ref_once"),
            models.UniqueConstraint(fields=["statement", "position"], name="commitment_order"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="commitment_span_not_empty"),
            models.CheckConstraint(
                condition=all_or_none("due_on", "due_precision", "due_basis"), name="commitment_deadline_whole"
            ),
            models.CheckConstraint(
                condition=ends_its_period("due_on", "due_precision"), name="commitment_due_on_ends_its_period"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(codes.Kind)), name="commitment_kind_known"),
            models.CheckConstraint(condition=Q(strength__in=list(codes.Strength)), name="commitment_strength_known"),
        ]
        indexes = [
            models.Index(fields=["due_on", "statement", "position"], name="commitment_due"),  # list by due
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def quote(self) -> str:
        return self.paragraph.text[self.start : self.end]

    @property
    def deadline(self) -> Deadline | None:
        if self.due_on is None:
            return None
        return Deadline(self.due_on, codes.Precision(self.due_precision), codes.Basis(self.due_basis))


Commitment._meta.get_field("search_text").register_lookup(HasWord)


class AssignmentQuerySet(NaturalKeyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Assignments of every side of the statements that the person's own party adopted."""
        if user.party_id is None:
            return self.none()
        return self.filter(commitment__statement__adoptions__party=user.party_id)

    def open(self) -> Self:
        """Neither done nor given up: still owed a word."""
        return self.exclude(status__in=list(ENDED))

    def overdue(self, today: date) -> Self:
        """The whole period has passed, and the status says neither met nor given up."""
        return self.exclude(status__in=list(SETTLED)).filter(commitment__due_on__lt=today)


class Assignment(FixtureRow):
    """One party's part in one commitment.

    `version` grows with every change, for the check of two people saving at once. `update_due_on`
    is computed from the last word and the cadence; `last_shared_word_at` is what the other side may know of it.
    """

    natural_key_lookups = ("commitment__statement__slug", "commitment__ref", "party__code")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="assignments")
    party = models.ForeignKey(Party, models.PROTECT, related_name="assignments", verbose_name=_("party"))
    lead = models.ForeignKey(
        Body, models.PROTECT, related_name="led_assignments", null=True, blank=True, verbose_name=_("lead body")
    )
    lead_is_suggested = models.BooleanField(_("lead is a suggestion"), default=False)
    officer = models.ForeignKey(
        User, models.SET_NULL, related_name="assignments", null=True, blank=True, verbose_name=_("desk officer")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NOT_ASSESSED)
    status_rank = models.GeneratedField(
        expression=models.Case(
            *(models.When(status=status, then=rank) for rank, status in enumerate(ORDER)),
            output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    status_since = models.DateField(_("status since"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.NOT_GIVEN)
    confidence_visibility = models.CharField(
        _("confidence visible to"), max_length=4, choices=Visibility, default=Visibility.OWN
    )
    cadence = models.CharField(_("cadence"), max_length=12, choices=Cadence, default=Cadence.QUARTERLY)
    last_word_at = models.DateTimeField(_("last note or check"), null=True, blank=True)
    last_shared_word_at = models.DateTimeField(_("last note or check seen by both sides"), null=True, blank=True)
    update_due_on = models.DateField(_("update due on"), null=True, blank=True)
    shared_update_due_on = models.DateField(_("update due on, as the other side may know it"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    supporting = models.ManyToManyField(
        Body, through="Support", related_name="supported_assignments", verbose_name=_("supporting bodies")
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["commitment_id", "party_id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "party"], name="assignment_once_a_party"),
            models.CheckConstraint(condition=Q(status__in=list(codes.Status)), name="assignment_status_known"),
            models.CheckConstraint(condition=Q(cadence__in=list(codes.Cadence)), name="assignment_cadence_known"),
            models.CheckConstraint(
                condition=Q(confidence__in=list(codes.Confidence)), name="assignment_confidence_known"
            ),
        ]
        indexes = [
            models.Index(fields=["party", "status"], name="assignment_party_status"),  # counts and filters by status
            models.Index(fields=["update_due_on"], name="assignment_update_due"),  # reminders and needs attention
        ]

    def __str__(self) -> str:
        return f"{self.commitment.ref} · {self.party}"


class OneSidesQuerySet(models.QuerySet):
    """Rows on an assignment whose `visibility` says whether they are for every side or its own."""

    def visible_to(self, user: User) -> Self:
        """Those for both sides, and all of the person's own side."""
        if user.party_id is None:
            return self.none()
        return self.filter(
            Q(visibility=codes.Visibility.BOTH) | Q(assignment__party=user.party_id),
            assignment__commitment__statement__adoptions__party=user.party_id,
        )


class Support(FixtureRow):
    """A body that helps the lead with an assignment."""

    natural_key_lookups = (
        "assignment__commitment__statement__slug",
        "assignment__commitment__ref",
        "assignment__party__code",
        "body__code",
    )

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="support")
    body = models.ForeignKey(Body, models.PROTECT, related_name="support")

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "body"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.body} · {self.assignment}"
