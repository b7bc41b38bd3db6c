"""The lists as CSV: what the page shows, all of it, safe to open, and told for what it is."""

import csv
import io
from datetime import date

import pytest

from commitments.domain.codes import Role
from commitments.models import Commitment
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_commitments_as_filtered_a_row_for_each_side(client, statement_db):
    client.force_login(make_user(Role.OFFICER))

    rows = rows_of(client.get("/commitments.csv?section=2"))

    body = rows[1 : rows.index([])]
    refs = list(Commitment.objects.filter(section__position=2).order_by("position").values_list("ref", flat=True))
    assert list(dict.fromkeys(row[1] for row in body)) == refs
    assert {row[9] for row in body} == {"Türkiye", "Malaysia"}
    assert rows[-3][0] == "As it stood on"
    assert rows[-2] == ["Filter", "Section: Advancing Economic Cooperation, Investments and Connectivity"]
    assert rows[-1] == ["Edition", "As Türkiye sees it: not for the other side"]


def test_a_period_is_told_as_it_stands_and_a_formula_stays_text(client):
    commitment = make_commitment(due=(date(2028, 12, 31), "year", "text"), title="=1+1")
    make_assignment(commitment, "TR")
    client.force_login(make_user())

    row = rows_of(client.get("/commitments.csv"))[1]

    assert (row[3], row[7], row[8]) == ("'=1+1", "2028", "2028-12-31")


def test_a_filter_that_cannot_be_read_gives_no_file(client):
    client.force_login(make_user())

    assert client.get("/commitments.csv?status=late").status_code == 404
    assert client.get("/reminders.csv?person=9999").status_code == 404


def test_the_number_of_queries_is_fixed_up_to_a_batch(client, django_assert_max_num_queries):
    statement = make_statement()
    for _ in range(40):
        make_assignment(make_commitment(statement), "TR", lead=make_body("TR"))
    client.force_login(make_user())
    client.get("/my-work/")  # the day's first page notes the visit

    with django_assert_max_num_queries(14):
        rows_of(client.get("/commitments.csv"))


def test_people_are_those_of_the_own_side(client):
    coordinator = make_user(Role.COORDINATOR, name="Ayşe Çağrı")
    make_user(Role.OFFICER, make_body("MY"), name="Siti")
    client.force_login(coordinator)

    names = [row[0] for row in rows_of(client.get("/people.csv")) if row]

    assert "Ayşe Çağrı" in names
    assert "Siti" not in names
