"""Two people save the same assignment: the second sees both versions and loses nothing that was typed."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from commitments.actions.assignment import set_cadence
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Cadence, Role, Status
from commitments.models import ProgressNote
from tests.make import AT, make_assignment, make_user
from tests.views.kit import address, browser_of, chosen, form_value, note, words


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ours(db, media):
    return make_assignment()


@pytest.fixture
def first(ours):
    return make_user(body=ours.lead, name="Ayşe")


@pytest.fixture
def second(ours):
    return make_user(body=ours.lead, name="Bora")


@pytest.fixture
def saved_meanwhile(ours, first):
    record_progress(ours, NewNote("Ayşe's words", status=Status.UNDER_WAY), by=first, at=AT)


def test_both_versions_are_shown_and_nothing_typed_is_lost(ours, second, saved_meanwhile):
    typed = note(text="Bora's words", next_steps="Bora's plan", links="https://e.org/bora", visibility="own")

    response = browser_of(second).post(
        address("progress_note", ours), {**typed, "files": SimpleUploadedFile("bora.txt", b"Bora's file")}
    )

    text = words(response)
    assert response.status_code == 409
    assert "Saved meanwhile" in text
    assert "Ayşe's words" in text
    assert all(mine in text for mine in ("Bora's words", "Bora's plan", "https://e.org/bora", "bora.txt"))
    assert chosen(response, "visibility") == "own"
    assert ProgressNote.objects.count() == 1


def test_one_button_saves_mine_as_well(ours, second, saved_meanwhile):
    browser = browser_of(second)
    typed = note(text="Bora's words", links="https://e.org/bora", visibility="own")
    conflict = browser.post(
        address("progress_note", ours), {**typed, "files": SimpleUploadedFile("bora.txt", b"Bora's file")}
    )

    again = {
        **typed,
        "status": "under_way",
        **{name: form_value(conflict, name) for name in ("version", "seen_status")},
        "kept": kept_token(conflict),
    }
    response = browser.post(address("progress_note", ours), again)

    assert response.status_code == 302
    mine = ProgressNote.objects.newest_first().first()
    assert (mine.text, mine.visibility, mine.status) == ("Bora's words", "own", Status.UNDER_WAY)
    assert [item.title for item in mine.evidence.all()] == ["e.org/bora", "bora.txt"]


def kept_token(response):
    html = response.content.decode()
    return html.split('name="kept" value="')[1].split('"')[0]


def test_a_status_that_was_not_touched_does_not_undo_the_others(ours, second, saved_meanwhile):
    response = browser_of(second).post(address("progress_note", ours), note(text="Only words"))

    assert chosen(response, "status") == "under_way"
    assert "The status now stands at Under way" in words(response)
    assert form_value(response, "seen_status") == "under_way"


def test_a_status_that_was_chosen_stays_chosen(ours, second, saved_meanwhile):
    response = browser_of(second).post(address("progress_note", ours), note(status="on_hold"))

    assert chosen(response, "status") == "on_hold"


def test_a_third_save_in_between_is_a_new_conflict(ours, first, second, saved_meanwhile):
    browser = browser_of(second)
    conflict = browser.post(address("progress_note", ours), note())
    ours.refresh_from_db()
    record_progress(ours, NewNote("Ayşe again"), by=first, at=AT)

    seen = {name: form_value(conflict, name) for name in ("version", "seen_status")}
    response = browser.post(address("progress_note", ours), note(**seen, status="under_way"))

    assert response.status_code == 409
    assert "Ayşe again" in words(response)
    assert "Ayşe's words" not in words(response)


def test_a_change_of_responsibility_is_told_as_well(ours, second):
    coordinator = make_user(Role.COORDINATOR)
    set_cadence(ours, Cadence.MONTHLY, by=coordinator, at=AT)

    response = browser_of(second).post(address("progress_note", ours), note())

    assert response.status_code == 409
    assert "asks for an update monthly" in words(response)


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999999999999", "7"])
def test_a_version_that_never_was_is_a_conflict_and_no_error(ours, second, version):
    response = browser_of(second).post(address("progress_note", ours), note(text="Kept words", version=version))

    assert response.status_code == 409
    assert "Kept words" in words(response)


def test_of_two_saves_at_the_same_moment_one_is_saved_and_one_is_asked(fresh_database, settings, tmp_path):
    ours = make_assignment()
    people = [make_user(body=ours.lead) for _ in range(2)]
    browsers = [browser_of(person) for person in people]
    start = threading.Barrier(2)
    codes = []

    def save(browser, text):
        start.wait()
        try:
            codes.append(browser.post(address("progress_note", ours), note(text=text)).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(browsers, ("One's", "Two's"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [302, 409]
    assert ProgressNote.objects.count() == 1
