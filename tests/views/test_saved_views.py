"""Saved views: a filter of the list under a name, for oneself, the body or the side."""

import pytest

from commitments.actions.savedview import save_view
from commitments.domain.codes import Role, Status
from commitments.models import Act, Assignment, Audience, Change, SavedView
from commitments.models.savedview import MOST_VIEWS
from commitments.views.counted_views import count_of
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts_of_other_tests():
    count_of.cache_clear()


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


@pytest.fixture
def parts(body):
    statement = make_statement()
    return [make_assignment(make_commitment(statement), lead=body) for _ in range(3)]


def kept(person, name="Mine", query="status=not_assessed", audience=Audience.SELF):
    return save_view(name, query, audience, by=person, at=AT)


def test_a_filter_is_saved_under_an_address_with_its_count(parts, officer):
    browser = browser_of(officer)
    query = "status=not_assessed&page=3&kind="

    page = browser.post("/views/", {"name": "İşlerimiz, açık", "query": query, "audience": "self"}, follow=True)

    assert page.redirect_chain == [("/commitments/?status=not_assessed", 302)]
    assert browser.get("/views/islerimiz-acik/")["Location"] == "/commitments/?status=not_assessed"
    assert "İşlerimiz, açık 3" in words(page)


def test_the_count_follows_what_is_written(parts, officer):
    browser = browser_of(officer)
    kept(officer)
    assert "Mine 3" in words(browser.get("/my-work/"))

    browser.post(
        f"/statements/{parts[0].commitment.statement.slug}/1.1/TR/status/",
        {"status": "under_way", "visibility": "both", "version": "0"},
    )

    assert Assignment.objects.filter(status=Status.UNDER_WAY).exists()
    assert "Mine 2" in words(browser.get("/my-work/"))


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("self", {"owner"}), ("body", {"owner", "colleague"}), ("party", {"owner", "colleague", "side"})],
)
def test_a_view_is_seen_by_whom_it_is_for_and_never_by_another_side(parts, body, audience, seen):
    coordinator = make_user(Role.COORDINATOR, body)
    make_assignment(parts[0].commitment, "MY")
    people = {
        "owner": coordinator,
        "colleague": make_user(Role.READER, body),
        "side": make_user(Role.READER, make_body()),
        "other side": make_user(Role.COORDINATOR, make_body("MY")),
        "nobody": make_user(Role.COORDINATOR, make_body("QA")),
    }
    kept(coordinator, audience=Audience(audience))

    pages = {name: browser_of(person).get("/views/mine/").status_code for name, person in people.items()}
    assert {name for name, status in pages.items() if status == 302} == seen
    assert {status for name, status in pages.items() if name not in seen} == {404}
    assert {name for name, person in people.items() if "Mine" in words(browser_of(person).get("/views/"))} == seen


def test_it_is_renamed_and_deleted_by_its_owner_and_the_history_tells(parts, officer):
    browser = browser_of(officer)
    kept(officer, audience=Audience.BODY)

    browser.post("/views/mine/edit/", {"name": "Ours", "audience": "body", "version": "0"})
    assert SavedView.objects.get().name == "Ours"
    browser.post("/views/mine/delete/")

    assert not SavedView.objects.exists()
    facts = Change.objects.order_by("seq").values_list("act", "before__name", "after__name")
    assert list(facts) == [
        (Act.VIEW_SAVED, None, "Mine"),
        (Act.VIEW_CHANGED, "Mine", "Ours"),
        (Act.VIEW_DELETED, "Ours", None),
    ]


def test_the_history_does_not_name_what_is_private(parts, body, officer):
    kept(officer, name="On my colleague’s work")

    page = words(browser_of(make_user(Role.MANAGER, body)).get("/history/"))

    assert "Saved a view" in page
    assert "colleague" not in page


def test_a_colleague_sees_a_shared_view_and_does_not_change_it(parts, body, officer):
    kept(officer, audience=Audience.BODY)
    colleague = browser_of(make_user(Role.MANAGER, body))

    assert colleague.get("/views/mine/").status_code == 302
    assert colleague.get("/views/mine/edit/").status_code == 403
    assert colleague.post("/views/mine/delete/").status_code == 403


def test_two_who_rename_at_once_are_told(parts, officer):
    browser = browser_of(officer)
    kept(officer)
    browser.post("/views/mine/edit/", {"name": "First", "audience": "self", "version": "0"})

    response = browser.post("/views/mine/edit/", {"name": "Second", "audience": "self", "version": "0"})

    assert response.status_code == 422
    assert SavedView.objects.get().name == "First"


def test_only_a_coordinator_shares_with_the_whole_side(parts, officer):
    response = browser_of(officer).post("/views/", {"name": "All", "query": "", "audience": "party"})

    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_what_can_no_longer_be_read_is_told(parts, body, officer):
    kept(officer, query=f"lead={body.code}&status=under_way")
    body.is_active = False
    body.save()

    page = browser_of(officer).get("/views/")

    assert "cannot be read in full" in words(page)
    assert body.code in words(page)


def test_nobody_keeps_more_than_a_menu_can_show(parts, officer):
    for number in range(MOST_VIEWS):
        kept(officer, name=f"View {number}")

    response = browser_of(officer).post("/views/", {"name": "One more", "query": "", "audience": "self"})

    assert response.status_code == 422
    assert f"You keep {MOST_VIEWS} views already" in words(response)


@pytest.mark.parametrize("name", ["", "x" * 51, " \t "])
def test_a_view_without_a_name_is_not_saved(parts, officer, name):
    assert browser_of(officer).post("/views/", {"name": name, "audience": "self"}).status_code == 422


def test_names_of_no_letters_and_equal_names_have_addresses_of_their_own(parts, officer):
    assert [kept(officer, name=name).slug for name in ("¶", "¶", "Mine", "Mine")] == [
        "view",
        "view-2",
        "mine",
        "mine-2",
    ]
