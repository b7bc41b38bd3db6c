import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.theme import set_themes
from commitments.domain.codes import Role
from commitments.models import Act, Change, CommitmentTheme, Theme
from commitments.queries.theme import proposed_themes
from tests.make import AT, make_assignment, make_body, make_commitment, make_user
from tests.views.kit import browser_of, csv_rows, page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment():
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


def coordinator(party="TR"):
    return make_user(Role.COORDINATOR, body=make_body(party))


def themes(*codes):
    return list(Theme.objects.filter(code__in=codes))


def test_a_coordinator_of_either_side_sets_them_and_the_history_tells(commitment):
    set_themes(commitment, themes("trade", "energy"), seen=[], by=coordinator("MY"), at=AT)
    set_themes(commitment, themes("trade"), seen=["energy", "trade"], by=coordinator("TR"), at=AT)

    assert [theme.code for theme in commitment.themes.all()] == ["trade"]
    told = Change.objects.filter(act=Act.THEMES_SET).order_by("seq")
    assert [change.after for change in told] == [{"themes": ["energy", "trade"]}, {"themes": ["trade"]}]


def test_what_was_changed_meanwhile_is_not_written_over(commitment):
    set_themes(commitment, themes("trade"), seen=[], by=coordinator(), at=AT)

    with pytest.raises(ValidationError, match="Somebody has changed"):
        set_themes(commitment, themes("energy"), seen=[], by=coordinator("MY"), at=AT)


@pytest.mark.parametrize(("role", "party"), [(Role.MANAGER, "TR"), (Role.READER, "MY"), (Role.COORDINATOR, "ID")])
def test_nobody_else_sets_them(commitment, role, party):
    with pytest.raises(PermissionDenied):
        set_themes(commitment, themes("trade"), seen=[], by=make_user(role, body=make_body(party)), at=AT)
    assert not CommitmentTheme.objects.exists()


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Expand cooperation in renewable energy and hydrogen", {"energy"}),
        ("Train cadets and officers", {"defence"}),
        ("Zzz", set()),
    ],
)
def test_they_are_proposed_from_the_words(commitment, title, codes):
    commitment.title = title
    commitment.paragraph.text = "…" * 40

    assert codes <= {row.theme.code for row in proposed_themes([commitment])}
    assert codes or not list(proposed_themes([commitment]))


def test_a_theme_that_is_not_in_use_is_not_proposed(commitment):
    Theme.objects.filter(code="energy").update(is_active=False)
    commitment.title = "Expand cooperation in renewable energy and hydrogen"

    assert "energy" not in {row.theme.code for row in proposed_themes([commitment])}


def test_they_are_ticked_on_the_page_and_found_on_the_list_and_in_its_file(commitment):
    browser = browser_of(coordinator())
    address = f"{page_of(commitment)}themes/"

    assert browser.post(address, {"themes": ["trade", "health"], "seen": ""}).status_code == 302

    assert "?theme=health" in browser.get(page_of(commitment)).content.decode()
    assert commitment.title in words(browser.get("/commitments/?theme=health"))
    assert commitment.title not in words(browser.get("/commitments/?theme=energy"))
    assert commitment.title not in words(browser.get("/commitments/?theme=none"))
    assert {row["Themes"] for row in csv_rows(browser.get("/commitments.csv"))} == {"Trade and investment, Health"}
    assert "Health, Trade and investment" in words(browser.get("/history/?act=themes_set"))
    assert browser.post(address, {"themes": ["energy"], "seen": ""}).status_code == 422
    assert browser.post(address, {"themes": ["nothing"], "seen": "trade health"}).status_code == 422


def test_a_commitment_with_two_themes_counts_under_each_and_once_in_the_total(commitment):
    set_themes(commitment, themes("trade", "health"), seen=[], by=coordinator(), at=AT)
    make_assignment(make_commitment(commitment.statement), "TR")

    page = words(browser_of(coordinator()).get("/dashboard/?by=theme"))

    assert "Of 2 that ask for action" in page
    assert "Trade and investment" in page
    assert "Health" in page
    assert "No theme" in page
