"""Themes: what commitments are about, across sections and statements; reference rows, in three languages."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.models.base import FixtureRow, NaturalKeyQuerySet
from commitments.models.commitment import Commitment

NAMES = {"tr": "name_tr", "ms": "name_ms"}


class ThemeQuerySet(NaturalKeyQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def offered(self) -> Self:
        """To filter by: those in use, and those that some commitment still has."""
        return self.filter(Q(is_active=True) | Exists(CommitmentTheme.objects.filter(theme=OuterRef("pk"))))


class Theme(FixtureRow):
    """A field of cooperation; `words` are those of a text by which it is proposed, in the language of the texts."""

    natural_key_lookups = ("code",)

    code = models.SlugField(_("code"), max_length=24, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_tr = models.CharField(_("name in Turkish"), max_length=80)
    name_ms = models.CharField(_("name in Malay"), max_length=80)
    words = models.TextField(
        _("words"), blank=True, help_text=_("By these words in a text the theme is proposed, with commas between.")
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("One that is not in use is proposed and offered no more.")
    )

    commitments = models.ManyToManyField(Commitment, through="CommitmentTheme", related_name="themes")

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        """The name in the language of the page."""
        return getattr(self, NAMES.get((get_language() or "en").partition("-")[0], "name_en"))


class CommitmentTheme(FixtureRow):
    """One theme of a commitment; it may have several."""

    natural_key_lookups = ("commitment__statement__slug", "commitment__ref", "theme__code")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="theme_rows")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="commitment_rows")

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme of a commitment")
        verbose_name_plural = _("themes of commitments")
        constraints = [models.UniqueConstraint(fields=["commitment", "theme"], name="theme_once_a_commitment")]

    def __str__(self) -> str:
        return f"{self.theme} · {self.commitment.ref}"
