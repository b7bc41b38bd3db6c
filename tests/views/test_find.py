"""One search: numbers jump, words find what the person may see, in groups."""

import pytest
from django.db import connection

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Visibility
from commitments.domain.searching import excerpt, folded_words
from commitments.domain.text import fold
from commitments.models import Paragraph
from commitments.models.folding import LETTERS, Folded
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def part():
    statement = make_statement(
        text="The Leaders agreed to expand trade. They praised Işık Üniversitesi and İstanbul’s ports."
    )
    commitment = make_commitment(statement, title="Expand trade")
    make_assignment(
        commitment, "MY", make_body("MY", "MITI", name_en="Ministry of Industry", name_own="Kementerian Perindustrian")
    )
    return make_assignment(
        commitment, lead=make_body("TR", "Ticaret", name_en="Ministry of Commerce", name_own="Ticaret Bakanlığı")
    )


@pytest.fixture
def officer(part):
    return make_user(Role.OFFICER, part.lead, name="Ayşe Yılmaz")


def found(person, query, **headers):
    return words(browser_of(person).get("/find/", {"q": query}, headers=headers))


def hits(person, query):
    page = browser_of(person).get("/find/", {"q": query}, headers={"hx-request": "true"})
    return page.content.decode().count("data-hit")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("EXPAND trade", "Commitments 1.1 Expand trade"),
        ("isik universitesi", "In the statement ¶ 1"),
        ("ISTANBUL", "In the statement ¶ 1"),
        ("ticaret bakanligi", "Ministries and agencies Ministry of Commerce"),
        ("TİCARET BAKANLIĞI", "Ministries and agencies Ministry of Commerce"),
        ("perindustrian", "Ministries and agencies Ministry of Industry"),
        ("ayse yilmaz", "People of my side Ayşe Yılmaz"),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(officer, query, told):
    assert told.replace("¶ ", "¶") in found(officer, query)


def test_a_number_jumps_and_in_the_box_it_is_the_first_row(part, officer):
    browser = browser_of(officer)
    slug = part.commitment.statement.slug

    assert browser.get("/find/?q=1.1")["Location"] == f"/statements/{slug}/1.1/"
    assert browser.get("/find/?q=¶1")["Location"] == f"/statements/{slug}/#p1"
    assert "Expand trade" in found(officer, "1.1", **{"hx-request": "true"})
    assert "¶1" in found(officer, "¶1", **{"hx-request": "true"})


def test_notes_are_found_by_those_who_may_read_them(part, officer):
    record_progress(part, NewNote("İhracat görüşmeleri başladı", visibility=Visibility.OWN), by=officer, at=AT)
    record_progress(part, NewNote("Ships sailed", next_steps="Ask Ankara"), by=officer, at=AT)
    other = make_user(Role.COORDINATOR, make_body("MY"))

    assert "Notes 1.1 İhracat görüşmeleri başladı" in found(officer, "ihracat gorusmeleri")
    assert "Ships sailed" in found(other, "ask ankara")
    assert "İhracat" not in found(other, "ihracat")
    assert hits(other, "ihracat") == 0


def test_people_of_the_other_side_and_strangers_statements_are_not_found(officer):
    other = make_user(Role.COORDINATOR, make_body("MY"))
    stranger = make_user(Role.COORDINATOR, make_body("QA"))

    assert hits(other, "ayse yilmaz") == 0
    assert hits(stranger, "trade") == 0
    assert hits(stranger, "1.1") == 0


def test_only_a_coordinator_finds_people_by_their_address(part, officer):
    coordinator = make_user(Role.COORDINATOR, make_body())

    assert hits(coordinator, officer.email) == 1
    assert hits(officer, coordinator.email) == 0


@pytest.mark.parametrize("query", ["", " ", "x", "%", "' OR 1=1", "\x00", "¶", "q" * 500, "…"])
def test_what_means_nothing_finds_nothing(officer, query):
    response = browser_of(officer).get("/find/", {"q": query})

    assert response.status_code == 200
    assert "data-hit" not in response.content.decode()


def test_the_database_folds_as_the_code_does(part):
    text = f"{LETTERS} İSTİŞARE ışık DIŞ İŞLERİ ke-19 naïve I\u0307"
    Paragraph.objects.filter(statement__locked_at=None).delete()
    make_statement(text=text, locked=False)

    folded = Paragraph.objects.order_by("-pk").values_list(Folded("text"), flat=True)[0]

    assert folded.split() == fold(text).split(), connection.vendor


def test_an_excerpt_begins_and_ends_with_whole_words_around_what_was_found():
    text = f"{'before ' * 30}İstişare{' after' * 30}"

    shown = excerpt(text, folded_words("istisare"))

    assert shown.startswith("… before ")
    assert shown.endswith("after …")
    assert "İstişare" in shown
    assert excerpt("Short text", ["nowhere"]) == "Short text"
