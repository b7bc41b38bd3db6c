"""Indicators that a side adds: its coordinator's, for every side to see, and never told as the statement's own."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.indicator import NewIndicator, NewMeasurement, add_indicator, add_measurement
from commitments.domain.codes import Precision, Role
from commitments.models import Act, Change, Commitment, Indicator
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import browser_of, page_of, words

pytestmark = pytest.mark.django_db
STUDENTS = NewIndicator("Students", "people", target=Decimal(900), day=date(2030, 1, 1))


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def coordinator(ours):
    return make_user(Role.COORDINATOR, make_body("TR"))


def test_a_coordinator_adds_what_is_measured(ours, coordinator):
    indicator = add_indicator(ours.commitment, STUDENTS, by=coordinator, at=AT)

    assert (indicator.target_on, indicator.target_precision) == (date(2030, 12, 31), Precision.YEAR)
    assert Change.objects.get().act == Act.INDICATOR_ADDED


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewIndicator(" ", "people"), "no_name"),
        (NewIndicator("Students", ""), "no_unit"),
        (NewIndicator("Students", "people", day=date(2030, 1, 1)), "needs_target"),
        (NewIndicator("Students", "people", target=Decimal(1), day=date(9030, 1, 1)), "far_off"),
        (NewIndicator("Trade", "people"), "name_taken"),
    ],
)
def test_what_measures_nothing_is_refused(ours, coordinator, new, code):
    Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD")

    with pytest.raises(ValidationError) as refused:
        add_indicator(ours.commitment, new, by=coordinator, at=AT)

    assert refused.value.code == code


def test_an_officer_adds_none(ours):
    with pytest.raises(PermissionDenied):
        add_indicator(ours.commitment, STUDENTS, by=make_user(body=ours.lead), at=AT)


def test_the_page_tells_whose_target_it_is_and_the_pace_towards_it(ours, coordinator):
    indicator = add_indicator(ours.commitment, STUDENTS, by=coordinator, at=AT)
    for year, value in ((2023, 400), (2025, 500)):
        new = NewMeasurement(Decimal(value), date(year, 1, 1), Precision.YEAR, "Council")
        add_measurement(indicator, new, by=coordinator, at=AT)

    response = browser_of(coordinator).get(page_of(ours.commitment))

    page = words(response)
    assert "Target set by Türkiye: 900 people by 2030. No baseline is set." in page
    assert "Türkiye +50 a year +80 a year 750" in page
    assert response.content.count(b'class="pace-needed"') == 3  # its key, and the chart in two sizes


def test_the_commitments_own_date_is_the_year_of_a_target_without_one(ours, coordinator):
    Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD", target=10)
    Commitment.objects.update(due_on=date(2030, 12, 31), due_precision="year", due_basis="set")

    page = words(browser_of(coordinator).get(page_of(ours.commitment)))

    assert "Target in the statement: 10 USD, without a year." in page
    assert "The parties have set a date for the commitment: 2030." in page
