import re

import pytest
from django.test import Client

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Status, Visibility
from commitments.models import Assignment, User
from tests.make import AT, make_body, make_commitment, make_statement, make_user
from tests.views.pages import figures, total

pytestmark = pytest.mark.django_db


def page(client, address="/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("person", ["officer.miti", "coordinator.tr", "reader.my"])
def test_every_figure_links_to_exactly_the_rows_that_it_counts(demo, signed_in, person):
    client = signed_in(person)

    found = figures(page(client))

    assert len(set(found)) > 40
    for address, number in set(found):
        assert total(page(client, address)) == number, address


def test_the_sentence_of_state_names_its_denominator_and_counts_positions_apart(demo, signed_in):
    html = page(signed_in("officer.miti"))

    lede = re.sub(r"<[^>]+>", "", re.search(r'<p class="lede">(.*?)</p>', html, re.S)[1])

    assert "Of 48 commitments" in lede
    assert "16 positions are counted apart" in lede


def test_the_strip_holds_every_commitment_once_with_both_sides(statement, signed_in):
    person = make_user(body=make_body("TR"))
    client = Client()
    client.force_login(person)

    html = page(client)
    strip = re.search(r'<svg class="chart strip".*?</svg>', html, re.S)[0]

    assert len(re.findall(r"<a ", strip)) == 64
    assert len(re.findall(r'class="f-not_assessed"', strip)) == Assignment.objects.count()
    assert "<title>20.2 Convene the Joint Commission Meeting by the end of 2026. Türkiye: Not assessed" in strip


def test_both_sides_counts_the_less_advanced(demo, signed_in):
    Assignment.objects.update(status=Status.DONE)
    Assignment.objects.filter(commitment__ref="3.1", party__code="MY").update(status=Status.NOT_STARTED)

    html = page(signed_in("officer.miti"))

    assert ("/commitments/?kind=not_position&status=not_started", 1) in figures(html)
    assert ("/commitments/?kind=not_position&status=not_started&side=MY", 1) in figures(html)
    assert ("/commitments/?kind=not_position&status=done", 47) in figures(html)


def test_a_note_kept_on_one_side_changes_nothing_for_the_other(statement):
    turkish, malaysian = make_user(body=make_body("TR")), make_user(body=make_body("MY"))
    row = Assignment.objects.get(commitment__ref="20.2", party__code="TR")
    row.officer = turkish
    row.save()
    ours, theirs = Client(), Client()
    ours.force_login(turkish)
    theirs.force_login(malaysian)
    before = page(theirs)

    record_progress(row, NewNote(text="Confidential words.", visibility=Visibility.OWN), by=turkish, at=AT)

    assert without_tokens(page(theirs)) == without_tokens(before)
    assert "Confidential words." in page(ours)


def without_tokens(html):
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"', "", html)


def test_a_confidence_kept_on_one_side_is_not_counted_for_the_other(demo, signed_in):
    Assignment.objects.update(confidence="not_given")
    Assignment.objects.filter(commitment__ref="20.2", party__code="TR").update(
        confidence="off_track", confidence_visibility=Visibility.OWN
    )

    assert ("/commitments/?confidence=trouble", 1) in figures(page(signed_in("coordinator.tr")))
    assert ("/commitments/?confidence=trouble", 0) in figures(page(signed_in("coordinator.my")))


def test_a_note_and_the_status_it_brings_are_one_line_of_what_changed(statement):
    officer = make_user(body=make_body("TR"))
    row = Assignment.objects.get(commitment__ref="20.2", party__code="TR")
    Assignment.objects.filter(pk=row.pk).update(officer=officer)
    client = Client()
    client.force_login(officer)

    record_progress(row, NewNote(text="Dates proposed.", status=Status.UNDER_WAY), by=officer, at=AT)
    html = page(client)

    assert html.count("Dates proposed.") == 1
    assert "Changed the status" not in html[html.index("news-h") :]
    assert "Not assessed to Under way" in html


def test_with_several_statements_and_none_chosen_they_are_listed_with_counts(statement):
    other = make_statement()
    make_commitment(other)
    make_statement(parties=("XA", "XB"))
    client = Client()
    client.force_login(make_user(body=make_body("TR")))

    html = page(client)

    assert statement.short_title in html
    assert other.short_title in html
    assert html.count('<th scope="row"') == 2
    for address, number in set(figures(html)):
        assert total(page(client, address)) == number, address
    chosen = page(client, f"/?statement={statement.slug}")
    for address, number in set(figures(chosen)):
        assert total(page(client, address)) == number, address


def test_a_statement_of_others_is_not_found(statement):
    other = make_statement(parties=("XA", "XB"))
    client = Client()
    client.force_login(make_user(body=make_body("TR")))

    assert client.get(f"/?statement={other.slug}").status_code == 404


def test_an_account_of_no_body_sees_why_the_page_is_empty(statement):
    client = Client()
    client.force_login(User.objects.create_user("nobody@example.org", name="Nobody"))

    assert "belongs to no ministry or agency" in page(client)


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/"
