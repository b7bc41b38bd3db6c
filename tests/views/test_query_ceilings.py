"""Every page asks the database a fixed number of times, whatever the number of rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.generating import Plan, generate
from commitments.models import User
from tests.make import TODAY

pytestmark = pytest.mark.django_db
SLUG = "turkiye-malaysia-hlsc-2026"
CEILINGS = {
    "/": 14,
    f"/?statement={SLUG}": 12,
    "/commitments/": 18,
    f"/commitments/?statement={SLUG}&sort=-updated&q=trade&side=MY&status=under_way&due=none": 15,
    "/commitments/?page=2": 13,
    "/commitments/change/?do=status&pick=1.0&pick=2.0&pick=3.0": 9,
    "/dashboard/?by=body": 14,
    f"/dashboard/?statement={SLUG}&by=section": 13,
    f"/dashboard/?statement={SLUG}&by=theme": 14,
    "/bodies/TR-TRADE/": 14,
    f"/statements/{SLUG}/sections/2/": 14,
    "/my-work/": 11,
    "/calendar/?whose=all&year=2026&month=12": 15,
    f"/calendar/?statement={SLUG}&whose=body": 16,
    f"/find/?q=20.2&statement={SLUG}": 8,
    "/find/?q=trade": 13,
    f"/find/?q=trade&statement={SLUG}": 12,
    "/views/": 8,
    "/keyboard/": 7,
    "/accessibility/": 7,
    f"/statements/{SLUG}/": 12,
    f"/statements/{SLUG}/?reading=coverage": 12,
    f"/statements/{SLUG}/3.1/": 29,
    f"/statements/{SLUG}/3.1/figures/1/import/": 14,
    f"/statements/{SLUG}/dossier/": 25,
    f"/statements/{SLUG}/changes/?since=2026-01-06": 15,
    f"/statements/{SLUG}/meetings/": 9,
    "/?as_of=2026-10-01": 32,
    "/commitments/?as_of=2026-10-01": 37,
    f"/statements/{SLUG}/3.1/?as_of=2026-10-01": 45,
    "/statements/generated-1-1/": 12,
    "/history/": 12,
    "/dates/": 9,
    "/people/": 9,
    "/drafts/": 8,
    "/reminders/": 11,
    "/reminders/preview/": 20,
    "/settings/reminders/": 13,
    "/settings/absences/": 10,
    f"/statements/{SLUG}/3.1/TR/snooze/": 9,
}


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code in (200, 302, 404)  # the generated statement comes later
    return len(found)


def test_the_number_of_queries_holds_at_64_and_at_6400_commitments(demo):
    client = Client()
    client.force_login(User.objects.get(email="coordinator.tr@example.org"))
    client.get("/")

    few = {address: queries(client, address) for address in CEILINGS}
    list(generate(Plan(commitments=6336, notes=1, seed=1, today=TODAY)))
    many = {address: queries(client, address) for address in CEILINGS}

    assert {address: number for address, number in few.items() if number > CEILINGS[address]} == {}
    assert {address: number for address, number in many.items() if number > CEILINGS[address]} == {}
