"""The filters of the history: one set for the page and its CSV."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Act, Body, Change, Party, Statement, User

SCOPES = ("statement", "ref", "person", "body")


def day_field(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label, field_name="at", lookup_expr=lookup, widget=forms.DateInput(attrs={"type": "date"})
    )


class HistoryFilter(django_filters.FilterSet):
    """Reads the address: which commitment, person or body it is about, what was done, by which side, and when."""

    statement = django_filters.CharFilter(field_name="statement__slug", max_length=80)
    ref = django_filters.CharFilter(field_name="commitment__ref", max_length=16)
    person = django_filters.ModelChoiceFilter(
        label=_("Person"), queryset=User.objects.none(), method="by_person", empty_label=_("Anybody")
    )
    body = django_filters.ModelChoiceFilter(
        label=_("Body"),
        queryset=Body.objects.none(),
        to_field_name="code",
        method="by_body",
        empty_label=_("Any body"),
    )
    act = django_filters.ChoiceFilter(label=_("What was done"), choices=Act.choices, empty_label=_("Anything"))
    side = django_filters.ModelChoiceFilter(
        label=_("Side"),
        field_name="by__body__party",
        queryset=Party.objects.none(),
        to_field_name="code",
        empty_label=_("Any side"),
    )
    since = day_field(_("From"), "date__gte")
    until = day_field(_("To"), "date__lte")

    class Meta:
        model = Change
        fields: list[str] = []

    def __init__(self, *args: object, viewer: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        parties = Party.objects.filter(statements__in=Statement.objects.visible_to(viewer)).distinct()
        self.filters["side"].queryset = parties
        self.filters["body"].queryset = Body.objects.filter(party__in=parties).select_related("party")
        self.filters["person"].queryset = known_people(viewer)

    def by_person(self, rows: QuerySet[Change], name: str, person: User | None) -> QuerySet[Change]:
        """What the person did, and what was done to the person's account."""
        if person is None:
            return rows
        return rows.filter(Q(by=person) | Q(act=Act.PERSON_CHANGED, after__person=person.pk))

    def by_body(self, rows: QuerySet[Change], name: str, body: Body | None) -> QuerySet[Change]:
        """What the body's people did, and what was done about the commitments that it leads."""
        return rows.filter(Q(by__body=body) | Q(assignment__lead=body)) if body else rows


def known_people(viewer: User) -> QuerySet[User]:
    """The people of the own side, and those of others whose acts the viewer may see."""
    acted = Change.objects.visible_to(viewer).filter(by=OuterRef("pk"))
    return User.objects.filter(Q(body__party=viewer.party_id) | Exists(acted), body__isnull=False).order_by(
        "name", "pk"
    )
