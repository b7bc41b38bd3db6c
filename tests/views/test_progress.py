"""A note is saved from the page, or comes back with all that was typed and what to do about it."""

import pytest
from django.test import Client

from commitments.actions.progress import MAX_TEXT, NewNote, record_progress
from commitments.domain.codes import Role, Status, Visibility
from commitments.models import Evidence, ProgressNote
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import address, browser_of, form_value, note, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


@pytest.fixture
def browser(officer):
    return browser_of(officer)


def test_a_note_with_a_status_is_saved_and_shown(ours, browser):
    typed = note(text="Talks began.", next_steps="Send the draft.", status="under_way", links="Minutes https://e.org/m")

    response = browser.post(address("progress_note", ours), typed, follow=True)

    saved = ProgressNote.objects.get()
    assert response.redirect_chain == [(f"{page_of(ours.commitment)}#n{saved.pk}", 302)]
    assert "Saved. Who can read it: Both sides." in words(response)
    assert "Talks began. Next: Send the draft. Minutes" in words(response)
    ours.refresh_from_db()
    assert ours.status == Status.UNDER_WAY


def test_who_can_read_it_is_said_beside_the_field_and_after_saving(ours, browser):
    page = browser.get(page_of(ours.commitment))
    response = browser.post(address("progress_note", ours), note(visibility="own"), follow=True)

    assert "Who may read it Both sides Türkiye only" in words(page)
    assert "Saved. Who can read it: Türkiye only." in words(response)
    assert ProgressNote.objects.get().visibility == Visibility.OWN


def test_the_page_lets_go_of_the_draft_once_after_saving(ours, officer, browser):
    browser.post(address("progress_note", ours), note())

    first, second = (browser.get(page_of(ours.commitment)).content.decode() for _ in range(2))

    assert f'data-draft-done="{officer.pk}-note-{ours.pk}"' in first
    assert "data-draft-done" not in second


def test_the_form_stands_on_the_commitments_page(ours, browser):
    response = browser.get(address("progress_note", ours))

    assert response["Location"] == f"{page_of(ours.commitment)}#note"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"text": ""}, "Write a note, or choose another status."),
        ({"text": " \r\n\x00 "}, "Write a note, or choose another status."),
        ({"text": "ş" * (MAX_TEXT + 1)}, "The text is too long: 20000 characters at most."),
        ({"next_steps": "x" * (MAX_TEXT + 1)}, "The text is too long: 20000 characters at most."),
        ({"status": "done"}, "Done needs evidence: add a link or a file."),
        ({"status": "on_hold", "text": ""}, "This status needs a note that says why."),
        ({"status": "not_pursued"}, "not one of the available choices"),
        ({"status": "sideways"}, "not one of the available choices"),
        ({"status": ""}, "This field is required."),
        ({"visibility": "everyone"}, "not one of the available choices"),
        ({"links": "www.example.org"}, "holds no link. Write a whole address"),
        ({"links": "\n".join(["https://e.org"] * 21)}, "20 links at most."),
        ({"kept": "forged"}, "A file sent earlier is no longer kept."),
    ],
)
def test_what_cannot_be_saved_comes_back_with_the_reason(ours, browser, typed, reason):
    sent = note(**{"text": "Typed words", "next_steps": "Typed steps", **typed})

    response = browser.post(address("progress_note", ours), sent)

    text = words(response)
    assert response.status_code == 422
    assert "There is a problem" in text
    assert reason in text
    html = response.content.decode()
    assert all(sent[name].strip("\x00 \r\n") in html for name in ("text", "next_steps", "links"))
    assert not ProgressNote.objects.exists()


def test_a_megabyte_of_text_comes_back_whole(ours, browser):
    text = "İş birliği. " * 90_000

    response = browser.post(address("progress_note", ours), note(text=text))

    assert response.status_code == 422
    assert text.strip() in response.content.decode()


def test_a_second_click_saves_nothing_twice(ours, browser):
    for _ in range(2):
        response = browser.post(address("progress_note", ours), note())
        assert response.status_code == 302

    assert ProgressNote.objects.count() == 1


def test_the_same_words_with_a_link_added_are_no_second_click(ours, browser):
    browser.post(address("progress_note", ours), note())

    response = browser.post(address("progress_note", ours), note(links="https://example.org/report"))

    assert response.status_code == 409
    assert "https://example.org/report" in response.content.decode()


def test_a_coordinator_waives_the_evidence_with_a_reason(ours):
    coordinator = browser_of(make_user(Role.COORDINATOR, body=ours.lead))

    response = coordinator.post(address("progress_note", ours), note(status="done", waiver="It is in the gazette."))

    assert response.status_code == 302
    assert ProgressNote.objects.get().waiver == "It is in the gazette."


def test_an_officers_waiver_is_none(ours, browser):
    response = browser.post(address("progress_note", ours), note(status="done", waiver="Trust me."))

    assert response.status_code == 422


def test_a_note_cannot_be_written_in_anothers_name_or_marked_as_anything(ours, officer, browser):
    other = make_user(body=ours.lead)
    extra = {"by": other.pk, "is_sample": "1", "is_nothing_new": "1", "written_at": "2020-01-01", "assignment": "1"}

    browser.post(address("progress_note", ours), note(**extra))

    saved = ProgressNote.objects.get()
    assert (saved.by, saved.is_sample, saved.is_nothing_new, saved.written_at.year) == (officer, False, False, 2026)


@pytest.mark.parametrize("name", ["progress_note", "nothing_new"])
def test_those_who_may_only_read_are_refused(ours, name):
    others = [
        make_user(Role.READER, body=ours.lead),
        make_user(body=make_body("TR")),
        make_user(Role.COORDINATOR, body=make_body("MY")),
    ]
    for person in others:
        for method in ("get", "post"):
            response = getattr(browser_of(person), method)(address(name, ours), note())
            assert response.status_code == 403
            assert "You may not do this" in words(response)

    assert not ProgressNote.objects.exists()


@pytest.mark.parametrize("name", ["progress_note", "nothing_new"])
def test_for_people_of_other_statements_there_is_nothing(ours, name):
    assert browser_of(make_user(body=make_body("JP"))).post(address(name, ours), note()).status_code == 404


def test_a_person_who_was_signed_out_meanwhile_gets_the_words_back(ours):
    response = Client().post(address("progress_note", ours), note(text="Long and careful words"))

    assert response.status_code == 401
    assert "Long and careful words" in words(response)
    assert not ProgressNote.objects.exists()


def test_an_expired_form_comes_back_with_the_words(ours, officer):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)

    response = browser.post(
        address("progress_note", ours), note(text="Long and careful words"), headers={"Referer": "http://testserver/"}
    )

    assert response.status_code == 403
    assert "Long and careful words" in words(response)
    assert "Send it again" in words(response)


def test_checked_nothing_new_is_one_click(ours, browser):
    version = form_value(browser.get(page_of(ours.commitment)), "version")

    response = browser.post(address("nothing_new", ours), {"version": version}, follow=True)

    assert "Recorded: checked, nothing new." in words(response)
    assert ProgressNote.objects.get().is_nothing_new


def test_a_link_to_nothing_new_asks_before_it_records(ours, browser):
    response = browser.get(address("nothing_new", ours))

    assert "Record for Türkiye that the desk has looked at this commitment today" in words(response)
    assert not ProgressNote.objects.exists()


def test_nothing_new_twice_is_once(ours, browser):
    for _ in range(2):
        assert browser.post(address("nothing_new", ours), {"version": "0"}).status_code == 302

    assert ProgressNote.objects.count() == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "7", "9" * 40])
def test_nothing_new_of_another_version_shows_what_is_new_instead(ours, browser, version):
    record_progress(ours, NewNote("Something is new."), by=make_user(body=ours.lead), at=AT)

    response = browser.post(address("nothing_new", ours), {"version": version})

    assert response.status_code == 409
    assert "Something is new." in words(response)
    assert ProgressNote.objects.count() == 1


def test_a_note_is_corrected_by_who_wrote_it(ours, officer, browser):
    first = record_progress(ours, NewNote("Trade grew by 80%."), by=officer, at=AT)
    page = browser.get(page_of(ours.commitment), {"corrects": first.pk})
    assert "Trade grew by 80%.</textarea>" in page.content.decode()

    typed = note(text="Trade grew by 8%.", corrects=str(first.pk), version="1")
    response = browser.post(address("progress_note", ours), typed, follow=True)

    assert "Corrects the note of" in words(response)
    assert ProgressNote.objects.newest_first().first().corrects == first


def test_only_the_author_and_the_coordinator_correct_a_note(ours, officer):
    first = record_progress(ours, NewNote("Words"), by=officer, at=AT)
    typed = note(corrects=str(first.pk), version="1")

    colleague = browser_of(make_user(body=ours.lead)).post(address("progress_note", ours), typed)
    coordinator = browser_of(make_user(Role.COORDINATOR, body=ours.lead)).post(address("progress_note", ours), typed)

    assert (colleague.status_code, coordinator.status_code) == (403, 302)


@pytest.mark.parametrize("corrects", ["0", "-1", "x", "99999999999999999999", "{foreign}"])
def test_a_note_of_elsewhere_cannot_be_corrected_here(ours, browser, corrects):
    elsewhere = make_assignment()
    writer = make_user(body=elsewhere.lead)
    foreign = record_progress(elsewhere, NewNote("Elsewhere"), by=writer, at=AT)

    typed = note(corrects=corrects.format(foreign=foreign.pk))
    response = browser.post(address("progress_note", ours), typed)

    assert response.status_code == 403
    assert ProgressNote.objects.count() == 1


def test_evidence_is_listed_with_its_note(ours, browser):
    browser.post(address("progress_note", ours), note(links="Signed copy https://e.org/a\nhttps://e.org/b"))

    assert [(item.title, item.url) for item in Evidence.objects.all()] == [
        ("Signed copy", "https://e.org/a"),
        ("e.org/b", "https://e.org/b"),
    ]
