"""Pages as they stood on a day: the day is in the address (`as_of=2026-10-01`) and ends where the reader is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.queries.past import looking_back, past_shown
from commitments.views.context import statement_at_hand

FIELD = "as_of"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class PastChoice:
    """The day that a page shows, or none for the present; what is wrong with the one that was asked for."""

    day: date | None
    wrong: str
    today: date
    kept: list[tuple[str, str]]
    present: str


def as_it_stood(view: View) -> View:
    """The page as it stood at the end of the day in its address; one that cannot be shown is said to be so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.past = past_choice(request)
        if request.past.day is None:
            return view(request, *args, **kwargs)
        with looking_back(request.past.day):
            response = view(request, *args, **kwargs)
            if response.streaming:  # its rows are asked for here, not once the look back is over
                response.streaming_content = list(response.streaming_content)
            return response

    return shown


def today_of(request: HttpRequest) -> date:
    """The day that the page speaks of: the one it looks back to, else today."""
    past: PastChoice | None = getattr(request, "past", None)
    return (past and past.day) or timezone.localdate()


def moment_shown() -> datetime:
    """The moment that a file speaks of: the last one of the day that it looks back to, else now."""
    shown = past_shown()
    return shown.last_moment if shown else timezone.now()


def past_choice(request: HttpRequest) -> PastChoice:
    day, wrong = chosen_day(request, request.GET.get(FIELD, ""))
    rest = request.GET.copy()
    rest.pop(FIELD, None)
    rest.pop("page", None)
    return PastChoice(
        day=day,
        wrong=wrong,
        today=timezone.localdate(),
        kept=list(rest.items()),
        present="?" + rest.urlencode(),
    )


def chosen_day(request: HttpRequest, given: str) -> tuple[date | None, str]:
    """The day as given, or what is wrong with it: unreadable, not over yet, before the statement."""
    if not given.strip():
        return None, ""
    try:
        day = date.fromisoformat(given.strip())
    except ValueError:
        return None, _("“%(given)s” is not a day: write it as 2026-10-01.") % {"given": given[:40]}
    if day > timezone.localdate():
        return None, _("%(day)s has not come yet.") % {"day": date_format(day)}
    statement = statement_at_hand(request)
    if statement and day < statement.adopted_on:
        words = {"day": date_format(day), "adopted": date_format(statement.adopted_on)}
        return None, _("Nothing stood yet on %(day)s: the statement was adopted on %(adopted)s.") % words
    return day, ""
