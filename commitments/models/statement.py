"""Statements, their sections and paragraphs: verbatim, and locked once published."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.base import FixtureRow, NaturalKeyQuerySet
from commitments.models.party import Party
from commitments.models.person import User


class StatementQuerySet(NaturalKeyQuerySet):
    def visible_to(self, user: User) -> Self:
        """Statements that the person's own party adopted."""
        if user.party_id is None:
            return self.none()
        return self.filter(adoptions__party=user.party_id)


class Statement(FixtureRow):
    """A joint statement as adopted.

    `text` is the whole published page with its SHA-256. `structure_sha256` is over headings, numbers
    and paragraphs in order (`statement_digest`), so an added, removed or moved paragraph shows.
    Once `locked_at` is set, triggers refuse every change of the text.
    """

    natural_key_lookups = ("slug",)

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.TextField(_("title"))
    short_title = models.CharField(_("short title"), max_length=120)
    place = models.CharField(_("place"), max_length=100, blank=True)
    adopted_on = models.DateField(_("adopted on"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    source = models.CharField(_("source"), max_length=300, blank=True)
    text = models.TextField(_("text as published"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    structure_sha256 = models.CharField(_("SHA-256 of the paragraphs"), max_length=64)
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)
    parties = models.ManyToManyField(Party, through="Adoption", related_name="statements", verbose_name=_("parties"))

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-adopted_on", "slug"]
        indexes = [models.Index(fields=["-adopted_on", "id"], name="statement_newest")]  # list in the order of the text

    def __str__(self) -> str:
        return self.short_title


class Adoption(FixtureRow):
    """One party's place among those who adopted a statement; `position` is the order on the page."""

    natural_key_lookups = ("statement__slug", "party__code")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="adoptions")
    party = models.ForeignKey(Party, models.PROTECT, related_name="adoptions")
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["statement", "party"], name="adoption_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.statement}"


class Section(FixtureRow):
    """A heading of the statement, possibly empty, and the paragraphs under it."""

    natural_key_lookups = ("statement__slug", "position")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField(_("order"))
    heading = models.TextField(_("heading"), blank=True)
    short_heading = models.CharField(_("short heading"), max_length=60, blank=True)
    level = models.PositiveSmallIntegerField(_("level of the heading"), default=1, db_default=1)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="section_order")]

    def __str__(self) -> str:
        return self.heading or str(_("Opening"))


class Paragraph(FixtureRow):
    """A numbered paragraph, word for word; sub-paragraphs keep their breaks as blank lines."""

    natural_key_lookups = ("statement__slug", "position")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="paragraphs")
    section = models.ForeignKey(Section, models.PROTECT, related_name="paragraphs")
    position = models.PositiveSmallIntegerField(_("order in the statement"))
    number = models.CharField(_("number as printed"), max_length=16)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="paragraph_order"),
            models.CheckConstraint(condition=~Q(text=""), name="paragraph_has_text"),
        ]

    def __str__(self) -> str:
        return f"¶{self.number}"
