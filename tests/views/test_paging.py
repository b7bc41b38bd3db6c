"""Pages by number and by key are cuts of one and the same list, whatever the order, on both databases."""

import re

import pytest
from django.http import QueryDict

from commitments.actions.generating import Plan, generate
from commitments.filters.commitment import SORTS, CommitmentFilter
from commitments.models import Commitment, User
from commitments.models.keys import before_row, from_row, ordered
from commitments.queries import counting
from commitments.views import paging
from commitments.views.paging import paged
from tests.make import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    list(generate(Plan(commitments=130, notes=1, seed=5, today=TODAY)))
    return User.objects.filter(body__party__adoptions__isnull=False, role="officer").order_by("pk").first()


def chosen(person, query=""):
    rows = Commitment.objects.visible_to(person).in_text_order()
    return CommitmentFilter(QueryDict(query), rows, person=person, today=TODAY)


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_by_key_begins_with_its_row_and_ends_before_it(person, sort):
    found = chosen(person, f"sort={sort}")
    rows = list(found.qs)

    for at in (0, 1, 40, 77, len(rows) - 1):
        assert from_row(found.qs, found.order, rows[at].pk, 30) == rows[at : at + 30], at
        assert before_row(found.qs, found.order, rows[at].pk, 30) == rows[max(0, at - 30) : at], at
    assert rows == list(ordered(found.qs, found.order))


def test_a_row_that_is_not_in_the_list_begins_no_page(person):
    found = chosen(person, "kind=position")
    other = Commitment.objects.exclude(kind="position").first()

    assert from_row(found.qs, found.order, other.pk, 30) is None
    assert paged(found.qs, found.order, QueryDict(f"page=2&from={other.pk}"), 10).number == 2


def test_beyond_the_bound_the_list_goes_on_from_page_to_page_and_back(person, monkeypatch):
    for module in (counting, paging):
        monkeypatch.setattr(module, "MOST_COUNTED", 40)
    monkeypatch.setattr(counting.count_up_to, "__defaults__", (40,))
    found = chosen(person)
    rows = list(found.qs)
    seen, back, address = [], [], "?page=1"

    while address:
        page = paged(found.qs, found.order, QueryDict(address.removeprefix("?")), 10)
        seen += page.rows
        address = page.next
    last = page
    while page.previous:
        page = paged(found.qs, found.order, QueryDict(page.previous.removeprefix("?")), 10)
        back = page.rows + back

    assert seen == rows
    assert back + last.rows == rows
    assert last.number == -(-len(rows) // 10)
    assert (last.counted.number, last.counted.is_more) == (40, True)


def test_a_long_list_says_more_than_and_counts_no_further(person, client, monkeypatch):
    monkeypatch.setattr(counting.count_up_to, "__defaults__", (40,))
    client.force_login(person)

    html = client.get("/commitments/").content.decode()

    assert "More than 40 commitments" in html
    assert re.search(r'rel="next" href="([^"]+)"', html)[1] == "?page=2"
