"""Health is told to whoever asks, without signing in, and says which part does not do its work."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commitments.models.reminder import PlannerState
from statement_tracker.celery import app
from tests.make import AT
from tests.servers import free_port


def parts(client) -> dict:
    return client.get(reverse("readyz")).json()


@pytest.fixture
def planned(db) -> None:
    PlannerState.objects.filter(pk=1).update(last_ok_at=AT - timedelta(seconds=30))


def test_a_live_process_says_so_without_asking_the_database(client):
    response = client.get(reverse("healthz"))

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_health_changes_nothing(client, name):
    assert client.post(reverse(name)).status_code == 405


def test_all_is_well_when_reminders_were_planned_lately(client, planned):
    response = client.get(reverse("readyz"))

    assert response.status_code == 200
    assert response.json()["ready"]
    planning = response.json()["planning"]
    assert planning["ok"]
    assert not planning["alarm"]
    assert 30 <= planning["age"] < 300
    assert response.json()["mail"] == {"ok": True, "waiting": 0, "late": 0, "failed": 0}


def test_a_planning_that_stands_still_is_told(client, db):
    PlannerState.objects.filter(pk=1).update(last_ok_at=AT - timedelta(minutes=6))

    response = client.get(reverse("readyz"))

    assert response.status_code == 503
    assert not response.json()["planning"]["ok"]
    assert response.json()["planning"]["age"] >= 360


def test_an_alarm_of_the_planning_is_told_but_not_its_words(client, planned):
    PlannerState.objects.filter(pk=1).update(alarm="words for people who are signed in", alarm_at=AT)

    response = client.get(reverse("readyz"))

    assert response.status_code == 503
    assert response.json()["planning"]["alarm"] is True
    assert b"words" not in response.content


def test_a_broker_that_is_away_is_told(client, planned, monkeypatch):
    monkeypatch.setitem(app.conf, "broker_write_url", f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setitem(app.conf, "broker_transport_options", {})

    response = client.get(reverse("readyz"))

    assert response.status_code == 503
    assert response.json()["broker"] == {"ok": False}
    assert response.json()["database"] == {"ok": True}
