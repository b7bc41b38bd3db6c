"""What is typed into the note is understood, kept, and never cut."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from commitments.domain.codes import Role, Status
from commitments.forms.evidence import KeptFile, LinksField
from commitments.forms.progress import NoteForm
from commitments.models import StoredFile
from tests.make import AT, make_assignment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment():
    return make_assignment(status=Status.UNDER_WAY)


@pytest.fixture
def officer(assignment):
    return make_user(body=assignment.lead)


def typed(**values):
    defaults = {"text": "News", "status": "under_way", "seen_status": "under_way", "visibility": "both", "version": "0"}
    data = QueryDict(mutable=True)
    for name, value in {**defaults, **values}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def note_form(data, assignment, person):
    form = NoteForm(data, assignment=assignment, person=person)
    form.full_clean()
    return form


def kept_file(person, title="Report.pdf"):
    file = StoredFile.objects.create(name="ab", sha256="0" * 64, size=3, media_type="text/plain", stored_at=AT)
    return KeptFile.of(file, title, person)


def test_control_characters_go_and_everything_else_stays(assignment, officer):
    form = note_form(typed(text="a\x00b\x07 \u202e İ {{7*7}} <svg onload=1>\r\nc"), assignment, officer)

    assert form.cleaned_data["text"] == "ab \u202e İ {{7*7}} <svg onload=1>\nc"


def test_a_megabyte_of_text_is_taken_as_it_is(assignment, officer):
    form = note_form(typed(text="ş" * 1_000_000), assignment, officer)

    assert form.is_valid()
    assert len(form.cleaned_data["text"]) == 1_000_000


def test_a_status_left_as_it_was_seen_is_no_choice(assignment, officer):
    assert note_form(typed(), assignment, officer).new_status() is None
    assert note_form(typed(status="on_hold"), assignment, officer).new_status() == Status.ON_HOLD


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "1" * 5000, "1.5", " 1"])
def test_a_version_that_is_none_never_matches(assignment, officer, version):
    assert note_form(typed(version=version), assignment, officer).seen_version == -1


def test_only_a_coordinator_is_offered_to_give_up_or_to_waive(assignment, officer):
    coordinator = make_user(Role.COORDINATOR)

    for person, offered in ((officer, False), (coordinator, True)):
        form = NoteForm(assignment=assignment, person=person)
        assert (Status.NOT_PURSUED in dict(form.fields["status"].choices)) == offered
        assert ("waiver" in form.fields) == offered


def test_what_stands_now_is_always_among_the_choices(officer, assignment):
    assignment.status = Status.NOT_PURSUED

    form = NoteForm(assignment=assignment, person=officer)

    assert Status.NOT_PURSUED in dict(form.fields["status"].choices)


@pytest.mark.parametrize("status", ["sideways", "", "not_pursued"])
def test_a_status_that_is_not_offered_is_an_error_of_the_field(assignment, officer, status):
    form = note_form(typed(status=status), assignment, officer)

    assert list(form.errors) == ["status"]


def test_a_file_kept_from_an_earlier_try_comes_back(assignment, officer):
    kept = kept_file(officer)

    form = note_form(typed(kept=[kept.token]), assignment, officer)

    assert [(item.file, item.title) for item in form.kept] == [(kept.file, "Report.pdf")]


def test_nobody_brings_back_what_another_person_sent(assignment, officer):
    other = make_user(body=assignment.lead)

    form = note_form(typed(kept=[kept_file(other).token]), assignment, officer)

    assert form.errors["__all__"] == ["A file sent earlier is no longer kept. Choose it again."]
    assert form.kept == []


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "é" * 100])
def test_a_forged_token_is_an_error(assignment, officer, token):
    assert not note_form(typed(kept=[token]), assignment, officer).is_valid()


def test_a_newer_version_takes_the_words_and_follows_an_untouched_status(assignment, officer):
    kept = kept_file(officer)
    form = note_form(typed(text="Mine", kept=[kept.token]), assignment, officer)
    assignment.status, assignment.version = Status.DONE, 7

    newer = form.for_new_version(assignment)

    assert newer["text"].value() == "Mine"
    assert newer["status"].value() == Status.DONE
    assert (newer.seen_version, newer.seen_status) == (7, Status.DONE)
    assert [item.title for item in newer.kept] == ["Report.pdf"]


def test_a_newer_version_keeps_a_status_that_was_chosen(assignment, officer):
    form = note_form(typed(status="on_hold"), assignment, officer)
    assignment.status = Status.DONE

    assert form.for_new_version(assignment)["status"].value() == Status.ON_HOLD


@pytest.mark.parametrize(
    ("line", "title", "url"),
    [
        ("https://example.org/report", "example.org/report", "https://example.org/report"),
        ("Minutes: https://example.org/m", "Minutes", "https://example.org/m"),
        ("https://example.org/m – signed copy", "signed copy", "https://example.org/m"),
        ("HTTPS://example.org/", "example.org", "HTTPS://example.org/"),
        ("https://münchen.example/ş", "münchen.example/ş", "https://münchen.example/ş"),
    ],
)
def test_a_line_holds_a_link_and_its_title(line, title, url):
    (link,) = LinksField().clean(line)

    assert (link.title, link.url) == (title, url)


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://example.org/x",
        "example.org",
        "https://",
        "https://ex ample",
        "http://[::1",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_a_line_without_a_sound_link_is_an_error(line):
    with pytest.raises(ValidationError):
        LinksField().clean(line)
