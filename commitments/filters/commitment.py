"""The filters of commitments: one set for the page, and for everything that reads its address."""

import re
from collections.abc import Hashable
from datetime import date, timedelta
from functools import cache, lru_cache, partial

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain import codes
from commitments.domain.status import ORDER
from commitments.domain.text import search_words
from commitments.filters.widgets import QuickSelect
from commitments.models import Adoption, Assignment, Body, Commitment, Party, Section, Statement, Theme, User
from commitments.models.conditions import (
    TROUBLE,
    confidence_is,
    is_overdue,
    least_rank,
    needs_attention,
    never_reported,
    newest_word,
    parts_of_commitment,
    unsettled,
    update_is_due,
)
from commitments.models.keys import Key, Order, ordered
from commitments.models.words import Confidence, Kind, Status, Strength

LONGEST_QUERY = 200  # characters
NONE = "none"
NOT_POSITION = "not_position"
KINDS = [(NOT_POSITION, _("All but positions")), *Kind.choices]
DUE = [
    ("overdue", _("Overdue")),
    ("30", _("Due within 30 days")),
    ("90", _("Due within 90 days")),
    ("year", _("Date in this year")),
    ("dated", _("With a date")),
    (NONE, _("No date")),
]
FRESHNESS = [
    ("due", _("Update due")),
    ("fresh", _("Up to date")),
    ("never", _("No word yet")),
]
CONFIDENCE = [("trouble", _("At risk or off track")), *Confidence.choices]
ATTENTION = [("yes", _("Needs attention"))]
SORTS = {
    "text": pgettext_lazy("sort order", "Order of the text"),
    "title": pgettext_lazy("sort order", "Title"),
    "status": pgettext_lazy("sort order", "Status, least advanced first"),
    "-status": pgettext_lazy("sort order", "Status, most advanced first"),
    "due": pgettext_lazy("sort order", "Date, earliest first"),
    "-due": pgettext_lazy("sort order", "Date, latest first"),
    "updated": pgettext_lazy("sort order", "Last update, oldest first"),
    "-updated": pgettext_lazy("sort order", "Last update, newest first"),
}
REF = re.compile(r"^\d+[a-z]?\.\d+$")


class CommitmentFilter(django_filters.FilterSet):
    """Reads the address of the list. `side` narrows status, dates, freshness and confidence to one party's part;
    without it the status is that of the less advanced side, and the others hold where they hold for any side.

    By whose `eyes` rows are chosen: the person's, or nobody's where the rows go to every side.
    """

    q = django_filters.CharFilter(label=_("Words"), method="by_words", max_length=LONGEST_QUERY)
    section = django_filters.ModelChoiceFilter(
        label=_("Section"), queryset=Section.objects.none(), to_field_name="position", empty_label=_("Any section")
    )
    theme = django_filters.ChoiceFilter(label=_("Theme"), method="by_theme", empty_label=_("Any theme"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, method="by_kind", empty_label=_("Any kind"))
    strength = django_filters.ChoiceFilter(label=_("Wording"), choices=Strength.choices, empty_label=_("Any wording"))
    side = django_filters.ModelChoiceFilter(
        label=_("Side"),
        queryset=Party.objects.none(),
        to_field_name="code",
        method="by_side",
        empty_label=_("Both sides"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Status.choices, method="by_status", empty_label=_("Any status")
    )
    confidence = django_filters.ChoiceFilter(
        label=_("Confidence"), choices=CONFIDENCE, method="by_confidence", empty_label=_("Any confidence")
    )
    lead = django_filters.ChoiceFilter(label=_("Lead body"), method="by_lead", empty_label=_("Any lead body"))
    officer = django_filters.ChoiceFilter(
        label=_("Desk officer"), method="by_officer", empty_label=_("Any desk officer")
    )
    due = django_filters.ChoiceFilter(label=_("Date"), choices=DUE, method="by_due", empty_label=_("Any date"))
    freshness = django_filters.ChoiceFilter(
        label=_("Last update"), choices=FRESHNESS, method="by_freshness", empty_label=_("Any last update")
    )
    attention = django_filters.ChoiceFilter(
        label=_("Attention"), choices=ATTENTION, method="by_attention", empty_label="—"
    )
    sort = django_filters.ChoiceFilter(
        label=_("Sort by"), choices=list(SORTS.items()), method="by_sort", empty_label=None
    )

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(
        self,
        *args: object,
        person: User,
        today: date,
        statement: Statement | None = None,
        eyes: User | None = None,
        **kwargs: object,
    ) -> None:
        self.person, self.today, self.statement = person, today, statement
        self.eyes = eyes or person
        super().__init__(*args, **kwargs)
        for name, chooser in self.filters.items():
            if isinstance(chooser, django_filters.ChoiceFilter | django_filters.ModelChoiceFilter):
                chooser.extra["widget"] = QuickSelect(key=self.offered_to(name))
        statements = Statement.objects.visible_to(person).order_by()
        if statement:
            statements = statements.filter(pk=statement.pk)
            self.filters["section"].queryset = statement.sections.all()
        adoptions = Adoption.objects.filter(party=OuterRef("pk"), statement__in=statements)
        self.filters["side"].queryset = Party.objects.filter(Exists(adoptions))
        self.filters["theme"].extra["choices"] = cache(theme_choices)
        for name, choices in (("lead", lead_choices), ("officer", officer_choices)):
            chosen = str(self.data.get(name) or "")
            self.filters[name].extra["choices"] = cache(partial(choices, statement, person, chosen))

    def offered_to(self, name: str) -> Hashable:
        """All that the options of a select depend on, but the time and the one that is chosen."""
        statement = self.statement and self.statement.pk
        return name, statement, self.person.party_id, self.today, str(self.data.get(name) or "")

    @property
    def party(self) -> Party | None:
        return self.form.cleaned_data.get("side")

    def parts(self) -> QuerySet[Assignment]:
        """The assignments that the filters speak of: one side's where a side is chosen, else every side's."""
        parts = parts_of_commitment()
        return parts.filter(party=self.party) if self.party else parts

    def where_a_part(self, rows: QuerySet[Commitment], condition: Q) -> QuerySet[Commitment]:
        return rows.filter(Exists(self.parts().filter(condition)))

    def by_words(self, rows: QuerySet[Commitment], name: str, words: str) -> QuerySet[Commitment]:
        """Words folded as the text is; a number such as 20.2 is the reference itself.

        Each word begins one of the statement's own words, or of a lead body's short name or its name in its own
        language; an English name such as "Ministry of Trade" would bring up all that it leads for a word of the text.
        """
        if REF.match(words):
            return rows.filter(ref=words)
        wanted = search_words(words).split()
        if not wanted:
            return rows.none()
        names = list(Body.objects.order_by().values_list("pk", "short", "name_own"))
        for word in wanted:
            found = Q(search_text__has_word=word)
            leads = [key for key, *called in names if f" {word}" in words_of_names(*called)]
            if leads:
                led = Assignment.objects.order_by().filter(lead__in=leads).values("commitment")
                found = Q(pk__in=Commitment.objects.order_by().filter(found).values("pk").union(led))
            rows = rows.filter(found)
        return rows

    def by_theme(self, rows: QuerySet[Commitment], name: str, code: str) -> QuerySet[Commitment]:
        return rows.filter(theme_rows=None) if code == NONE else rows.filter(theme_rows__theme__code=code)

    def by_kind(self, rows: QuerySet[Commitment], name: str, kind: str) -> QuerySet[Commitment]:
        return rows.exclude(kind=Kind.POSITION) if kind == NOT_POSITION else rows.filter(kind=kind)

    def by_side(self, rows: QuerySet[Commitment], name: str, party: Party) -> QuerySet[Commitment]:
        return self.where_a_part(rows, Q()) if party else rows

    def by_status(self, rows: QuerySet[Commitment], name: str, status: str) -> QuerySet[Commitment]:
        if self.party:
            return self.where_a_part(rows, Q(status=status))
        return rows.alias(least=least_rank()).filter(least=ORDER.index(codes.Status(status)))

    def by_confidence(self, rows: QuerySet[Commitment], name: str, code: str) -> QuerySet[Commitment]:
        wanted = TROUBLE if code == "trouble" else [codes.Confidence(code)]
        return self.where_a_part(rows, confidence_is(self.eyes, *wanted))

    def by_lead(self, rows: QuerySet[Commitment], name: str, code: str) -> QuerySet[Commitment]:
        """By the body's key, which lets the database choose the quickest way."""
        lead = None if code == NONE else Body.objects.filter(code=code).values_list("pk", flat=True).first()
        return self.where_a_part(rows, Q(lead=lead))

    def by_officer(self, rows: QuerySet[Commitment], name: str, pk: str) -> QuerySet[Commitment]:
        return self.where_a_part(rows, Q(officer=None) if pk == NONE else Q(officer=pk))

    def by_due(self, rows: QuerySet[Commitment], name: str, due: str) -> QuerySet[Commitment]:
        if due == NONE:
            return rows.filter(due_on=None)
        if due == "dated":
            return rows.filter(due_on__isnull=False)
        if due == "year":
            return rows.filter(due_on__year=self.today.year)
        if due == "overdue":
            return self.where_a_part(rows, is_overdue(self.today))
        last = self.today + timedelta(days=int(due))
        return self.where_a_part(rows.filter(due_on__range=(self.today, last)), unsettled())

    def by_freshness(self, rows: QuerySet[Commitment], name: str, code: str) -> QuerySet[Commitment]:
        if code == "never":
            return self.where_a_part(rows, never_reported(self.eyes))
        due = Exists(self.parts().filter(update_is_due(self.eyes, self.today)))
        return rows.filter(due) if code == "due" else rows.exclude(due)

    def by_attention(self, rows: QuerySet[Commitment], name: str, code: str) -> QuerySet[Commitment]:
        return self.where_a_part(rows, needs_attention(self.eyes, self.today))

    def by_sort(self, rows: QuerySet[Commitment], name: str, sort: str) -> QuerySet[Commitment]:
        extra = {"status": {"least": least_rank()}, "updated": {"newest": newest_word(self.eyes)}}
        return ordered(rows.annotate(**extra.get(sort.lstrip("-"), {})), ORDERS.get(sort, TEXT_ORDER))

    @property
    def order(self) -> Order:
        """The order of the rows, key by key."""
        return ORDERS.get(self.form.cleaned_data.get("sort"), TEXT_ORDER)


TEXT_ORDER = (Key("statement__adopted_on", descending=True), Key("statement_id"), Key("position"))
ORDERS: dict[str, Order] = {
    sort: (key, Key("statement_id"), Key("position"))
    for sort, key in {
        "title": Key("title"),
        "status": Key("least", nulls_first=True),
        "-status": Key("least", descending=True, nulls_first=False),
        "due": Key("due_on", nulls_first=False),
        "-due": Key("due_on", descending=True, nulls_first=False),
        "updated": Key("newest", nulls_first=True),
        "-updated": Key("newest", descending=True, nulls_first=False),
    }.items()
}


@lru_cache(maxsize=2048)
def words_of_names(short: str, name: str) -> str:
    """The folded words of a body's names, each after a space."""
    return f" {search_words(f'{short} {name}')}"


Choices = list[tuple[str, str]]


def theme_choices() -> Choices:
    """Those in use, and those that some commitment still has."""
    return [*((theme.code, str(theme)) for theme in Theme.objects.offered()), (NONE, _("No theme"))]


def lead_choices(statement: Statement | None, person: User, chosen: str) -> list[tuple[str, Choices | str]]:
    """The active bodies of the statement's parties, in groups by party; over several statements those of the own
    party, and the one that is chosen.
    """
    offered = Q(party__statements=statement) if statement else Q(party=person.party_id) | Q(code=chosen)
    bodies = Body.objects.active().filter(offered)
    groups: dict[str, Choices] = {}
    for body in bodies.select_related("party").order_by("party__code", "short"):
        groups.setdefault(str(body.party), []).append((body.code, f"{body.short} – {body.name}"))
    return [(NONE, _("No lead body")), *groups.items()]


NAMED = ("name", "email", "erased_at")  # what a person's name is made of


def officer_choices(statement: Statement | None, person: User, chosen: str) -> Choices:
    """Everybody who is named as desk officer of an assignment; over several statements those of the own party, and
    the one that is chosen.
    """
    named = Assignment.objects.filter(officer=OuterRef("pk"))
    people = User.objects.filter(Exists(named.filter(commitment__statement=statement) if statement else named))
    if statement is None:
        key = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
        people = people.filter(Q(body__party=person.party_id) | Q(pk=key))
    return [
        (NONE, _("No desk officer")),
        *((str(found.pk), str(found)) for found in people.only(*NAMED).order_by("name", "pk")),
    ]
