"""What the shell of every page shows: the statement at hand, the ways to go, the person, the colours."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import BigAutoField, Exists, OuterRef, Prefetch, QuerySet, SlugField, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commitments.domain.codes import Role
from commitments.models import Adoption, Change, Party, PlannerState, Statement, User
from commitments.models.permission import may_manage_people, may_take_in
from commitments.models.prepared import Given, prepared
from commitments.queries.past import past_shown
from commitments.views.counted_views import MOST_SHOWN, CountedView, counted, views_of

PAST_PAGES = frozenset({"overview", "commitment_list", "dashboard", "statement_dossier"})  # those that can look back
THEMES = {"system": _("Automatic"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE = "theme"
LANGUAGES = {"en": "English", "tr": "Türkçe", "ms": "Melayu"}  # each in itself, so that it is found by who needs it
PART_OF = {  # pages that stand under another one's entry
    "commitment_detail": "commitment_list",
    "commitment_history": "commitment_list",
    "commitment_date": "commitment_list",
    "change_status": "commitment_list",
    "change_commitments": "commitment_list",
    "saved_views": "commitment_list",
    "saved_view_edit": "commitment_list",
    "progress_note": "commitment_list",
    "nothing_new": "commitment_list",
    "reminder_preview": "reminder_list",
    "mail_detail": "reminder_list",
    "statement_changes": "statement_dossier",
    "dossier_order": "statement_dossier",
    "feeds": "calendar",
    "meeting_detail": "meeting_list",
    "meeting_compare": "meeting_list",
    "snooze": "commitment_list",
    "draft_new": "draft_list",
    "draft_detail": "draft_list",
    "draft_structure": "draft_list",
    "draft_part": "draft_list",
    "draft_part_split": "draft_list",
    "draft_proposals": "draft_list",
    "draft_proposal": "draft_list",
    "draft_add": "draft_list",
    "draft_refuse": "draft_list",
    "draft_split": "draft_list",
    "draft_leads": "draft_list",
    "draft_publish": "draft_list",
    "person_detail": "people",
    "person_absences": "people",
    "person_invite": "people",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the main navigation; a minor one moves into the menu on a phone."""

    name: str
    label: str
    icon: str
    href: str
    current: bool
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    statement: Statement | None = None
    has_several: bool = False
    nav: list[Way] = field(default_factory=list)
    demo: bool = False
    mark: str = ""
    place: str = ""
    standstill: PlannerState | None = None
    views: list[CountedView] = field(default_factory=list)

    @property
    def parties(self) -> str:
        return " – ".join(map(str, sides(self.statement))) if self.statement else ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: nothing is asked of the database until a template shows it."""
    return {
        "shell": SimpleLazyObject(lambda: shell_of(request)),
        "past": getattr(request, "past", None),
        "theme": theme_of(request),
        "themes": THEMES.items(),
        "languages": LANGUAGES.items(),
    }


def shell_of(request: HttpRequest) -> Shell:
    person = getattr(request, "user", None)
    demo = getattr(person, "beside_samples", None)
    if demo is None:
        demo = User.objects.filter(is_sample=True).exists()
    if person is None or not person.is_authenticated:
        return Shell(demo=demo)
    body = person.body
    return Shell(
        statement=statement_at_hand(request),
        has_several=has_several(request),
        nav=ways(request),
        views=saved_views(person),
        demo=demo,
        mark=body.party.code if body else "",
        place=format_lazy("{body}, {party}", body=body.name, party=body.party) if body else "",
        standstill=standstill(person),
    )


def saved_views(person: User) -> list[CountedView]:
    """The views in the sidebar; whether there are any came with the session's person."""
    if not getattr(person, "sees_views", True):
        return []
    return counted(views_of(person)[:MOST_SHOWN], person, timezone.localdate())


def standstill(person: User) -> PlannerState | None:
    """The planning of reminders where it stands still, for those who run things; it came with the session's person."""
    if not (person.is_staff or person.has_rank(Role.MANAGER)):
        return None
    if hasattr(person, "planned_at"):
        planner = PlannerState(pk=1, last_ok_at=person.planned_at, alarm=person.planning_alarm)
    else:
        planner = PlannerState.objects.get(pk=1)
    return planner if planner.alarm or planner.is_stale(timezone.now()) else None


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def visible_statements(request: HttpRequest) -> QuerySet[Statement]:
    """The statements this person may see, newest first, with their parties."""
    adoptions = Prefetch("adoptions", Adoption.objects.select_related("party").order_by("position"))
    return Statement.objects.visible_to(request.user).defer("text").prefetch_related(adoptions)


def readable(request: HttpRequest, slug: str) -> Statement:
    """The statement of that name, without its text; a 404 for who may not see it."""
    return get_object_or_404(Statement.objects.visible_to(request.user).defer("text"), slug=slug)


def newest_statements(request: HttpRequest) -> list[Statement]:
    """The newest two, asked once a request: enough to tell the only one there is from several."""
    if not hasattr(request, "_newest_statements"):
        request._newest_statements = list(visible_statements(request)[:2])
    return request._newest_statements


def has_several(request: HttpRequest) -> bool:
    """Whether this person may see more than one statement, so that addresses have to name it."""
    known = getattr(request.user, "sees_several", None)
    if known is not None:
        return known
    named = named_statement(request)
    return named.is_one_of_several if named else len(newest_statements(request)) > 1


def named_statement(request: HttpRequest) -> Statement | None:
    """The statement named in the address, asked once a request, and whether there are others beside it."""
    if not hasattr(request, "_named_statement"):
        slug, party = slug_in_address(request), request.user.party_id
        adoptions = adoptions_of(slug=slug, party=party) if slug and party else []
        request._named_statement = with_sides(adoptions) if adoptions else None
    return request._named_statement


@prepared(Adoption, slug=SlugField, party=BigAutoField)
def adoptions_of(slug: Given, party: Given) -> QuerySet[Adoption]:
    """The parties of the statement in the order of the page, where the party is one of them: with the statement, the
    last row of its history, and whether the party sees others beside it.
    """
    seen = Adoption.objects.filter(party=party).order_by()
    newest = Change.objects.filter(statement=OuterRef("statement")).order_by("-seq").values("seq")[:1]
    return (
        Adoption.objects.select_related("party", "statement")
        .defer("statement__text")
        .filter(Exists(seen.filter(statement=OuterRef("statement"))), statement__slug=slug)
        .annotate(
            is_one_of_several=Exists(seen.exclude(statement=OuterRef("statement"))), newest_change=Subquery(newest)
        )
        .order_by("position")
    )


def with_sides(adoptions: list[Adoption]) -> Statement:
    """The statement that these parties adopted, which knows them without being asked again."""
    statement = adoptions[0].statement
    statement.sides = [adoption.party for adoption in adoptions]
    statement.is_one_of_several = adoptions[0].is_one_of_several
    statement.newest_change = adoptions[0].newest_change
    return statement


def sides(statement: Statement) -> list[Party]:
    """The parties of the statement in the order of the page."""
    if hasattr(statement, "sides"):
        return statement.sides
    return [adoption.party for adoption in statement.adoptions.all()]


def statement_at_hand(request: HttpRequest) -> Statement | None:
    """The statement named in the address, else the only one there is; None where neither holds."""
    if slug_in_address(request):
        return named_statement(request)
    return None if has_several(request) else next(iter(newest_statements(request)), None)


def chosen_statement(request: HttpRequest) -> Statement | None:
    """As `statement_at_hand`, but an unknown name in the address is a 404."""
    statement = statement_at_hand(request)
    if statement is None and slug_in_address(request):
        raise Http404
    return statement


def slug_in_address(request: HttpRequest) -> str:
    match = request.resolver_match
    named = (match.kwargs.get("slug", "") if match else "") or request.GET.get("statement", "")
    return named.replace("\x00", "")  # PostgreSQL can compare no text with one


def ways(request: HttpRequest) -> list[Way]:
    statement = statement_at_hand(request)
    several = has_several(request)
    query = {"statement": statement.slug} if statement and several else {}
    past = {"as_of": past_shown().day.isoformat()} if past_shown() else {}
    here = request.resolver_match.url_name if request.resolver_match else ""

    def way(name: str, label: str, icon: str, *, args: tuple[str, ...] = (), minor: bool = False) -> Way:
        asked = urlencode(({} if args else query) | (past if name in PAST_PAGES else {}))
        href = reverse(name, args=args) + (f"?{asked}" if asked else "")
        return Way(name, label, icon, href, current=PART_OF.get(here, here) == name, minor=minor)

    entries = [
        way("overview", _("Overview"), "home"),
        way("commitment_list", _("Commitments"), "list"),
        way("statement_detail", _("Statement"), "doc", args=(statement.slug,)) if statement else None,
        way("my_work", _("My work"), "inbox"),
        way("calendar", _("Calendar"), "cal", minor=True),
        way("dashboard", _("Dashboard"), "filter", minor=True),
        way("statement_dossier", _("Dossier"), "doc", args=(statement.slug,), minor=True) if statement else None,
        way("meeting_list", _("Meetings"), "meet", args=(statement.slug,), minor=True) if statement else None,
        way("reminder_list", _("Reminders"), "bell", minor=True) if request.user.has_rank(Role.MANAGER) else None,
        way("date_changes", _("Dates to decide"), "cal", minor=True) if may_manage_people(request.user) else None,
        way("draft_list", _("Drafts"), "note", minor=True) if may_take_in(request.user) else None,
        way("history", _("History"), "clock", minor=True),
        way("people", _("People"), "user", minor=True) if may_manage_people(request.user) else None,
    ]
    return [entry for entry in entries if entry]
