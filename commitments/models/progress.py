"""Progress notes and their evidence: append-only; a correction is a new note."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.models.commitment import Assignment, OneSidesQuerySet
from commitments.models.person import User
from commitments.models.words import Status, Visibility


class ProgressNoteQuerySet(OneSidesQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-written_at", "-pk")

    def standing_at(self, moment: datetime) -> Self:
        """Those written before the moment that had not been taken back by then."""
        still = Q(taken_back_by=None) | Q(taken_back_by__written_at__gte=moment)
        return self.filter(still, takes_back=None, written_at__lt=moment)

    def standing(self) -> Self:
        """Notes that hold: neither taken back nor taking one back."""
        return self.filter(takes_back=None, taken_back_by=None)


class ProgressNote(models.Model):
    """What one side says about its part: text and next steps, a step of the status, or "checked, nothing new".

    One that takes another back has no words of its own: the status is again what it was before that one.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="notes")
    text = models.TextField(_("what happened"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    is_nothing_new = models.BooleanField(_("checked, nothing new"), default=False)
    status_before = models.CharField(_("status before"), max_length=20, choices=Status)
    status = models.CharField(_("status after this note"), max_length=20, choices=Status)
    visibility = models.CharField(_("visible to"), max_length=4, choices=Visibility, default=Visibility.BOTH)
    corrects = models.ForeignKey(
        "self", models.PROTECT, related_name="corrections", null=True, blank=True, verbose_name=_("corrects")
    )
    takes_back = models.OneToOneField(
        "self", models.PROTECT, related_name="taken_back_by", null=True, blank=True, verbose_name=_("takes back")
    )
    waiver = models.TextField(_("waiver of evidence"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="notes", verbose_name=_("by"))
    written_at = models.DateTimeField(_("written at"))
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ProgressNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_nothing_new=True)
                | Q(takes_back__isnull=False)
                | ~Q(text="")
                | ~Q(status=F("status_before")),
                name="note_says_something",
            ),
            models.CheckConstraint(condition=Q(status__in=list(codes.Status)), name="note_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=list(codes.Visibility)), name="note_visibility_known"),
        ]
        indexes = [models.Index(fields=["assignment", "-written_at"], name="note_newest")]  # commitment page

    def __str__(self) -> str:
        return f"{self.assignment} · {self.written_at:%Y-%m-%d}"

    @property
    def is_reported(self) -> bool:
        """Whether somebody of another side wrote down what this side reports (installations of one government)."""
        return self.by.party_id not in (None, self.assignment.party_id)


class StoredFile(models.Model):
    """The bytes of an upload, kept once whatever the number of notes that show it.

    `name` is opaque (a uuid) under MEDIA_ROOT; the name a person gave it is on the evidence.
    """

    name = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type, judged by content"), max_length=100)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.sha256


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        """Evidence on the notes that the person may see."""
        return self.filter(note__in=ProgressNote.objects.visible_to(user))


class Evidence(models.Model):
    """A link or a file on a note; it is seen by whoever sees the note."""

    note = models.ForeignKey(ProgressNote, models.PROTECT, related_name="evidence")
    title = models.CharField(_("title"), max_length=255)
    url = models.URLField(_("link"), max_length=2000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="evidence", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file__isnull=True) & ~Q(url="")) | (Q(file__isnull=False) & Q(url="")),
                name="evidence_link_or_file",
            )
        ]

    def __str__(self) -> str:
        return self.title
