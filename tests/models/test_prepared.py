"""Queries that are put into SQL once give what the ORM gives, each time for the values at hand."""

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from commitments.models import Assignment, Party
from commitments.models.prepared import prepared
from commitments.models.sharing import sharing
from commitments.views.sign_in import person_of_session
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db


@prepared(Assignment, status=models.CharField, since=models.DateField)
def with_status(status, since):
    rows = Assignment.objects.filter(status=status, commitment__statement__adopted_on__lte=since)
    return rows.select_related("party", "lead__party").order_by("pk")


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_prepared_query_gives_the_rows_of_its_values_each_time():
    statement = make_statement()
    for status in ("done", "under_way", "done"):
        make_assignment(make_commitment(statement), "TR", status=status)

    for status in ("done", "under_way", "not_started"):
        found = with_status(status=status, since=statement.adopted_on)
        asked = Assignment.objects.filter(status=status).select_related("party", "lead__party").order_by("pk")
        assert [columns(row) for row in found] == [columns(row) for row in asked]
        assert [columns(row.party) for row in found] == [columns(row.party) for row in asked]


def test_rows_share_what_they_are_related_to_and_ask_no_more_for_it():
    statement, lead = make_statement(), make_body("TR")
    made = [make_assignment(make_commitment(statement), "TR", lead=lead) for _ in range(2)]
    made.append(make_assignment(make_commitment(statement), "MY"))
    Assignment.objects.filter(party__code="MY").update(lead=None)

    with CaptureQueriesContext(connection) as asked:
        first, second, third = sharing(Assignment.objects.select_related("party", "lead__party").order_by("pk"))
        names = [first.party.code, third.party.code, first.lead.party.code, third.lead]

    assert [first, second, third] == made
    assert first.party is second.party
    assert first.lead is second.lead
    assert names == ["TR", "MY", "TR", None]
    assert len(asked) == 1


def test_the_persons_query_knows_how_many_statements_there_are_to_see():
    person, stranger = make_user(body=make_body("TR")), make_user(body=make_body("MY"))
    make_statement(parties=("TR", "MY")), make_statement(parties=("TR",))

    assert person_of_session(person=person.pk)[0].sees_several
    assert not person_of_session(person=stranger.pk)[0].sees_several
    assert person_of_session(person=person.pk)[0].body.party == Party.objects.get(code="TR")
    assert person_of_session(person=0) == []
