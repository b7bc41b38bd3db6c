"""The working days of each party: its weekend, its country's public holidays, and the days entered by hand."""

from collections import defaultdict
from datetime import date
from functools import lru_cache

import holidays

from commitments.domain.workdays import Workdays
from commitments.models.party import Holiday, Party


@lru_cache(maxsize=128)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country (ISO 3166), religious ones included; none for a country that is not known."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=128)
def named_holidays(country: str, year: int, language: str) -> tuple[str, dict[date, str]]:
    """The same days with their names, and the language that these are in: the one asked for, where it is known."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return language, {}
    known = holidays.country_holidays(country).supported_languages
    code = next((name for name in known if name.partition("_")[0] == language), "en_US" if "en_US" in known else None)
    found = holidays.country_holidays(country, years=year, language=code)
    return (code or found.default_language or language).partition("_")[0], dict(found)


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
