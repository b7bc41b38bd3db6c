"""Feeds for calendars and readers: fetched by a secret address, made and ended on the person's own page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.feed import end_feed, make_feed
from commitments.exchange.calendar_ics import MEDIA_TYPE, own_calendar
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.words import scope_of
from commitments.models import Commitment, FeedAddress, FeedKind, SavedView, Statement, User
from commitments.queries.feed import changes_in, feeds_of, own_dates
from commitments.queries.history import Line, lines
from commitments.templatetags.told import act_words, fact_after, fact_before
from commitments.views.downloads import facts_line


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The person's addresses, and what addresses can be made."""
    own = list(feeds_of(request.user))
    taken = {feed.view_id for feed in own}
    context = {
        "feeds": [(feed, address(feed)) for feed in own],
        "has_calendar": None in taken,
        "views": [view for view in SavedView.objects.visible_to(request.user) if view.pk not in taken],
    }
    return render(request, "feeds/feeds.html", context)


@require_POST
def feed_make(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("view", "")
    view = None
    if chosen:
        key = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
        view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=key)
    make_feed(request.user, view, at=timezone.now())
    messages.success(request, _("The address is made. Whoever has it reads what you may see: pass it to nobody."))
    return redirect("feeds")


@require_POST
def feed_end(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(FeedAddress, pk=pk, person=request.user)
    end_feed(feed, by=request.user, at=timezone.now())
    messages.success(request, _("The address has ended; nobody can read it any more."))
    return redirect("feeds")


@login_not_required
@require_safe
def feed_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The person's dates as they are now."""
    feed = open_feed(token, FeedKind.CALENDAR)
    person, now = feed.person, timezone.now()
    with translation.override(person.language):
        name = _("Dates of %(person)s") % {"person": person}
        about = facts_line(person, name, now)
    content = own_calendar(own_dates(person), name=name, about=about, language=person.language, at=now)
    return fetched(content, f"{MEDIA_TYPE}; charset=utf-8")


@login_not_required
@require_safe
def feed_changes(request: HttpRequest, token: str) -> HttpResponse:
    """The newest changes of a saved view, in the person's language."""
    feed = open_feed(token, FeedKind.CHANGES)
    if not SavedView.objects.visible_to(feed.person).filter(pk=feed.view_id).exists():
        raise Http404
    with translation.override(feed.person.language):
        return fetched(atom(feed), Atom1Feed.content_type)


def open_feed(token: str, kind: FeedKind) -> FeedAddress:
    """The feed behind the address; a 404 where it has ended, is of another kind, or its person's account is closed."""
    feed = FeedAddress.of(token)
    if feed is None or feed.kind != kind or not feed.person.is_active:
        raise Http404
    return feed


def atom(feed: FeedAddress) -> str:
    view, chosen = feed.view, filter_of(feed.view, feed.person)
    rows = chosen.qs if chosen.is_valid() else chosen.queryset.none()  # none where a filter cannot be read any more
    what = _("Changes of the commitments in this view, as %(person)s may see them") % {"person": feed.person}
    found = Atom1Feed(
        title=view.name,
        link=f"{settings.SITE_URL}{reverse('commitment_list')}?{view.query}",
        subtitle=f"{what}. {facts_line(feed.person, scope_of(chosen), timezone.now())}",
        description="",
        language=feed.person.language,
        feed_url=address(feed),
        feed_guid=tag("feed", feed.pk),
    )
    for line in lines(changes_in(rows, feed.person), feed.person):
        add_entry(found, line)
    return found.writeString("utf-8")


def add_entry(found: Atom1Feed, line: Line) -> None:
    change = line.change
    commitment = change.commitment
    before, after = fact_before(line), fact_after(line)
    step = f"{before} → {after}" if before and after else after or before
    found.add_item(
        title=f"{commitment.ref} {commitment.title}: {act_words(line)}",
        link=settings.SITE_URL + reverse("commitment_detail", args=[change.statement.slug, commitment.ref]),
        description="\n".join(filter(None, [step, line.text])),
        unique_id=tag("change", change.seq),
        updateddate=change.at,
        pubdate=change.at,
        author_name=str(change.by or _("The system")),
    )


def filter_of(view: SavedView, person: User) -> CommitmentFilter:
    """What the view holds for this person now."""
    query = QueryDict(view.query)
    statement = Statement.objects.visible_to(person).filter(slug=query.get("statement", "")).first()
    rows = Commitment.objects.visible_to(person)
    rows = rows.filter(statement=statement) if statement else rows
    return CommitmentFilter(query, rows, person=person, today=timezone.localdate(), statement=statement)


def tag(kind: str, key: int) -> str:
    """A name for good (RFC 4151)."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return f"tag:{host},2026:{kind}/{key}"


def address(feed: FeedAddress) -> str:
    name = "feed_calendar" if feed.kind == FeedKind.CALENDAR else "feed_changes"
    return settings.SITE_URL + reverse(name, args=[feed.token])


def fetched(content: bytes | str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
