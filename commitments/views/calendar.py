"""The calendar: one month of dates, as a table or, on a phone, an agenda."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commitments.forms.month import MonthForm
from commitments.models.words import Whose
from commitments.queries.month import Scope, month_of
from commitments.views.context import chosen_statement, has_several, visible_statements

MOST_STATEMENTS = 50  # in the choice; any other is reached from its own pages


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The month that is asked for, else the one of today; what cannot be read is said, and today's month shown."""
    today, statement = timezone.localdate(), chosen_statement(request)
    form = MonthForm(request.GET.dict(), today=today)
    shown = form if form.is_valid() else MonthForm({}, today=today)
    shown.full_clean()
    scope = Scope(request.user, Whose(shown.cleaned_data["whose"]), statement)
    language = (get_language() or "en").partition("-")[0]
    weekday = (get_format("FIRST_DAY_OF_WEEK") - 1) % 7  # Django counts from Sunday, the standard library from Monday
    statements = list(visible_statements(request)[:MOST_STATEMENTS]) if has_several(request) else []
    if statement and statements and statement not in statements:
        statements.append(statement)
    context = {
        "form": form,
        "month": month_of(scope, shown.first, today, first_weekday=weekday, language=language),
        "whose": scope.whose,
        "today": today,
        "statement": statement,
        "statements": statements,
        **shown.neighbours(),
    }
    return render(request, "calendar/calendar.html", context, status=200 if form.is_valid() else 422)
