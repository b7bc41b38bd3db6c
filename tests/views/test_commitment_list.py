import re

import pytest
from django.test import Client

from commitments.domain.codes import Role, Status
from commitments.models import Assignment, Evidence, ProgressNote, User
from tests.make import make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.pages import refs, total

pytestmark = pytest.mark.django_db
SLUG = "turkiye-malaysia-hlsc-2026"
HTMX = {"HX-Request": "true"}


def page(client, address, status=200, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def row_of(ref="3.1", party="MY"):
    return Assignment.objects.get(commitment__ref=ref, party__code=party)


def status_address(ref="3.1", party="MY"):
    return f"/statements/{SLUG}/{ref}/{party}/status/"


def post(client, row, address=None, headers=None, **fields):
    fields = {"version": row.version, "visibility": "both", **fields}
    return client.post(address or status_address(row.commitment.ref, row.party.code), fields, headers=headers)


def test_all_rows_stand_in_the_order_of_the_text_under_their_sections(demo, signed_in):
    html = page(signed_in("officer.miti"), "/commitments/")

    assert total(html) == 64
    assert refs(html)[:3] == ["1.1", "2.1", "2.2"]
    assert html.count('scope="rowgroup"') == 10
    assert 'Looking Ahead</span><span class="num">4</span>' in html


def test_a_row_names_both_sides_their_leads_and_statuses_the_date_and_the_last_update(demo, signed_in):
    html = page(signed_in("officer.miti"), "/commitments/?q=20.2")

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<tbody>") :]))

    assert "TR Dışişleri" in words
    assert "MY Wisma Putra" in words
    assert "Under way" in words
    assert "2026 37 days left" in words
    assert "21 Nov 2026" in words


def test_filters_are_chips_that_can_be_taken_away(demo, signed_in):
    client = signed_in("officer.miti")
    html = page(client, "/commitments/?kind=not_position&side=TR&status=under_way&sort=due")

    without = re.search(r'Status: Under way<a href="([^"]+)"', html)[1].replace("&amp;", "&")

    assert "Kind: All but positions" in html
    assert "Side: Türkiye" in html
    assert without == "?kind=not_position&side=TR&sort=due"
    assert total(page(client, f"/commitments/{without}")) == 48


def test_a_broken_value_gives_the_page_a_sentence_and_what_was_typed(demo, signed_in):
    html = page(signed_in("officer.miti"), "/commitments/?status=finished&q=trade&page=last")

    assert "Part of this address could not be read" in html
    assert "Status: not understood" in html
    assert 'value="trade"' in html


def test_empty_fields_leave_the_address(demo, signed_in):
    response = signed_in("officer.miti").get("/commitments/?q=&status=done&side=")

    assert response.status_code == 302
    assert response["Location"] == "/commitments/?status=done"


def test_a_list_of_nothing_says_why_and_what_to_do(demo, signed_in):
    html = page(signed_in("officer.miti"), "/commitments/?q=unfindable")

    assert "No commitment meets all of these filters" in html
    assert "Show all commitments" in html


def test_ready_views_count_their_rows(demo, signed_in):
    client = signed_in("officer.miti")
    html = page(client, "/commitments/")

    views = re.findall(r'<a href="(\?[^"]*)"[^>]*>[^<]+<span class="num">(\d+)</span>', html)

    assert len(views) == 5
    for query, number in views:
        assert total(page(client, "/commitments/" + query.replace("&amp;", "&"))) == int(number), query


def test_pages_keep_the_filters(signed_in):
    statement = make_statement()
    for number in range(1, 102):
        make_commitment(statement, ref=f"1.{number}", position=number)
    client = Client()
    client.force_login(make_user(body=make_body("TR")))

    html = page(client, "/commitments/?kind=action&sort=title")

    assert "1–100 shown" in html
    assert 'href="?kind=action&amp;sort=title&amp;page=2"' in html
    assert len(refs(page(client, "/commitments/?kind=action&sort=title&page=2"))) == 1


def test_only_the_own_part_has_a_button_and_a_reader_has_none(demo, signed_in):
    officer = page(signed_in("officer.miti"), "/commitments/?q=3.1")
    reader = page(signed_in("reader.my"), "/commitments/?q=3.1")

    assert officer.count("hx-get") == reader.count("hx-get") + 1
    assert f'href="{status_address()}"' in officer


def test_a_status_changes_without_a_script(demo, signed_in):
    row, client = row_of(), signed_in("officer.miti")

    form = page(client, status_address())
    response = post(client, row, status=Status.SUBSTANTIALLY_DONE, next="/commitments/?kind=target")

    assert 'name="status" value="substantially_done"' in form
    assert response.status_code == 302
    assert response["Location"] == f"/commitments/?kind=target#c-{row.commitment_id}"
    assert row_of().status == Status.SUBSTANTIALLY_DONE
    assert "3.1, Malaysia: Substantially done" in page(client, "/commitments/?kind=target")


def test_a_status_changes_in_the_row(demo, signed_in):
    row, client = row_of(), signed_in("officer.miti")

    menu = page(client, status_address(), HX_REQUEST="true", **HTMX)
    response = post(client, row, headers=HTMX, status=Status.SUBSTANTIALLY_DONE)

    assert menu.lstrip().startswith("<details")
    assert response.status_code == 200
    html = response.content.decode()
    assert f'<tr id="c-{row.commitment_id}">' in html
    assert "Substantially done" in html
    assert '<hx-partial hx-target="#said"' in html


@pytest.mark.parametrize("status", [Status.ON_HOLD, Status.DONE])
def test_a_status_that_asks_for_words_comes_back_with_the_field_and_the_reason(demo, signed_in, status):
    row, client = row_of(), signed_in("officer.miti")

    response = post(client, row, headers=HTMX, status=status)

    assert response.status_code == 422
    assert response["HX-Retarget"] == f"#st-{row.pk}"
    html = response.content.decode()
    assert 'name="text"' in html
    assert "needs a note" in html
    assert row_of().status == row.status


def test_done_takes_a_note_and_a_link_as_evidence(demo, signed_in):
    row, client = row_of("3.4"), signed_in("officer.miti")

    refused = post(client, row, status=Status.DONE, text="Signed in March.")
    response = post(client, row, status=Status.DONE, text="Signed in March.", url="https://example.org/act")

    assert refused.status_code == 422
    assert "Signed in March." in refused.content.decode()
    assert response.status_code == 302
    assert row_of("3.4").status == Status.DONE
    assert ProgressNote.objects.newest_first().first().text == "Signed in March."
    assert Evidence.objects.latest("pk").url == "https://example.org/act"


def test_two_people_at_once_the_second_is_told_and_loses_nothing(demo, signed_in):
    row, client = row_of(), signed_in("officer.miti")
    post(client, row, status=Status.SUBSTANTIALLY_DONE)

    response = post(client, row, status=Status.ON_HOLD, text="Waiting for figures.")

    html = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed this to “Substantially done”" in html
    assert "Waiting for figures." in html
    assert f'name="version" value="{row_of().version}"' in html
    assert row_of().status == Status.SUBSTANTIALLY_DONE


@pytest.mark.parametrize(
    ("person", "party", "code"),
    [("reader.my", "MY", 403), ("officer.miti", "TR", 403), ("officer.mindef", "MY", 403), ("officer.miti", "XX", 404)],
)
def test_those_who_may_not_change_it_are_refused(demo, signed_in, person, party, code):
    client, row = signed_in(person), row_of()

    assert client.get(status_address(party=party)).status_code == code
    assert post(client, row, address=status_address(party=party), status=Status.ON_HOLD, text="x").status_code == code
    assert row_of().status == row.status


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "finished"},
        {"status": ""},
        {"version": "x"},
        {"visibility": "all"},
        {"url": "javascript:alert(1)", "status": "done"},
        {"text": "x" * 1_000_000, "status": "on_hold"},
    ],
)
def test_broken_values_come_back_with_a_sentence(demo, signed_in, fields):
    row = row_of()

    response = post(signed_in("officer.miti"), row, **{"status": "under_way", **fields})

    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    in_row = post(signed_in("officer.miti"), row, headers=HTMX, **{"status": "under_way", **fields})
    assert re.search(r'class="error(list)?"', in_row.content.decode())
    assert row_of().version == row.version


def test_only_a_coordinator_is_offered_not_pursued(demo, signed_in):
    assert "not_pursued" not in page(signed_in("officer.miti"), status_address())
    assert "not_pursued" in page(signed_in("coordinator.my"), status_address())


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("20.2", f"/statements/{SLUG}/20.2/"),
        (" 20.2 ", f"/statements/{SLUG}/20.2/"),
        ("¶20", f"/statements/{SLUG}/#p20"),
        ("¶ 20", f"/statements/{SLUG}/#p20"),
    ],
)
def test_the_search_box_jumps_to_numbers(demo, signed_in, words, target):
    response = signed_in("officer.miti").get("/find/", {"q": words})

    assert response["Location"] == target


@pytest.mark.parametrize("words", ["¶99", "99.9", "halal", "", "٣.٣"])
def test_what_is_no_number_of_the_statement_is_searched_for(demo, signed_in, words):
    assert signed_in("officer.miti").get("/find/", {"q": words}).status_code == 200


def test_strangers_and_other_parties_see_nothing(demo):
    stranger = Client()
    stranger.force_login(make_user(Role.OFFICER, make_body("XX")))

    assert total(page(stranger, "/commitments/")) == 0
    assert stranger.get(f"/commitments/?statement={SLUG}").status_code == 404
    assert stranger.get(status_address()).status_code == 404
    assert Client().get("/commitments/").status_code == 302


def test_the_rows_of_several_statements_are_told_apart(statement):
    other = make_statement(short_title="Another statement")
    make_assignment(make_commitment(other))
    client = Client()
    client.force_login(make_user(body=make_body("TR")))

    both, one = page(client, "/commitments/"), page(client, f"/commitments/?statement={other.slug}")

    assert total(both) == 65
    assert "<small>Another statement</small>" in both
    assert total(one) == 1
    assert f'name="statement" value="{other.slug}"' in one


def test_an_administrator_of_no_side_sees_no_rows(demo):
    client = Client()
    client.force_login(User.objects.get(email="administrator@example.org"))

    assert "no commitment to see yet" in page(client, "/commitments/")
