import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.draft_agreement import ask_side
from commitments.actions.draft_proposals import accept_proposal
from commitments.actions.publishing import publish_draft
from commitments.domain.codes import Role
from commitments.models import DraftSource, Statement, StatementDraft
from commitments.models.draft import Continuing, Decision
from commitments.views import draft_leads
from tests.drafts import FOLDER, accept_all, make_coordinator, make_draft, make_parties
from tests.make import AT, make_body, make_user
from tests.views.kit import browser_of, form_value, words

pytestmark = pytest.mark.django_db
CEILING = 30
TEXT = (
    "Joint Statement of Türkiye and Azerbaijan\n\n1. The sides agreed to meet in 2028.\n\n2. They left.\n\n3. They met."
)


@pytest.fixture
def us():
    make_parties("TR", "AZ")
    return make_coordinator("TR")


@pytest.fixture
def browser(us):
    return browser_of(us)


@pytest.fixture
def draft(us):
    return make_draft(us)


def uploaded(name, content):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_word_file_becomes_a_draft(browser):
    content = (FOLDER / "india_kazakhstan.docx").read_bytes()

    response = browser.post("/drafts/new/", uploaded("visit.docx", content))

    draft = StatementDraft.objects.get()
    assert response["Location"] == f"/drafts/{draft.pk}/"
    assert "The text names: India, Kazakhstan." in words(browser.get(response["Location"]))
    download = browser.get(f"/drafts/{draft.pk}/source/")
    assert download.content == content
    assert download["Content-Disposition"] == 'attachment; filename="source.docx"'
    assert "sandbox" in download["Content-Security-Policy"]


def test_pasted_text_becomes_a_draft(browser):
    browser.post("/drafts/new/", {"text": TEXT})

    assert [party.code for party in StatementDraft.objects.get().parties.all()] == ["AZ", "TR"]


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 300_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "one of the two"),
        ({"text": TEXT, **uploaded("a.txt", b"text")}, "one of the two"),
        (uploaded("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 400), "neither text nor HTML, Word (.docx) or PDF"),
        (uploaded("a.txt", b" \n"), "there is no text in it"),
        (uploaded("a.docx", bomb()), "was not opened"),
        (uploaded("a.pdf", b"%PDF-1.7 broken"), "cannot be opened"),
    ],
    ids=["nothing", "both", "picture", "empty", "bomb", "broken"],
)
def test_what_cannot_be_read_is_refused_in_clear_words(values, says, browser):
    response = browser.post("/drafts/new/", {**values})

    assert response.status_code == 422
    assert says in words(response)
    assert not StatementDraft.objects.exists()


def test_a_text_that_is_here_already_is_shown_before_going_on(browser, draft, us):
    again = make_draft(us)

    assert "This text may be here already Draft: Türkiye–Azerbaijan, Baku 2026 – the same text" in words(
        browser.get(f"/drafts/{again.pk}/")
    )


def test_the_head_is_saved_and_a_second_save_of_an_old_page_keeps_what_was_typed(browser, draft):
    page = browser.get(f"/drafts/{draft.pk}/")
    values = {"title": "Mine", "short_title": "M", "language": "en", "version": form_value(page, "version")}
    browser.post(f"/drafts/{draft.pk}/", {**values, "title": "Theirs"})

    response = browser.post(f"/drafts/{draft.pk}/", values)

    assert response.status_code == 422
    assert "Somebody has changed this" in words(response)
    assert ">\nMine</textarea>" in response.content.decode()
    assert (
        browser.post(f"/drafts/{draft.pk}/", {**values, "version": form_value(response, "version")}).status_code == 302
    )


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_that_no_statement_can_have_comes_back(day, browser, draft):
    values = {"title": "T", "language": "en", "version": "0", "adopted_on": day}

    assert browser.post(f"/drafts/{draft.pk}/", values).status_code == 422


def test_a_draft_is_dropped_with_all_that_is_in_it(browser, draft, us):
    assert "Drop “Türkiye–Azerbaijan, Baku 2026”?" in words(browser.get(f"/drafts/{draft.pk}/drop/"))

    browser.post(f"/drafts/{draft.pk}/drop/")

    draft.refresh_from_db()
    assert (draft.state, draft.text, draft.parts.count(), draft.proposals.count()) == ("dropped", "", 0, 0)
    assert not DraftSource.objects.exists()
    assert browser.get(f"/drafts/{draft.pk}/").status_code == 404
    assert "No draft is open" in words(browser.get("/drafts/"))


def test_the_structure_is_corrected_from_the_page(browser, draft):
    part = draft.parts.get(number="6")
    address = f"/drafts/{draft.pk}/parts/{part.pk}/"

    browser.post(f"{address}split/", {"version": "0", "words": "They called on"})
    second = draft.parts.get(text__startswith="They called on")
    back = browser.post(f"/drafts/{draft.pk}/parts/{second.pk}/join/", {"version": str(second.version)})

    assert back["Location"] == f"/drafts/{draft.pk}/structure/#part-{part.pk}"
    assert browser.post(f"{address}split/", {"version": "1", "words": "nowhere"}).status_code == 422
    assert browser.post(f"{address}split/", {"version": "1"}).status_code == 422
    stale = browser.post(f"{address}role/", {"version": "0", "role": "heading", "level": "1"}, follow=True)
    assert "Somebody has changed this" in words(stale)


def test_a_decision_goes_on_to_the_next_that_is_open(browser, draft):
    first, second = draft.proposals.all()[:2]

    response = browser.post(f"/drafts/{draft.pk}/commitments/{first.pk}/decide/", {"version": "0"})

    assert response["Location"] == f"/drafts/{draft.pk}/commitments/#c{second.pk}"
    assert "1 of 21 decided" in words(browser.get(response["Location"]))


def test_a_wording_that_was_overtaken_is_shown_with_what_was_typed(browser, draft):
    row = draft.proposals.first()
    address = f"/drafts/{draft.pk}/commitments/{row.pk}/"
    page = browser.get(address)
    accept_proposal(row, version=0, by=make_coordinator("TR"), at=AT)
    values = {
        "first": "12",
        "last": "16",
        "title": "My own words",
        "kind": "event",
        "strength": "agreed",
        "sides": ["TR", "AZ"],
        "due_precision": "year",
        "due_basis": "text",
        "version": form_value(page, "version"),
    }

    response = browser.post(address, values)

    assert response.status_code == 422
    assert 'value="My own words"' in response.content.decode()
    browser.post(address, {**values, "version": form_value(response, "version")})
    row.refresh_from_db()
    assert (row.title, row.quote) == ("My own words", "agreed that the Foreign Ministers")


@pytest.mark.parametrize(
    "wrong",
    [{"first": "3", "last": "1"}, {"first": "9999"}, {"sides": []}, {"kind": "nothing"}, {"due_on": "9999-12-31"}],
)
def test_a_wrong_form_comes_back(wrong, browser, draft):
    row = draft.proposals.first()
    values = {"first": "0", "last": "1", "title": "T", "kind": "event", "strength": "agreed", "sides": ["TR"]}
    values |= {"due_precision": "year", "due_basis": "text", "version": "0", **wrong}

    assert browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/", values).status_code == 422


def test_selected_words_fill_the_form(browser, draft):
    part = draft.parts.get(number="2")

    page = browser.get(
        f"/drafts/{draft.pk}/parts/{part.pk}/add/", {"words": "allied  relations", "before": "reached by"}
    )

    html = page.content.decode()
    assert '<option value="9" selected>10 allied</option>' in html
    assert '<option value="10" selected>11 relations</option>' in html


def test_a_refusal_without_a_reason_comes_back(browser, draft):
    row = draft.proposals.first()

    response = browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/refuse/", {"version": "0", "reason": " "})

    assert response.status_code == 422
    assert "Say why it is no commitment." in words(response)


def test_a_proposal_is_split_before_a_word(browser, draft):
    row = draft.proposals.filter(part__number="9").first()
    at = row.part.text.index("in 2027")

    browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/split/", {"version": "0", "place": str(at)})

    assert [piece.quote for piece in row.pieces.all()][1] == "in 2027 with joint events"
    response = browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/split/", {"version": "1", "place": "x"})
    assert "cannot be split there" in words(response)


def test_lead_bodies_are_suggested_chosen_and_confirmed(browser, draft, us):
    trade = make_body("TR", name_en="Ministry of Trade")
    accept_all(draft, us)
    row = draft.proposals.get(part__number="5", strength="directed")
    name = f"{row.pk}-{us.body.party_id}"
    assert "Suggested from the subject" in words(browser.get(f"/drafts/{draft.pk}/leads/"))

    other = us.body
    browser.post(f"/drafts/{draft.pk}/leads/", {f"lead-{name}": other.pk, f"seen-{name}": trade.pk})

    assert row.leads.get(party=us.body.party).lead == other
    stale = browser.post(f"/drafts/{draft.pk}/leads/", {f"lead-{name}": "", f"seen-{name}": trade.pk}, follow=True)
    assert "Somebody has changed this" in words(stale)


def test_many_lead_bodies_are_chosen_page_by_page(browser, draft, us, monkeypatch):
    monkeypatch.setattr(draft_leads, "FIELDS", 20)
    accept_all(draft, us)

    first, last = browser.get(f"/drafts/{draft.pk}/leads/"), browser.get(f"/drafts/{draft.pk}/leads/?page=9")

    assert first.content.count(b"<li><div><b>") == 5
    assert last.content.count(b"<li><div><b>") == 1
    assert browser.post(f"/drafts/{draft.pk}/leads/?page=2")["Location"] == f"/drafts/{draft.pk}/leads/?page=2"


def test_the_list_of_what_is_missing_leads_to_where_it_is_put_right(browser, draft, us):
    page = browser.get(f"/drafts/{draft.pk}/publish/")
    assert "21 commitments are not decided" in words(page)
    assert f'href="/drafts/{draft.pk}/commitments/"' in page.content.decode()
    assert "once nothing is missing" in words(page)
    accept_all(draft, us)

    response = browser.post(f"/drafts/{draft.pk}/publish/")

    statement = Statement.objects.get()
    assert response["Location"] == f"/statements/{statement.slug}/"
    assert browser.post(f"/drafts/{draft.pk}/publish/")["Location"] == response["Location"]
    assert Statement.objects.count() == 1
    assert "This draft is published" in words(browser.get(f"/drafts/{draft.pk}/"))


def test_the_side_that_was_asked_reads_answers_and_chooses_its_own_bodies(draft, us):
    accept_all(draft, us)
    them = make_coordinator("AZ")
    ask_side(draft, them.body.party, by=us, at=AT)
    browser = browser_of(them)
    page = browser.get(f"/drafts/{draft.pk}/publish/")
    assert "Türkiye asks your side to agree" in words(page)
    assert "Publish the statement" not in words(page)

    browser.post(f"/drafts/{draft.pk}/answer/", {"agrees": "yes", "version": form_value(page, "version")})
    row = draft.proposals.filter(decision=Decision.ACCEPTED).first()
    name = f"{row.pk}-{them.body.party_id}"
    browser.post(
        f"/drafts/{draft.pk}/leads/", {f"lead-{name}": them.body_id, f"seen-{name}": them.body_id, "confirm": "yes"}
    )

    draft.refresh_from_db()
    assert draft.agreements.get().holds
    line = row.leads.get(party=them.body.party)
    assert (line.lead, line.is_suggested) == (them.body, False)


@pytest.mark.parametrize(
    "step", ["", "structure/", "commitments/", "commitments/?order=doubtful", "leads/", "publish/"]
)
def test_a_page_asks_a_fixed_number_of_questions(step, browser, us):
    long = make_draft(us, name="g20_style")
    browser.get("/drafts/")
    for draft in (make_draft(us, text=TEXT), long):
        accept_all(draft, us)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(f"/drafts/{draft.pk}/{step}").status_code == 200
        assert len(found) <= CEILING


def test_an_officer_is_told_whose_it_is():
    response = browser_of(make_user(Role.OFFICER)).get("/drafts/")

    assert response.status_code == 403
    assert "Only coordinators take statements in." in words(response)


def test_an_earlier_commitment_is_shown_beside_the_new_words_and_answered(browser, us):
    earlier = make_draft(us, text=TEXT.replace("Azerbaijan", "Azerbaijan\n\nBaku, 3 March 2024", 1))
    accept_all(earlier, us)
    statement = publish_draft(earlier, by=us, at=AT)
    draft = make_draft(us, text=TEXT.replace("They left", "They stayed"))
    (row,) = draft.proposals.filter(continues__isnull=False)

    page = words(browser.get(f"/drafts/{draft.pk}/commitments/"))
    answer = {"version": row.version, "answer": "yes"}
    browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/continues/", answer)

    row.refresh_from_db()
    assert "Does it carry on an earlier commitment?" in page
    assert (row.continues, row.continuing) == (statement.commitments.get(), Continuing.TAKEN)
    assert browser.post(f"/drafts/{draft.pk}/commitments/{row.pk}/continues/", {"answer": "perhaps"}).status_code == 404
