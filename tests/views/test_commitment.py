"""The page of one commitment: its words, both sides, its figures, its history, to each what they may see."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.assignment import name_officer
from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.actions.progress import NewEvidence, NewNote, confirm_nothing_new, give_confidence, record_progress
from commitments.domain.codes import Basis, Cadence, Confidence, Precision, Role, Status, Visibility
from commitments.models import Indicator, Measurement
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import address, browser_of, page_of, words

pytestmark = pytest.mark.django_db
CEILING = 33


@pytest.fixture
def commitment():
    return make_commitment()


@pytest.fixture
def ours(commitment):
    return make_assignment(commitment, "TR")


@pytest.fixture
def theirs(commitment):
    return make_assignment(commitment, "MY")


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


@pytest.fixture
def counterpart(theirs):
    return make_user(body=theirs.lead)


def test_the_quote_stands_in_its_paragraph_word_for_word(ours, officer):
    html = browser_of(officer).get(page_of(ours.commitment)).content.decode()

    assert "<mark>The Leaders agreed to expand trade</mark>. They instructed the Ministers" in html


def test_sub_paragraphs_keep_their_breaks():
    text = "First part of it.\n\nSecond part, agreed & signed."
    commitment = make_commitment(make_statement(text=text), start=19, end=30)

    html = browser_of(make_user()).get(page_of(commitment)).content.decode()

    assert "<p>First part of it.</p><p><mark>Second part</mark>, agreed &amp; signed.</p>" in html


def test_both_sides_stand_side_by_side_in_the_order_of_the_statement(ours, theirs, officer):
    text = words(browser_of(officer).get(page_of(ours.commitment)))

    assert "Türkiye Malaysia Status" in text


def test_a_lead_is_a_suggestion_until_a_coordinator_confirms_it(ours, officer):
    ours.lead_is_suggested = True
    ours.save()
    coordinator = browser_of(make_user(Role.COORDINATOR))

    assert "suggested, not confirmed" in words(browser_of(officer).get(page_of(ours.commitment)))
    response = coordinator.post(address("assignment_lead", ours), {"lead": ours.lead_id})

    assert response.status_code == 302
    text = words(coordinator.get(page_of(ours.commitment)))
    assert "suggested, not confirmed" not in text
    assert f"set the lead body: {ours.lead.name_en}" in text


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ((date(2028, 12, 31), Precision.YEAR, Basis.TEXT), "2028, in the text"),
        ((date(2026, 11, 9), Precision.DAY, Basis.EXTERNAL), "9 Nov 2026, from a fact outside the text"),
        ((date(2026, 12, 31), Precision.QUARTER, Basis.SET), "Q4 2026, set by the parties"),
        (None, "No date in the text"),
    ],
)
def test_a_date_is_shown_with_its_precision_and_its_basis(due, shown):
    commitment = make_commitment(due=due)

    assert shown in words(browser_of(make_user()).get(page_of(commitment)))


def test_a_stranger_is_sent_to_sign_in(commitment):
    response = Client().get(page_of(commitment))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_a_commitment_of_a_statement_of_others_is_not_there(commitment):
    stranger = make_user(body=make_body("JP"))

    assert browser_of(stranger).get(page_of(commitment)).status_code == 404


def test_a_person_of_no_side_sees_nothing(commitment):
    administrator = make_user(is_staff=True, is_superuser=True)
    administrator.body = None
    administrator.save()

    assert browser_of(administrator).get(page_of(commitment)).status_code == 404


def test_who_may_not_write_has_no_form(ours, counterpart):
    for person in (counterpart, make_user(Role.READER, body=ours.lead), make_user(body=make_body("TR"))):
        html = browser_of(person).get(page_of(ours.commitment)).content.decode()
        assert address("progress_note", ours) not in html
        assert address("nothing_new", ours) not in html


def test_the_other_side_learns_nothing_from_a_note_kept_to_one_side(ours, officer, counterpart):
    evidence = [NewEvidence("canary-link", url="https://canary.example")]
    new = NewNote("canary-text", next_steps="canary-steps", visibility=Visibility.OWN, evidence=evidence)
    record_progress(ours, new, by=officer, at=AT)
    own = browser_of(officer).get(page_of(ours.commitment))
    other = browser_of(counterpart).get(page_of(ours.commitment))

    assert own.content.count(b"canary") == 4
    assert b"canary" not in other.content
    assert "Türkiye only" in words(own)
    assert "Nothing has been recorded yet" in words(other)
    assert "Last word never" in words(other)
    assert "Evidence None" in words(other)
    assert "Evidence Documented" in words(own)


def test_the_status_step_of_a_hidden_note_is_told_to_the_other_side_without_it(ours, officer, counterpart):
    new = NewNote("canary", status=Status.UNDER_WAY, visibility=Visibility.OWN)
    record_progress(ours, new, by=officer, at=AT)

    other = words(browser_of(counterpart).get(page_of(ours.commitment)))
    own = words(browser_of(officer).get(page_of(ours.commitment)))

    assert other.count("changed the status") == own.count("changed the status") == 1
    assert "canary" not in other


def test_a_hidden_correction_of_a_shared_note_leaves_no_trace_for_the_other_side(ours, officer, counterpart):
    first = record_progress(ours, NewNote("Shared"), by=officer, at=AT)
    ours.refresh_from_db()
    hidden = NewNote("Corrected", visibility=Visibility.OWN, corrects=first)
    second = record_progress(ours, hidden, by=officer, at=AT + timedelta(days=1))

    own = words(browser_of(officer).get(page_of(ours.commitment)))
    other = browser_of(counterpart).get(page_of(ours.commitment))

    assert "Corrected on 25 Nov 2026" in own
    assert "Corrects the note of 24 Nov 2026" in own
    assert "orrect" not in words(other)
    assert f'"n{second.pk}"' not in other.content.decode()
    assert f"#n{second.pk}" not in other.content.decode()


def test_a_shared_correction_of_a_hidden_note_does_not_point_to_it(ours, officer, counterpart):
    first = record_progress(ours, NewNote("Hidden", visibility=Visibility.OWN), by=officer, at=AT)
    record_progress(ours, NewNote("Open", corrects=first), by=officer, at=AT)

    assert "Corrects the note" not in words(browser_of(counterpart).get(page_of(ours.commitment)))


def test_confidence_is_seen_by_the_other_side_only_where_it_is_shared(ours, officer, counterpart):
    manager = make_user(Role.MANAGER, body=ours.lead)
    give_confidence(ours, Confidence.OFF_TRACK, visibility=Visibility.OWN, by=manager, at=AT)

    assert "Off track" in words(browser_of(officer).get(page_of(ours.commitment)))
    assert "Off track" not in words(browser_of(counterpart).get(page_of(ours.commitment)))


def test_the_history_tells_who_named_whom(ours, officer):
    manager = make_user(Role.MANAGER, body=ours.lead)
    name_officer(ours, officer, by=manager, at=AT)

    assert f"named {officer.name} as desk officer" in words(browser_of(officer).get(page_of(ours.commitment)))


def test_the_history_is_paged(ours, officer):
    for number in range(45):
        record_progress(ours, NewNote(f"Note {number}."), by=officer, at=AT + timedelta(minutes=number))
    browser = browser_of(officer)

    first, last = (words(browser.get(page_of(ours.commitment), {"page": page})) for page in (1, 3))

    assert "Note 44." in first
    assert "Note 0." not in first
    assert "Note 0." in last


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999", "²", "%00"])
def test_a_page_that_is_not_there_is_the_nearest_one(ours, officer, page):
    response = browser_of(officer).get(page_of(ours.commitment), {"page": page, "corrects": page, "figure": page})

    assert response.status_code == 200


def test_what_people_typed_is_never_markup(ours, officer):
    record_progress(ours, NewNote("<svg onload=alert(1)> {{7*7}} %s"), by=officer, at=AT)

    html = browser_of(officer).get(page_of(ours.commitment)).content.decode()

    assert "&lt;svg onload=alert(1)&gt; {{7*7}} %s" in html


def figure(commitment, person, value, year, **fields):
    indicator = commitment.indicators.first() or Indicator.objects.create(
        commitment=commitment, name="Trade in goods", unit="USD billion", target=Decimal(10)
    )
    new = NewMeasurement(Decimal(value), date(year, 12, 31), Precision.YEAR, f"Source {value}", **fields)
    return add_measurement(indicator, new, by=person, at=AT)


def test_each_sides_figures_are_a_series_of_their_own(ours, theirs, officer, counterpart):
    for year, value in ((2024, "4.9"), (2025, "5.3")):
        figure(ours.commitment, officer, value, year)
    figure(ours.commitment, counterpart, "5.4", 2025)

    response = browser_of(officer).get(page_of(ours.commitment))

    html = response.content.decode()
    assert html.count("<polyline") == 2  # Türkiye's line, in two sizes; one figure of Malaysia makes no line
    assert "Malaysia, 2025: 5.4" in html
    assert "Target in the statement: 10 USD billion, without a year. It names no baseline." in words(response)
    assert "53%" in words(response)


def test_an_indicator_without_figures_says_so(ours, officer):
    Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD billion")

    text = words(browser_of(officer).get(page_of(ours.commitment)))

    assert "No figure has been entered yet." in text
    assert "The statement names no target." in text


def test_a_corrected_figure_stays_in_the_table_and_leaves_the_chart(ours, officer):
    wrong = figure(ours.commitment, officer, "53", 2025)
    figure(ours.commitment, officer, "5.3", 2025, corrects=wrong)

    html = browser_of(officer).get(page_of(ours.commitment)).content.decode()

    assert "<del>53</del>" in html
    assert "Türkiye, 2025: 53" not in html.replace("Türkiye, 2025: 5.3", "")


def test_a_figure_is_added_from_the_page(ours, officer):
    indicator = Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD billion")
    where = f"{page_of(ours.commitment)}figures/{indicator.pk}/"

    response = browser_of(officer).post(where, {"period": "2026-Q3", "value": "1,4", "source": "Ministry"})

    assert response.status_code == 302
    row = Measurement.objects.get()
    assert (row.value, row.period_ends_on, row.party) == (Decimal("1.4"), date(2026, 9, 30), ours.party)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"value": "many"}, "Write a number, such as 5.3"),
        ({"period": "2099"}, "This period has not begun yet."),
        ({"period": "tomorrow"}, "Write the period as 2025"),
        ({"source": "  "}, "This field is required."),
        ({"source": "x" * 301}, "at most 300 characters"),
        ({"value": "9" * 30}, "too many digits"),
    ],
)
def test_a_wrong_figure_comes_back_with_what_was_typed(ours, officer, values, reason):
    indicator = Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD billion")
    typed = {"period": "2025", "value": "5.3", "source": "Ministry of typed things", **values}

    response = browser_of(officer).post(f"{page_of(ours.commitment)}figures/{indicator.pk}/", typed)

    assert response.status_code == 422
    assert reason in words(response)
    assert all(f'value="{value.strip()}"' in response.content.decode() for value in typed.values() if value.strip())
    assert not Measurement.objects.exists()


def test_the_other_sides_figure_is_not_corrected(ours, theirs, officer, counterpart):
    foreign = figure(ours.commitment, counterpart, "5.4", 2025)
    where = f"{page_of(ours.commitment)}figures/{foreign.indicator_id}/"
    typed = {"period": "2025", "value": "1", "source": "x", "figure": foreign.pk}

    response = browser_of(officer).post(where, typed)

    assert response.status_code == 422
    assert "Only a figure of the own side can be corrected." in words(response)


def test_two_corrections_of_one_figure_are_refused_with_the_reason(ours, officer):
    wrong = figure(ours.commitment, officer, "53", 2025)
    figure(ours.commitment, officer, "5.3", 2025, corrects=wrong)
    typed = {"period": "2025", "value": "5.4", "source": "x", "figure": wrong.pk}

    response = browser_of(officer).post(f"{page_of(ours.commitment)}figures/{wrong.indicator_id}/", typed)

    assert response.status_code == 422
    assert "corrected already" in words(response)


def test_a_reader_adds_no_figure(ours):
    indicator = Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD billion")
    reader = make_user(Role.READER, body=ours.lead)

    response = browser_of(reader).post(f"{page_of(ours.commitment)}figures/{indicator.pk}/", {})

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("name", "role", "values", "field", "value"),
    [
        ("assignment_officer", Role.MANAGER, {"officer": "officer"}, "officer_id", "officer"),
        ("assignment_officer", Role.MANAGER, {"officer": ""}, "officer_id", None),
        ("assignment_cadence", Role.COORDINATOR, {"cadence": "monthly"}, "cadence", Cadence.MONTHLY),
        (
            "assignment_confidence",
            Role.MANAGER,
            {"confidence": "at_risk", "visibility": "own"},
            "confidence",
            Confidence.AT_RISK,
        ),
    ],
)
def test_responsibility_is_changed_from_the_page(ours, officer, name, role, values, field, value):
    keys = {"officer": officer.pk}
    person = make_user(role, body=ours.lead)

    response = browser_of(person).post(
        address(name, ours), {key: keys.get(typed, typed) for key, typed in values.items()}
    )

    assert response.status_code == 302
    ours.refresh_from_db()
    assert getattr(ours, field) == keys.get(value, value)


@pytest.mark.parametrize(
    ("name", "role", "values"),
    [
        ("assignment_officer", Role.MANAGER, {"officer": "99999999999999999999"}),
        ("assignment_officer", Role.MANAGER, {"officer": "x"}),
        ("assignment_lead", Role.COORDINATOR, {"lead": "9223372036854775808"}),
        ("assignment_lead", Role.COORDINATOR, {"lead": ""}),
        ("assignment_lead", Role.COORDINATOR, {"lead": "\x00"}),
        ("assignment_cadence", Role.COORDINATOR, {"cadence": "hourly"}),
        ("assignment_confidence", Role.MANAGER, {"confidence": "sure", "visibility": "all"}),
        ("assignment_confidence", Role.MANAGER, {}),
    ],
)
def test_a_choice_that_is_none_comes_back_with_the_reason(ours, name, role, values):
    person = make_user(role, body=ours.lead)

    response = browser_of(person).post(address(name, ours), values)

    assert response.status_code == 422
    assert "There is a problem" in words(response)
    assert ours.changes.count() == 0


def test_no_person_or_body_of_the_other_side_can_be_named(ours, theirs, counterpart):
    coordinator = browser_of(make_user(Role.COORDINATOR, body=ours.lead))

    named = coordinator.post(address("assignment_officer", ours), {"officer": counterpart.pk})
    led = coordinator.post(address("assignment_lead", ours), {"lead": theirs.lead_id})

    assert (named.status_code, led.status_code) == (422, 422)


@pytest.mark.parametrize("name", ["officer", "lead", "cadence", "confidence"])
def test_an_officer_changes_no_responsibility(ours, officer, counterpart, name):
    for person in (officer, counterpart):
        assert browser_of(person).post(address(f"assignment_{name}", ours), {}).status_code == 403


def test_the_page_asks_a_fixed_number_of_questions_with_200_notes(ours, theirs, officer, counterpart):
    coordinator = browser_of(make_user(Role.COORDINATOR, body=ours.lead))
    for assignment, person in ((ours, officer), (theirs, counterpart)):
        record_progress(assignment, NewNote("First"), by=person, at=AT)
    figure(ours.commitment, officer, "5.3", 2025)
    coordinator.get(page_of(ours.commitment))

    few = questions(coordinator, ours.commitment)
    for number in range(100):
        evidence = [NewEvidence("Link", url="https://example.org")]
        when = AT + timedelta(minutes=number)
        record_progress(ours, NewNote(f"Note {number}", evidence=evidence), by=officer, at=when)
        confirm_nothing_new(theirs, by=counterpart, at=when)
    many = questions(coordinator, ours.commitment)

    assert many <= few + 2
    assert many <= CEILING


def questions(browser, commitment):
    with CaptureQueriesContext(connection) as found:
        assert browser.get(page_of(commitment)).status_code == 200
    return len(found)


def test_the_short_address_leads_to_the_commitment(ours, officer):
    response = browser_of(officer).get(f"/c/{ours.commitment.ref}/")

    assert response["Location"] == page_of(ours.commitment)


def test_the_short_address_leads_to_the_list_where_two_statements_share_a_number(ours, officer):
    make_commitment(make_statement(), ref=ours.commitment.ref)

    assert browser_of(officer).get("/c/1.1/")["Location"] == "/commitments/?q=1.1"


def test_the_short_address_knows_no_commitment_of_others(ours):
    assert browser_of(make_user(body=make_body("JP"))).get("/c/1.1/").status_code == 404


def test_what_both_sides_confirm_counts_as_confirmed(ours, theirs, officer):
    for assignment in (ours, theirs):
        assignment.status = Status.BEING_HONOURED
        assignment.save()
    where = f"{page_of(ours.commitment)}confirm/"
    one, two = (browser_of(make_user(Role.COORDINATOR, body=row.lead)) for row in (ours, theirs))

    one.post(where, {"confirmed": "yes"})
    halfway = words(browser_of(officer).get(page_of(ours.commitment)))
    two.post(where, {"confirmed": "yes"})
    whole = words(browser_of(officer).get(page_of(ours.commitment)))

    assert "Türkiye confirms the outcome" in halfway
    assert "Evidence Confirmed by both sides" not in halfway
    assert "Evidence Confirmed by both sides Confirmed by both sides" in whole


def test_an_outcome_that_is_not_met_offers_no_confirmation(ours, theirs):
    page = browser_of(make_user(Role.COORDINATOR, body=ours.lead)).get(page_of(ours.commitment))

    assert "confirm/" not in page.content.decode()
