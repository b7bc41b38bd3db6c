"""The working days of each party: its weekend, its country's public holidays, and the days entered by hand."""

from collections import defaultdict
from datetime import date
from functools import lru_cache

import holidays

from commitments.domain.workdays import Workdays
from commitments.models.party import Holiday, Party


@lru_cache(maxsize=128)
def public_holidays(place: str, year: int) -> frozenset[date]:
    """Public holidays of a country or a region of it (ISO 3166, "TR" or "MY-16"), religious ones included.

    None for a country that is not known; those of the whole country for a region that is not.
    """
    found = _holidays(place, year)
    return frozenset() if found is None else frozenset(found)


@lru_cache(maxsize=128)
def named_holidays(place: str, year: int, language: str) -> tuple[str, dict[date, str]]:
    """The same days with their names, and the language that these are in: the one asked for, where it is known."""
    found = _holidays(place, year)
    if found is None:
        return language, {}
    known = found.supported_languages
    code = next((name for name in known if name.partition("_")[0] == language), "en_US" if "en_US" in known else None)
    return (code or found.default_language or language).partition("_")[0], dict(_holidays(place, year, code) or {})


def _holidays(place: str, year: int, language: str | None = None) -> holidays.HolidayBase | None:
    country, _, region = place.partition("-")
    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    if regions is None:
        return None
    return holidays.country_holidays(country, region if region in regions else None, years=year, language=language)


def workdays_by_party(around: date) -> dict[int, Workdays]:
    """The working days of every party, good for the year before and the year after the day."""
    off: dict[int, set[date]] = defaultdict(set)
    working: dict[int, set[date]] = defaultdict(set)
    for row in Holiday.objects.all():
        (off if row.is_day_off else working)[row.party_id].add(row.on)
    years = range(around.year - 1, around.year + 2)
    return {
        party.pk: Workdays(
            frozenset(party.weekend),
            frozenset(off[party.pk]).union(*(public_holidays(party.holiday_country, year) for year in years)),
            frozenset(working[party.pk]),
        )
        for party in Party.objects.all()
    }
