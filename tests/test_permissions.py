"""Every address for every role of both sides, a stranger, an administrator and nobody: a table, written as data.

A route without a row fails the suite, and so does a row without a route.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.make import AT
from tests.world import PERSONAS, ROLES, SIDES, make_world

pytestmark = pytest.mark.django_db

LOGIN, FORBIDDEN, MISSING, OK = "sign in", 403, 404, "ok"
TR = [f"tr_{role}" for role in ROLES]
MY = [f"my_{role}" for role in ROLES]


def policy(*, anonymous=LOGIN, stranger=MISSING, administrator=MISSING, tr=OK, my=OK, **exceptions):
    """What each persona gets: one answer a side, and the exceptions by name."""
    given = {"anonymous": anonymous, "stranger": stranger, "administrator": administrator}
    given |= dict.fromkeys(TR, tr) | dict.fromkeys(MY, my)
    assert set(exceptions) <= set(given), "no such persona"
    return given | exceptions


def for_each_side(**by_role):
    """The same roles of both sides."""
    return {f"{side}_{role}": answer for side in SIDES for role, answer in by_role.items()}


ANYBODY = policy(anonymous=OK, stranger=OK, administrator=OK)
SIGNED_IN = policy(stranger=OK, administrator=OK)
SIDES_OF_THE_STATEMENT = policy()
OWN_SIDE = policy(my=MISSING)
LEAD = policy(my=FORBIDDEN, tr_reader=FORBIDDEN, tr_colleague=FORBIDDEN)  # who may record progress for Türkiye
OWN_STEP = policy(my=MISSING, tr_reader=FORBIDDEN, tr_colleague=FORBIDDEN)
EITHER_LEAD = policy(**for_each_side(reader=FORBIDDEN, colleague=FORBIDDEN))  # … for the own side
MANAGERS = policy(tr=FORBIDDEN, my=FORBIDDEN, tr_manager=OK, tr_coordinator=OK)
WHO_ASKED = policy(tr=FORBIDDEN, my=MISSING, tr_manager=OK, tr_coordinator=OK)
COORDINATOR = policy(tr=FORBIDDEN, my=FORBIDDEN, tr_coordinator=OK)
BOTH_COORDINATORS = policy(tr=FORBIDDEN, my=FORBIDDEN, **for_each_side(coordinator=OK))
OTHER_COORDINATOR = policy(tr=FORBIDDEN, my=FORBIDDEN, my_coordinator=OK)  # Türkiye's has decided already
WORKERS = policy(stranger=OK, administrator=FORBIDDEN, tr_reader=FORBIDDEN, my_reader=FORBIDDEN)
VIEW_OWNER = policy(tr=FORBIDDEN, my=MISSING, tr_coordinator=OK)
OWN_PROPOSAL = policy(tr=FORBIDDEN, my=MISSING, tr_coordinator=OK)
PROPOSER = policy(tr=FORBIDDEN, my=MISSING, tr_officer=OK, tr_coordinator=OK)
ANY_COORDINATOR = policy(
    stranger=OK, administrator=FORBIDDEN, tr=FORBIDDEN, my=FORBIDDEN, **for_each_side(coordinator=OK)
)
OWN_PERSON = policy(administrator=FORBIDDEN, tr=FORBIDDEN, my=FORBIDDEN, tr_coordinator=OK, my_coordinator=MISSING)
OWN_MEETING = policy(tr=FORBIDDEN, my=MISSING, tr_coordinator=OK)
POINT_WRITERS = policy(tr=FORBIDDEN, my=MISSING, tr_officer=OK, tr_coordinator=OK)
WHO_ORDERED = policy(tr=MISSING, my=MISSING, tr_officer=OK)
CLOSED_TO_ALL = policy(tr=MISSING, my=MISSING)  # nothing is frozen or compared before a meeting was held
MAIL_READERS = policy(tr=MISSING, my=MISSING, tr_officer=OK, tr_manager=OK, tr_coordinator=OK)
MAIL_SENDERS = policy(tr=MISSING, my=MISSING, tr_officer=FORBIDDEN, tr_manager=OK, tr_coordinator=OK)
OWN_ABSENCE = policy(tr=MISSING, my=MISSING, tr_officer=OK, tr_coordinator=OK)
REMINDED = policy(my=FORBIDDEN, tr_reader=FORBIDDEN)
ASKED = policy(administrator=FORBIDDEN, tr=FORBIDDEN, my=FORBIDDEN, **for_each_side(coordinator=OK))
ASKER = policy(administrator=FORBIDDEN, tr=FORBIDDEN, my=FORBIDDEN, tr_coordinator=OK)
ANSWERER = policy(administrator=FORBIDDEN, tr=FORBIDDEN, my=FORBIDDEN, tr_coordinator=MISSING, my_coordinator=OK)
CLOSED = policy(anonymous=MISSING, stranger=MISSING, administrator=MISSING, tr=MISSING, my=MISSING)
NOT_BY_THIS_DOOR = dict.fromkeys(PERSONAS, LOGIN)  # pages in the middle of a sign-in that has not begun
BEFORE_THE_SECOND_STEP = policy(stranger=OK, administrator=OK)


@dataclass(frozen=True)
class Row:
    """One way to call a route. `ok` is the status where the policy says so: a number, or several."""

    name: str
    policy: dict[str, object]
    args: tuple[str, ...] = ()
    method: str = "get"
    data: dict[str, object] = field(default_factory=dict)
    ok: tuple[int, ...] = (200,)
    login: str = "account_login"

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def get(name, policy, /, *args, ok=200, **query):
    return Row(name, policy, args, "get", query, ok if isinstance(ok, tuple) else (ok,))


def post(name, policy, /, *args, ok=302, **data):
    return Row(name, policy, args, "post", data, ok if isinstance(ok, tuple) else (ok,))


COMMITMENT = ("slug", "ref")
PART = ("slug", "ref", "party")
DRAFT_PART, ASKED_PART = ("draft", "draft_part"), ("asked_draft", "asked_draft_part")
ASKED_PROPOSAL = ("asked_draft", "asked_draft_proposal")
DATE = {"day": "2029-05-01", "precision": "year", "reason": "Because", "visibility": "both"}
TABLE = [
    get("healthz", ANYBODY),
    get("readyz", ANYBODY, ok=(200, 503)),
    # reading
    get("overview", SIGNED_IN),
    get("commitment_list", SIGNED_IN),
    get("commitment_csv", SIGNED_IN),
    get("commitment_list", SIGNED_IN, q="slow"),
    get("dashboard", SIGNED_IN),
    get("dashboard", SIGNED_IN, by="body"),
    get("body_detail", SIDES_OF_THE_STATEMENT, "tr_body"),
    get("section_detail", SIDES_OF_THE_STATEMENT, "slug", "zero"),
    get("my_work", SIGNED_IN),
    get("calendar", SIGNED_IN, whose="all"),
    get("find", SIGNED_IN, q="trade"),
    get("keyboard", SIGNED_IN),
    get("accessibility", ANYBODY),
    get("statement_detail", SIDES_OF_THE_STATEMENT, "slug"),
    get("statement_file", SIDES_OF_THE_STATEMENT, "slug", "xml"),
    get("progress_sheet", SIDES_OF_THE_STATEMENT, "slug"),
    get("progress_sheet_file", SIDES_OF_THE_STATEMENT, "slug"),
    post("progress_sheet_save", SIDES_OF_THE_STATEMENT, "slug", rows="forged", ok=(302,)),
    get("statement_dossier", SIDES_OF_THE_STATEMENT, "slug"),
    get("dossier_file", SIDES_OF_THE_STATEMENT, "slug", format="xlsx"),
    post("dossier_make", SIDES_OF_THE_STATEMENT, "slug", format="docx"),
    get("dossier_order", WHO_ORDERED, "order"),
    get("dossier_order_file", WHO_ORDERED, "order"),
    post("dossier_cancel", WHO_ORDERED, "order"),
    get("statement_changes", SIDES_OF_THE_STATEMENT, "slug"),
    get("changes_file", SIDES_OF_THE_STATEMENT, "slug", format="xlsx"),
    get("changes_file", SIDES_OF_THE_STATEMENT, "slug", format="csv", edition="shared"),
    get("commitment_detail", SIDES_OF_THE_STATEMENT, *COMMITMENT),
    get("commitment_shortcut", SIDES_OF_THE_STATEMENT, "ref", ok=302),
    get("evidence_file", SIDES_OF_THE_STATEMENT, "shared_file"),
    get("evidence_file", OWN_SIDE, "own_file"),
    get("history", SIGNED_IN),
    get("history_csv", SIGNED_IN),
    get("commitment_history", SIDES_OF_THE_STATEMENT, *COMMITMENT),
    get("body_history", SIDES_OF_THE_STATEMENT, "tr_body"),
    get("person_history", SIDES_OF_THE_STATEMENT, "officer"),
    get("person_history", policy(tr=MISSING), "foreign_officer"),
    get("commitment_date", SIDES_OF_THE_STATEMENT, *COMMITMENT),
    get("date_changes", SIGNED_IN),
    get("date_csv", SIGNED_IN),
    # writing, for Türkiye's part
    get("change_status", LEAD, *PART),
    post("change_status", LEAD, *PART, status="under_way", version="2", text="On it", visibility="both", ok=(302, 409)),
    get("progress_note", LEAD, *PART, ok=302),
    post("progress_note", LEAD, *PART, text="A word", status="under_way", visibility="own", version="3", ok=(302, 409)),
    get("nothing_new", LEAD, *PART),
    post("nothing_new", LEAD, *PART, version="3", ok=(302, 409)),
    post("take_back_note", policy(tr=FORBIDDEN, my=MISSING, tr_officer=OK), "own_note", version="1"),
    get("change_commitments", WORKERS, do="status", pick="{own_pick}", ok=(200, 302)),
    post(
        "change_commitments",
        WORKERS,
        do="status",
        pick="{own_pick}",
        status="on_hold",
        visibility="both",
        ok=(200, 302),
    ),
    post("take_back_batch", policy(tr=MISSING, my=MISSING, tr_officer=OK), "batch"),
    post("assignment_officer", MANAGERS, *PART, officer=""),
    post("assignment_lead", COORDINATOR, *PART, lead="{tr_lead}"),
    post("assignment_cadence", COORDINATOR, *PART, cadence="monthly"),
    post("assignment_confidence", MANAGERS, *PART, confidence="on_track", visibility="both"),
    post("update_request", MANAGERS, *PART, text="What is new?"),
    post("update_request_withdraw", WHO_ASKED, *PART, "asked"),
    post("indicator_add", BOTH_COORDINATORS, *COMMITMENT, name="Pupils", unit="people", direction="up", ok=(302, 422)),
    get("measurement_file", SIDES_OF_THE_STATEMENT, "figure"),
    get("figure_sheet", EITHER_LEAD, *COMMITMENT, "indicator"),
    post("figure_sheet_save", EITHER_LEAD, *COMMITMENT, "indicator", rows="forged", ok=(302,)),
    post("indicator_figure", EITHER_LEAD, *COMMITMENT, "indicator", value="5", period="2025", source="Statistics"),
    post("milestone_add", LEAD, *PART, title="Draft sent", day="2027-03-31", precision="day", visibility="own"),
    post(
        "milestone_change",
        LEAD,
        *COMMITMENT,
        "shared_step",
        title="Draft sent",
        day="2027-03-31",
        precision="day",
        visibility="both",
        version="0",
        ok=(302, 422),
    ),
    post("milestone_step", LEAD, *COMMITMENT, "shared_step", step="done", version="0", ok=(302, 422)),
    post("milestone_step", OWN_STEP, *COMMITMENT, "own_step", step="drop", version="0", ok=(302, 422)),
    post("commitment_date", EITHER_LEAD, *COMMITMENT, **DATE, ok=(302, 422)),
    post("date_remark", EITHER_LEAD, *COMMITMENT, text="A word", visibility="own"),
    post("date_decide", OWN_PROPOSAL, *COMMITMENT, "own_proposal", agrees="no"),
    post("date_decide", OTHER_COORDINATOR, "slug", "dated", "put_proposal", agrees="yes"),
    post("date_withdraw", PROPOSER, *COMMITMENT, "own_proposal"),
    post("commitment_confirm", BOTH_COORDINATORS, *COMMITMENT),
    # statements on their way in
    get("draft_list", ANY_COORDINATOR),
    get("draft_new", ANY_COORDINATOR),
    post("draft_new", ANY_COORDINATOR, text="", ok=422),
    get("draft_detail", OWN_PERSON, "draft"),
    post("draft_detail", OWN_PERSON, "draft", title="T", language="en", version="0"),
    get("draft_detail", ASKED, "asked_draft"),
    get("draft_source", OWN_PERSON, "draft"),
    get("draft_drop", OWN_PERSON, "draft"),
    post("draft_drop", OWN_PERSON, "draft"),
    get("draft_structure", OWN_PERSON, "draft"),
    get("draft_structure", ASKED, "asked_draft"),
    get("draft_part", OWN_PERSON, *DRAFT_PART),
    get("draft_part", ASKER, *ASKED_PART),
    post("draft_part_merge", ASKER, *ASKED_PART, version="0"),
    get("draft_part_split", ASKER, *ASKED_PART),
    post("draft_part_split", ASKER, *ASKED_PART, version="0", words="agreed"),
    post("draft_part_role", ASKER, *ASKED_PART, version="0", role="heading"),
    post("draft_part_number", ASKER, *ASKED_PART, version="0", number="no"),
    post("draft_part_move", ASKER, *ASKED_PART, version="0"),
    get("draft_add", ASKER, *ASKED_PART),
    get("draft_proposals", OWN_PERSON, "draft"),
    get("draft_proposals", ASKED, "asked_draft"),
    post("draft_accept_sure", ASKER, "asked_draft"),
    get("draft_proposal", ASKER, *ASKED_PROPOSAL),
    post("draft_decide", ASKER, *ASKED_PROPOSAL, version="0"),
    post("draft_continues", ASKER, *ASKED_PROPOSAL, version="0", answer="yes"),
    get("draft_refuse", ASKER, *ASKED_PROPOSAL),
    post("draft_refuse", ASKER, *ASKED_PROPOSAL, version="0", reason="None"),
    get("draft_split", ASKER, *ASKED_PROPOSAL),
    get("draft_leads", OWN_PERSON, "draft"),
    get("draft_leads", ASKED, "asked_draft"),
    post("draft_leads", ASKED, "asked_draft"),
    get("draft_publish", OWN_PERSON, "draft"),
    get("draft_publish", ASKED, "asked_draft"),
    post("draft_publish", OWN_PERSON, "draft"),
    post("draft_ask", OWN_PERSON, "draft", party="MY"),
    post("draft_answer", ANSWERER, "asked_draft", agrees="yes", version="{asked_version}"),
    # meetings
    get("meeting_list", SIDES_OF_THE_STATEMENT, "slug"),
    post("meeting_list", BOTH_COORDINATORS, "slug", joint_body="Commission", name="Session", precision="day"),
    get("meeting_detail", SIDES_OF_THE_STATEMENT, "meeting"),
    get("meeting_detail", OWN_SIDE, "quiet"),
    get("meeting_dossier", CLOSED_TO_ALL, "meeting"),
    get("meeting_compare", CLOSED_TO_ALL, "meeting", "meeting"),
    post("meeting_change", BOTH_COORDINATORS, "meeting", joint_body="C", name="N", precision="day", version="0"),
    post("meeting_step", BOTH_COORDINATORS, "meeting", step="begin"),
    post("meeting_step", OWN_MEETING, "quiet", step="share"),
    post("meeting_agenda", BOTH_COORDINATORS, "meeting", source="0"),
    post("meeting_decide", BOTH_COORDINATORS, "meeting", decision="Agreed", ok=422),
    post("agenda_item", BOTH_COORDINATORS, "item", "criterion", criterion="Done", version="0"),
    post("agenda_item", BOTH_COORDINATORS, "item", "remove"),
    post("agenda_item", BOTH_COORDINATORS, "item", "score", score_TR="1", ok=422),
    post("agenda_point", EITHER_LEAD, "item", text="Ask"),
    post("point_step", POINT_WRITERS, "point", step="withdraw"),
    post("commitment_flag", EITHER_LEAD, *COMMITMENT),
    post("commitment_themes", BOTH_COORDINATORS, *COMMITMENT, themes="trade"),
    get("agenda_from_list", SIDES_OF_THE_STATEMENT, statement="{slug}"),
    post("agenda_from_list", SIDES_OF_THE_STATEMENT, target="flag"),
    # saved views
    get("saved_views", SIGNED_IN),
    post("saved_views", policy(stranger=OK, administrator=FORBIDDEN), name="Mine", query="due=none", audience="self"),
    get("saved_view", OWN_SIDE, "view", ok=302),
    get("saved_view_edit", VIEW_OWNER, "view"),
    post("saved_view_edit", VIEW_OWNER, "view", name="Ours", audience="self", version="0"),
    post("saved_view_delete", VIEW_OWNER, "view"),
    # reminders
    get("reminder_list", SIGNED_IN),
    get("reminder_csv", SIGNED_IN),
    get("reminder_preview", SIGNED_IN),
    get("mail_detail", MAIL_READERS, "mail"),
    get("mail_html", MAIL_READERS, "mail"),
    post("mail_send_again", MAIL_SENDERS, "mail"),
    post("mail_arrived", MAIL_SENDERS, "mail"),
    # people
    get("feeds", SIGNED_IN),
    post("feed_make", SIGNED_IN),
    post("feed_end", policy(stranger=MISSING, administrator=MISSING, tr=MISSING, my=MISSING, tr_officer=OK), "feed"),
    get("feed_calendar", ANYBODY, "calendar_token"),
    get("feed_calendar", policy(anonymous=MISSING, tr=MISSING, my=MISSING), "forged"),
    get("feed_changes", ANYBODY, "changes_token"),
    get("people", ANY_COORDINATOR),
    get("people_csv", ANY_COORDINATOR),
    get("person_invite", ANY_COORDINATOR),
    post(
        "person_invite",
        ANY_COORDINATOR,
        name="N",
        email="n@example.org",
        body="{tr_lead}",
        role="officer",
        language="en",
        ok=(302, 422),
    ),
    post("invitation_renew", OWN_PERSON, "invitation"),
    post("invitation_revoke", OWN_PERSON, "invitation"),
    get("person_detail", OWN_PERSON, "officer"),
    post("person_role", OWN_PERSON, "officer", role="manager"),
    post("person_body", OWN_PERSON, "closed", body="{tr_lead}"),
    post("person_hand_over", OWN_PERSON, "officer", successor="{officer}", ok=422),
    post("person_close", OWN_PERSON, "officer"),
    post("person_open", OWN_PERSON, "closed"),
    post("person_second_step", OWN_PERSON, "officer"),
    get("person_erase", OWN_PERSON, "closed"),
    post("person_erase", OWN_PERSON, "closed"),
    get("invitation", ANYBODY, "forged", ok=410),
    # one's own choices
    post("choose_language", ANYBODY, language="tr", ok=302),
    post("choose_theme", ANYBODY, theme="dark", ok=302),
    post("choose_shortcuts", SIGNED_IN, on="no"),
    get("reminder_preferences", SIGNED_IN),
    post("reminder_preferences", SIGNED_IN, ok=422),
    get("absences", SIGNED_IN),
    post("absences", SIGNED_IN, begins_on="2027-01-04", ends_on="2027-01-05", version="0"),
    get("person_absences", OWN_PERSON, "officer"),
    post("person_absences", OWN_PERSON, "officer", begins_on="2027-01-04", ends_on="2027-01-05", version="0"),
    get("absence_change", OWN_ABSENCE, "absence"),
    post("absence_change", OWN_ABSENCE, "absence", begins_on="2027-02-01", ends_on="2027-02-01", version="0"),
    post("absence_end", OWN_ABSENCE, "absence"),
    get("snooze", REMINDED, *PART),
    post("snooze", REMINDED, *PART, until="2026-12-01"),
    get("unsubscribe", ANYBODY, "unsubscribe"),
    post("unsubscribe", ANYBODY, "unsubscribe", ok=200),
    get("my_data", SIGNED_IN),
    get("my_data_file", SIGNED_IN, ok=302),  # the password once more, unless it was just given
    # signing in
    get("account_login", ANYBODY, ok=(200, 302)),
    get("account_logout", ANYBODY, ok=(200, 302)),
    get("account_inactive", ANYBODY),
    get("account_signup", ANYBODY, ok=(200, 302)),
    get("account_reset_password", ANYBODY),
    get("account_reset_password_done", ANYBODY),
    get("account_reset_password_from_key", ANYBODY, "zero", "forged"),
    get("account_reset_password_from_key_done", ANYBODY),
    get("account_change_password", SIGNED_IN, ok=(200, 302)),
    get("account_reauthenticate", SIGNED_IN, ok=(200, 302)),
    get("account_email", CLOSED),
    get("account_email_verification_sent", CLOSED),
    get("account_confirm_email", CLOSED, "forged"),
    get("account_confirm_login_code", CLOSED),
    get("account_set_password", CLOSED),
    get("mfa_index", SIGNED_IN),
    get("mfa_authenticate", BEFORE_THE_SECOND_STEP, ok=302),
    get("mfa_reauthenticate", SIGNED_IN, ok=302),
    get("mfa_activate_totp", SIGNED_IN, ok=(200, 302)),
    get("mfa_deactivate_totp", SIGNED_IN, ok=(302, 404)),
    get("mfa_view_recovery_codes", SIGNED_IN, ok=(302, 404)),
    get("mfa_generate_recovery_codes", SIGNED_IN, ok=302),
    get("mfa_download_recovery_codes", SIGNED_IN, ok=(302, 404)),
    get("mfa_list_webauthn", SIGNED_IN, ok=(200, 302)),
    get("mfa_add_webauthn", SIGNED_IN, ok=302),
    get("mfa_reauthenticate_webauthn", SIGNED_IN, ok=(200, 302)),
    get("mfa_remove_webauthn", SIGNED_IN, "officer", ok=(302, 404)),
    get("mfa_edit_webauthn", SIGNED_IN, "officer", ok=(302, 404)),
    get("mfa_login_webauthn", BEFORE_THE_SECOND_STEP, ok=(200, 302)),
    get("usersessions_list", SIGNED_IN),
    get("socialaccount_login_cancelled", ANYBODY),
    get("socialaccount_login_error", NOT_BY_THIS_DOOR),
    get("socialaccount_signup", NOT_BY_THIS_DOOR),
    get("socialaccount_connections", SIGNED_IN, ok=(200, 302)),
    get("openid_connect_login", CLOSED, "forged"),
    get("openid_connect_callback", CLOSED, "forged"),
]
BY_MAIL = {"unsubscribe"}
WORDS = {"forged": "forged", "xml": "xml", "zero": "0", "criterion": "criterion", "remove": "remove", "score": "score"}


def routes(patterns=None, namespace: str = "") -> Iterator[str]:
    """The name of every route of the product, the administrator's aside, which have a test of their own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from routes(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"
        else:
            assert pattern.callback.__name__ == "closed", f"a route without a name: {pattern}"


@pytest.fixture
def world(settings):
    with time_machine.travel(AT):
        yield make_world()


def filled(world, value):
    """A value of the table with the world's keys in the place of their names."""
    return value.format(**world.keys) if isinstance(value, str) else value


def browser_of(person):
    browser = Client(raise_request_exception=True)
    if person:
        browser.force_login(person)
    return browser


def answer(row, world, persona):
    """What one persona gets, on a world that is left as it was."""
    path = reverse(row.name, args=[WORDS.get(arg, world.keys.get(arg)) for arg in row.args])
    data = {name: filled(world, value) for name, value in row.data.items()}
    with transaction.atomic():
        response = getattr(browser_of(world.people[persona]), row.method)(path, data)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def told(row, response):
    """The response in the words of the table."""
    target = urlsplit(response["Location"]).path if response.status_code == 302 else ""
    away = target == reverse("account_login")
    if (away and row.name != "account_logout") or response.status_code == 401:
        return LOGIN
    return OK if response.status_code in row.ok else response.status_code


def test_every_route_has_a_row_and_every_row_a_route():
    assert {row.name for row in TABLE} == set(routes())


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_what_the_table_says(row, world):
    answers = {persona: told(row, answer(row, world, persona)) for persona in PERSONAS}

    wrong = {
        name: f"got {answers[name]}, not {row.policy[name]}" for name in PERSONAS if answers[name] != row.policy[name]
    }
    assert wrong == {}


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "post" and row.name not in BY_MAIL], ids=str)
def test_a_form_from_elsewhere_is_refused(row, world):
    """No POST goes without the token of the own page, but for what mail programs send (RFC 8058)."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["tr_coordinator"])
    path = reverse(row.name, args=[WORDS.get(arg, world.keys.get(arg)) for arg in row.args])

    assert browser.post(path, {name: filled(world, value) for name, value in row.data.items()}).status_code == 403


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "get"], ids=str)
def test_a_page_tells_no_cache_between_to_keep_it(row, world):
    response = answer(row, world, "tr_coordinator")

    if response.status_code == 200 and row.policy is not ANYBODY:
        assert "no-store" in response.headers.get("Cache-Control", "")


def admin_addresses() -> Iterator[str]:
    """Every address of the administrator's pages, with the key 1 where one is asked for."""
    admin = next(pattern for pattern in get_resolver().url_patterns if getattr(pattern, "namespace", "") == "admin")
    for pattern in admin.url_patterns:
        inner = pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]
        for each in inner:
            if isinstance(each, URLPattern) and each.name:
                keys = {name: "commitments" if name == "app_label" else "1" for name in each.pattern.converters}
                if each.name == "app_list":
                    keys = {"app_label": "commitments"}
                yield reverse(f"admin:{each.name}", kwargs=keys)


OPEN_IN_ADMIN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != "administrator"])
def test_the_administrators_pages_are_the_administrators(persona, world):
    browser = browser_of(world.people[persona])

    for address in admin_addresses():
        if address not in OPEN_IN_ADMIN:
            response = browser.get(address)
            assert response.status_code in (302, 403, 404), address
            if response.status_code == 302:
                assert "/login/" in response["Location"] or response["Location"] == "/", (address, response["Location"])


def test_an_account_that_was_closed_gets_what_a_stranger_at_the_door_gets(world):
    person = world.people["tr_coordinator"]
    browser = browser_of(person)
    assert browser.get("/people/").status_code == 200

    person.is_active = False
    person.save()

    assert browser.get("/people/")["Location"].startswith(reverse(settings.LOGIN_URL))


def test_a_role_that_was_taken_away_is_gone_on_the_next_page(world):
    person = world.people["tr_coordinator"]
    browser = browser_of(person)

    person.role = "reader"
    person.save()

    assert browser.get("/people/").status_code == 403
