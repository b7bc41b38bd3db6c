"""A statement on its way in: the file, its parts as they are corrected, and the commitments proposed in it.

Nothing of it is a statement yet: no page, count, search, export or mail but the coordinators' own shows a draft.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.domain.parts import Part, PartRole
from commitments.models.base import all_or_none, ends_its_period
from commitments.models.commitment import Commitment
from commitments.models.party import Body, Party
from commitments.models.person import User
from commitments.models.statement import Statement
from commitments.models.words import Basis, Kind, Precision, Strength


class DraftState(models.TextChoices):
    OPEN = "open", pgettext_lazy("draft", "Open")
    PUBLISHED = "published", _("Published")
    DROPPED = "dropped", _("Dropped")


class Role(models.TextChoices):
    """What a part of the text is."""

    TITLE = PartRole.TITLE, _("Title")
    DATELINE = PartRole.DATELINE, _("Place and date")
    FRONT = PartRole.FRONT, _("Before the text")
    HEADING = PartRole.HEADING, _("Heading")
    ANNEX = PartRole.ANNEX, _("Heading of an annex")
    PARAGRAPH = PartRole.PARAGRAPH, _("Paragraph")
    SIGNATURE = PartRole.SIGNATURE, _("Signature")
    FOOTNOTE = PartRole.FOOTNOTE, _("Footnote")
    LEFT_OUT = PartRole.LEFT_OUT, _("Left out")
    UNPLACED = PartRole.UNPLACED, _("Not placed")


class Decision(models.TextChoices):
    OPEN = "open", _("Not decided")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    SPLIT = "split", _("Split")


class Continuing(models.TextChoices):
    """What was said to the offer that a proposal carries an earlier commitment on."""

    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Carries it on")
    REFUSED = "refused", _("Is new")


class Origin(models.TextChoices):
    FOUND = "found", _("Found in the text")
    ADDED = "added", _("Added by hand")
    PIECE = "piece", _("Split off")


class StatementDraftQuerySet(models.QuerySet["StatementDraft"]):
    def visible_to(self, user: User) -> Self:
        """The drafts of the own side, and those that the own side was asked to agree to; for coordinators alone."""
        if user.party_id is None or not user.has_rank(codes.Role.COORDINATOR):
            return self.none()
        asked = DraftAgreement.objects.filter(draft=models.OuterRef("pk"), party=user.party_id)
        return self.filter(Q(party=user.party_id) | Q(models.Exists(asked)))

    def open(self) -> Self:
        return self.filter(state=DraftState.OPEN)


class StatementDraft(models.Model):
    """A statement being taken in by one side.

    `text` is the folded text, with its SHA-256; `file_sha256` is over the bytes as they came. `version` grows with
    every change that an agreement of the other side would be about, `head_version` with those of title, place, date
    and parties.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="drafts", verbose_name=_("party"))
    by = models.ForeignKey(User, models.PROTECT, related_name="drafts", verbose_name=_("person"))
    begun_at = models.DateTimeField(_("begun at"))
    changed_at = models.DateTimeField(_("changed at"))
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.OPEN)
    version = models.PositiveIntegerField(default=0, editable=False)
    head_version = models.PositiveIntegerField(default=0, editable=False)
    title = models.TextField(_("title"), blank=True)
    short_title = models.CharField(_("short title"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    source = models.CharField(_("source"), max_length=300, blank=True)
    named_parties = models.JSONField(_("parties as named in the text"), default=list, blank=True)
    parties = models.ManyToManyField(Party, through="DraftParty", related_name="+", verbose_name=_("parties"))
    text = models.TextField(_("text as published"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="draft", null=True, blank=True)

    objects = StatementDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a statement")
        verbose_name_plural = _("drafts of statements")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=Q(state="published", statement__isnull=False)
                | (~Q(state="published") & Q(statement__isnull=True)),
                name="draft_published_has_statement",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title or self.title

    @property
    def is_open(self) -> bool:
        return self.state == DraftState.OPEN


class DraftSource(models.Model):
    """The file as it came, or the text as it was pasted."""

    draft = models.OneToOneField(StatementDraft, models.CASCADE, related_name="file")
    name = models.CharField(_("name"), max_length=255)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")

    def __str__(self) -> str:
        return self.name


class DraftParty(models.Model):
    """A party of the draft; `position` is its order in the text."""

    draft = models.ForeignKey(StatementDraft, models.CASCADE, related_name="adoptions")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["draft", "party"], name="draft_party_once")]

    def __str__(self) -> str:
        return str(self.party)


class DraftPart(models.Model):
    """A part of the draft's text, in the order in which it will stand; `slices` are its places in the folded text."""

    draft = models.ForeignKey(StatementDraft, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    number = models.CharField(_("number as printed"), max_length=16, blank=True)
    text = models.TextField(_("text"))
    slices = models.JSONField(_("places in the text"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("part of a draft")
        verbose_name_plural = _("parts of drafts")
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="draft_part_role_known")]
        indexes = [models.Index(fields=["draft", "position"], name="draft_part_order")]  # the preview

    def __str__(self) -> str:
        return f"{self.number} {self.text[:60]}".strip()

    @property
    def part(self) -> Part:
        slices = tuple((start, end) for start, end in self.slices)
        return Part(PartRole(self.role), self.text, slices, self.number, self.level)

    def take(self, part: Part) -> None:
        """Become this part; the place in the order stays."""
        self.role, self.text, self.number, self.level = part.role, part.text, part.number, part.level
        self.slices = [list(each) for each in part.slices]


class ProposedCommitment(models.Model):
    """A clause of a draft proposed as a commitment, and what was decided about it.

    `sides` are the codes of the parties that are bound; none means all of them. `found` holds the values as they
    were proposed, to which undoing goes back.
    """

    VALUES = ("title", "kind", "strength", "due_precision", "due_basis", "target_unit", "target_name", "sides")

    draft = models.ForeignKey(StatementDraft, models.CASCADE, related_name="proposals")
    part = models.ForeignKey(DraftPart, models.CASCADE, related_name="proposals")
    start = models.PositiveIntegerField(_("first character"))
    end = models.PositiveIntegerField(_("character after the last"))
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    strength = models.CharField(_("strength of the wording"), max_length=12, choices=Strength)
    sides = models.JSONField(_("who is bound"), default=list, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_precision = models.CharField(_("precision of the date"), max_length=8, choices=Precision, null=True, blank=True)  # noqa: DJ001 (none of the three or all)
    due_basis = models.CharField(_("basis of the date"), max_length=8, choices=Basis, null=True, blank=True)  # noqa: DJ001
    target_amount = models.DecimalField(_("target"), max_digits=20, decimal_places=4, null=True, blank=True)
    target_unit = models.CharField(_("unit"), max_length=40, blank=True)
    target_name = models.CharField(_("what is measured"), max_length=200, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    cues = models.JSONField(_("why it was proposed"), default=list, blank=True)
    finer = models.JSONField(_("finer split"), default=list, blank=True)
    origin = models.CharField(_("origin"), max_length=6, choices=Origin, default=Origin.FOUND)
    split_from = models.ForeignKey("self", models.CASCADE, related_name="pieces", null=True, blank=True)
    found = models.JSONField(default=dict, editable=False)
    continues = models.ForeignKey(
        Commitment, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("continues")
    )
    continuing = models.CharField(
        _("whether it carries it on"), max_length=8, choices=Continuing, default=Continuing.OFFERED
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("proposed commitment")
        verbose_name_plural = _("proposed commitments")
        ordering = ["part__position", "start", "-end", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="proposal_span_not_empty"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="proposal_decision_known"),
            models.CheckConstraint(condition=Q(continuing__in=Continuing.values), name="proposal_continuing_known"),
            models.CheckConstraint(
                condition=all_or_none("due_on", "due_precision", "due_basis"), name="proposal_deadline_whole"
            ),
            models.CheckConstraint(
                condition=ends_its_period("due_on", "due_precision"), name="proposal_due_on_ends_its_period"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(codes.Kind)), name="proposal_kind_known"),
            models.CheckConstraint(condition=Q(strength__in=list(codes.Strength)), name="proposal_strength_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def quote(self) -> str:
        return self.part.text[self.start : self.end]

    @property
    def deadline(self) -> Deadline | None:
        if self.due_on is None:
            return None
        return Deadline(self.due_on, codes.Precision(self.due_precision), codes.Basis(self.due_basis))

    def values(self) -> dict[str, Any]:
        """What a reviewer can change, as JSON."""
        kept = {name: getattr(self, name) for name in self.VALUES}
        due = self.due_on.isoformat() if self.due_on else None
        amount = str(self.target_amount) if self.target_amount is not None else None
        return {**kept, "start": self.start, "end": self.end, "due_on": due, "target_amount": amount}

    def take_values(self, values: dict[str, Any]) -> None:
        """Become what `values` once gave."""
        for name in (*self.VALUES, "start", "end"):
            setattr(self, name, values[name])
        self.due_on = date.fromisoformat(values["due_on"]) if values["due_on"] else None
        self.target_amount = Decimal(values["target_amount"]) if values["target_amount"] else None


class ProposedLead(models.Model):
    """The body that shall lead one party's part; a suggestion until a coordinator of that party has chosen."""

    proposal = models.ForeignKey(ProposedCommitment, models.CASCADE, related_name="leads")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Body, models.PROTECT, related_name="+", null=True, blank=True)
    is_suggested = models.BooleanField(_("lead is a suggestion"), default=True)

    class Meta:
        verbose_name = _("proposed lead body")
        verbose_name_plural = _("proposed lead bodies")
        constraints = [models.UniqueConstraint(fields=["proposal", "party"], name="proposed_lead_once")]

    def __str__(self) -> str:
        return f"{self.party}: {self.lead}"


class DraftAgreement(models.Model):
    """Another side that was asked to agree, and its answer; `draft_version` is the draft that it answered to."""

    draft = models.ForeignKey(StatementDraft, models.CASCADE, related_name="agreements")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    agrees = models.BooleanField(_("agrees"), null=True)
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(_("answered at"), null=True)
    draft_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("agreement to a draft")
        verbose_name_plural = _("agreements to drafts")
        constraints = [models.UniqueConstraint(fields=["draft", "party"], name="draft_agreement_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.draft}"

    @property
    def holds(self) -> bool:
        """Whether the side agrees to the draft as it stands."""
        return self.agrees is True and self.draft_version == self.draft.version

    @property
    def is_outdated(self) -> bool:
        """Whether the draft was changed since the side agreed."""
        return self.agrees is True and self.draft_version != self.draft.version


class DraftNoticeQuerySet(models.QuerySet["DraftNotice"]):
    def unsent(self) -> Self:
        """Still to be written: no mail was handed over yet, none was refused for good, and the draft is open."""
        return self.filter(sent_at=None, refusal="", agreement__draft__state=DraftState.OPEN)


class DraftNotice(models.Model):
    """One mail to one person about a side's agreement: that it is asked for, or what was answered; handed over once."""

    agreement = models.ForeignKey(DraftAgreement, models.CASCADE, related_name="notices")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    is_answer = models.BooleanField(_("tells the answer"), default=False)
    made_at = models.DateTimeField(_("made at"))
    sent_at = models.DateTimeField(_("mail handed over at"), null=True)
    refusal = models.CharField(_("words of the mail server that refused it"), max_length=500, blank=True)

    objects = DraftNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail about a draft")
        verbose_name_plural = _("mails about drafts")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person", "is_answer", "made_at"], name="draft_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.agreement}"
