"""The Excel round trip on its pages: shown before it is saved, saved whole or not at all, nobody's words lost."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.exchange.progress_sheet import COLUMNS
from commitments.models import Assignment, Body, Change, ProgressNote
from tests.make import AT, make_body, make_user

pytestmark = pytest.mark.django_db
PAGE = "/statements/turkiye-malaysia-hlsc-2026/progress-sheet/"
AT_COLUMN = {name: place for place, name in enumerate(COLUMNS, start=1)}


@pytest.fixture
def officer(statement_db, client):
    person = make_user(Role.OFFICER, Body.objects.get(code="TR-TRADE"))
    client.force_login(person)
    return person


def sheet_of(client, **by_ref):
    """The sheet as handed out, with cells filled in by reference (`r3_1={"text": …}`)."""
    response = client.get(PAGE.rstrip("/") + ".xlsx")
    book = load_workbook(io.BytesIO(response.content))
    for row in book.worksheets[0].iter_rows(min_row=2):
        for name, value in by_ref.get("r" + row[AT_COLUMN["ref"] - 1].value.replace(".", "_"), {}).items():
            row[AT_COLUMN[name] - 1].value = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("progress.xlsx", out.getvalue())


def upload(client, **by_ref):
    return client.post(PAGE, {"file": sheet_of(client, **by_ref)})


def packed(response):
    return re.search(r'name="rows" value="([^"]+)"', response.content.decode())[1]


def lines(response):
    return re.findall(r'name="line" value="(\d+)"( id="[^"]+")?( checked)?', response.content.decode())


def save(client, shown, ticked=None):
    ticked = [line for line, _id, checked in lines(shown) if checked] if ticked is None else ticked
    return client.post(f"{PAGE}save/", {"rows": packed(shown), "line": ticked})


def part(ref, party="TR"):
    return Assignment.objects.get(commitment__ref=ref, party__code=party)


def test_what_was_filled_in_is_shown_and_then_saved_in_one_go(client, officer):
    shown = upload(client, r3_1={"status": "Under way", "text": "Talks began"}, r3_2={"text": "A guide"})

    assert shown.status_code == 200
    assert not ProgressNote.objects.exists()

    assert save(client, shown).status_code == 302

    assert (part("3.1").status, part("3.1").notes.get().text) == (Status.UNDER_WAY, "Talks began")
    assert part("3.2").notes.get().text == "A guide"
    assert Change.objects.filter(by=officer).count() == 3  # two notes and a step


def test_only_what_is_ticked_is_saved(client, officer):
    shown = upload(client, r3_1={"text": "One"}, r3_2={"text": "Two"})

    save(client, shown, ticked=[lines(shown)[1][0]])

    assert [note.text for note in ProgressNote.objects.all()] == ["Two"]


def test_a_double_click_saves_once(client, officer):
    shown = upload(client, r3_1={"text": "One"})

    save(client, shown)
    save(client, shown)

    assert ProgressNote.objects.count() == 1


def test_what_others_saved_meanwhile_is_shown_and_not_overwritten_unasked(client, officer):
    file = sheet_of(client, r3_1={"text": "Mine"})
    colleague = make_user(Role.OFFICER, officer.body)
    record_progress(part("3.1"), NewNote(text="Theirs", status=Status.UNDER_WAY), by=colleague, at=AT)

    shown = client.post(PAGE, {"file": file})

    assert "Theirs" in shown.content.decode()
    assert [checked for _line, _id, checked in lines(shown)] == [""]
    assert save(client, shown, ticked=[lines(shown)[0][0]]).status_code == 302
    assert part("3.1").status == Status.UNDER_WAY
    assert [note.text for note in ProgressNote.objects.order_by("pk")] == ["Theirs", "Mine"]


def test_a_save_between_preview_and_saving_saves_nothing_and_shows_why(client, officer):
    shown = upload(client, r3_1={"text": "One"}, r3_2={"text": "Two"})
    record_progress(part("3.2"), NewNote(text="Theirs"), by=make_user(Role.OFFICER, officer.body), at=AT)

    again = save(client, shown)

    assert again.status_code == 409
    assert "Theirs" in again.content.decode()
    assert [note.text for note in ProgressNote.objects.all()] == ["Theirs"]
    save(client, again)
    assert ProgressNote.objects.filter(text__in=["One", "Two"]).count() == 2


def test_what_may_not_be_is_refused_row_by_row_with_the_reason(client, officer):
    shown = upload(
        client, r3_1={"status": "Done", "text": "All done"}, r3_2={"status": "Gecikmiş"}, r3_3={"text": "Good"}
    )
    page = shown.content.decode()

    assert "Done needs evidence" in page
    assert "is not a status" in page
    save(client, shown)
    assert [note.text for note in ProgressNote.objects.all()] == ["Good"]


def test_the_sheet_of_another_body_saves_nothing(client, officer):
    file = sheet_of(client, r3_1={"text": "Mine"})
    client.force_login(make_user(Role.OFFICER, make_body("TR")))

    shown = client.post(PAGE, {"file": file})

    assert "on which you do not record progress" in shown.content.decode()
    assert lines(shown) == []


def test_rows_that_another_person_was_shown_are_refused(client, officer):
    shown = upload(client, r3_1={"text": "Mine"})
    client.force_login(make_user(Role.OFFICER, officer.body))

    assert save(client, shown).status_code == 302
    assert not ProgressNote.objects.exists()


def test_a_note_of_the_own_side_stays_there(client, officer):
    save(client, upload(client, r3_1={"text": "Between us", "visibility": "Own side only"}))

    foreigner = make_user(Role.COORDINATOR, make_body("MY"))
    assert not ProgressNote.objects.visible_to(foreigner).exists()
    assert ProgressNote.objects.visible_to(officer).exists()


def test_the_number_of_queries_does_not_grow_with_the_sheet(client, officer, django_assert_max_num_queries):
    client.get("/my-work/")  # the day's first page notes the visit

    with django_assert_max_num_queries(12):
        client.get(PAGE.rstrip("/") + ".xlsx")
