"""Files are taken with a note, kept over a refused save, and handed out only to those who may read the note."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.domain.codes import Role, Visibility
from commitments.exchange.uploads import store
from commitments.models import Evidence, ProgressNote, StoredFile
from tests import files
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import address, browser_of, note, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


def evidence_on(assignment, person, *, visibility=Visibility.BOTH, content=b"A report", title="report.txt"):
    file = store(SimpleUploadedFile(title, content), at=AT)
    new = NewNote("With a file", visibility=visibility, evidence=[NewEvidence(title, file=file)])
    return record_progress(assignment, new, by=person, at=AT).evidence.get()


def test_several_files_are_taken_with_a_note(ours, officer, media):
    uploads = [SimpleUploadedFile("Protokol.pdf", files.pdf()), SimpleUploadedFile("Rakamlar.xlsx", files.excel())]

    response = browser_of(officer).post(address("progress_note", ours), note(files=uploads), follow=True)

    assert [item.title for item in Evidence.objects.all()] == ["Protokol.pdf", "Rakamlar.xlsx"]
    assert "Protokol.pdf PDF" in words(response)
    assert len(list(media.iterdir())) == 2


def test_a_good_file_is_kept_while_a_bad_one_is_refused(ours, officer):
    uploads = [SimpleUploadedFile("good.pdf", files.pdf()), SimpleUploadedFile("bad.pdf", b"<svg onload=alert(1)>")]

    response = browser_of(officer).post(address("progress_note", ours), note(files=uploads))

    text = words(response)
    assert response.status_code == 422
    assert "“bad.pdf”: Files of this kind are not accepted." in text
    assert "good.pdf PDF" in text
    assert 'name="kept"' in response.content.decode()
    assert not ProgressNote.objects.exists()


def test_a_file_larger_than_allowed_is_dropped_while_it_arrives(ours, officer, settings, media):
    settings.MAX_UPLOAD_BYTES = 100_000
    large = SimpleUploadedFile("large.txt", b"a" * 100_001)

    response = browser_of(officer).post(address("progress_note", ours), note(text="Kept words", files=large))

    assert response.status_code == 422
    assert "“large.txt”: The file is too large" in words(response)
    assert "Kept words" in words(response)
    assert not media.exists()


def test_an_empty_file_is_named(ours, officer):
    response = browser_of(officer).post(
        address("progress_note", ours), note(files=SimpleUploadedFile("empty.pdf", b""))
    )

    assert response.status_code == 422
    assert "“empty.pdf”: The file is empty." in words(response)


def test_more_files_than_allowed_are_refused(ours, officer):
    uploads = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(21)]

    response = browser_of(officer).post(address("progress_note", ours), note(files=uploads))

    assert response.status_code == 422
    assert "20 files at most." in words(response)


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".txt", "..\\..\\x.txt", "a\x00b.txt", "con.txt", "\u202etxt.exe", "ı.txt"]
)
def test_a_strange_name_is_no_obstacle(ours, officer, name):
    response = browser_of(officer).post(address("progress_note", ours), note(files=SimpleUploadedFile(name, b"x")))

    assert response.status_code == 302
    assert Evidence.objects.get().title.endswith(".txt")


def test_a_file_is_handed_out_as_a_download_that_no_browser_renders(ours, officer):
    item = evidence_on(ours, officer, title="Protokol İş.txt")

    response = browser_of(officer).get(reverse("evidence_file", args=[item.pk]))

    assert b"".join(response.streaming_content) == b"A report"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Protokol%20%C4%B0%C5%9F.txt"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_the_other_side_gets_the_files_of_shared_notes_only(ours, officer):
    shared = evidence_on(ours, officer)
    ours.refresh_from_db()
    hidden = evidence_on(ours, officer, visibility=Visibility.OWN, content=b"canary", title="canary.txt")
    other = browser_of(make_user(Role.COORDINATOR, body=make_body("MY")))

    assert other.get(reverse("evidence_file", args=[shared.pk])).status_code == 200
    refused = other.get(reverse("evidence_file", args=[hidden.pk]))
    assert refused.status_code == 404
    assert b"canary" not in refused.content


def test_the_same_content_on_both_sides_opens_no_door(ours, officer):
    hidden = evidence_on(ours, officer, visibility=Visibility.OWN)
    theirs = make_assignment(ours.commitment, "MY")
    counterpart = make_user(body=theirs.lead)
    own = evidence_on(theirs, counterpart)

    other = browser_of(counterpart)

    assert hidden.file == own.file
    assert other.get(reverse("evidence_file", args=[hidden.pk])).status_code == 404
    assert other.get(reverse("evidence_file", args=[own.pk])).status_code == 200


def test_no_stranger_and_no_administrator_of_no_side_gets_a_file(ours, officer):
    item = evidence_on(ours, officer)
    administrator = make_user(is_staff=True, is_superuser=True)
    administrator.body = None
    administrator.save()

    assert Client().get(reverse("evidence_file", args=[item.pk])).status_code == 302
    assert browser_of(administrator).get(reverse("evidence_file", args=[item.pk])).status_code == 404


@pytest.mark.parametrize("pk", ["0", "9223372036854775807", "9223372036854775808", "9" * 5000, "-1", "x", "1%00"])
def test_a_file_that_is_not_there_is_a_plain_page(officer, pk):
    response = browser_of(officer).get(f"/evidence/{pk}/")

    assert response.status_code == 404
    assert "There is nothing at this address" in words(response)


def test_a_link_is_no_file(ours, officer):
    new = NewNote("x", evidence=[NewEvidence("Link", url="https://e.org")])
    item = record_progress(ours, new, by=officer, at=AT).evidence.get()

    assert browser_of(officer).get(reverse("evidence_file", args=[item.pk])).status_code == 404


def test_a_file_lost_from_the_store_is_a_plain_page(ours, officer, media):
    item = evidence_on(ours, officer)
    (media / StoredFile.objects.get().name).unlink()

    assert browser_of(officer).get(reverse("evidence_file", args=[item.pk])).status_code == 404


def test_asking_for_a_part_or_another_method_gives_no_more(ours, officer):
    item = evidence_on(ours, officer)
    where = reverse("evidence_file", args=[item.pk])

    assert browser_of(officer).post(where).status_code == 405
    assert browser_of(make_user(body=make_body("JP"))).get(where, headers={"Range": "bytes=0-3"}).status_code == 404
