"""Parties (governments), their bodies, and their holidays."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.models.base import FixtureRow, NaturalKeyQuerySet


def default_weekend() -> list[int]:
    return [5, 6]


class Party(FixtureRow):
    """A government that adopted a statement."""

    natural_key_lookups = ("code",)

    code = models.SlugField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name in English"), max_length=100)
    names = models.JSONField(
        _("names in other languages"), default=dict, blank=True, help_text=_('By language code: {"tr": "Malezya"}')
    )
    language = models.CharField(_("official language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone of the capital"), max_length=64, default="UTC")
    holiday_country = models.CharField(
        _("code of the public holidays"),
        max_length=6,
        blank=True,
        help_text=_("ISO 3166: the country, or the region where its government sits, for example TR or MY-16"),
    )
    weekend = models.JSONField(
        _("weekend"), default=default_weekend, help_text=_("Days of the week off: 0 is Monday, 6 is Sunday")
    )

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["code"]

    def __str__(self) -> str:
        """The name in the language of the page."""
        return self.names.get((get_language() or "en").partition("-")[0], self.name)


class BodyQuerySet(NaturalKeyQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Body(FixtureRow):
    """A ministry or agency of a party: named in English and in its own language."""

    natural_key_lookups = ("code",)

    party = models.ForeignKey(Party, models.PROTECT, related_name="bodies", verbose_name=_("party"))
    code = models.SlugField(_("code"), max_length=32, unique=True)
    short = models.CharField(_("short name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_own = models.CharField(_("name in its own language"), max_length=200)
    is_active = models.BooleanField(_("active"), default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.short

    @property
    def name(self) -> str:
        """The full name: in its own language on a page in that language, in English elsewhere."""
        own = (get_language() or "en").partition("-")[0] == self.party.language
        return self.name_own if own else self.name_en


class Holiday(FixtureRow):
    """A day entered by hand: off beside the public holidays, or a working day in spite of them."""

    natural_key_lookups = ("party__code", "on")

    party = models.ForeignKey(Party, models.CASCADE, related_name="holidays", verbose_name=_("party"))
    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)
    is_day_off = models.BooleanField(_("day off"), default=True)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["party", "on"], name="holiday_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
