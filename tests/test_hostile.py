"""Every address and every form of the product, with what nobody should send: no error, no leak, no write elsewhere.

The forms are those that the pages themselves hold, so a new page or field is tried without being named here.
"""

import csv
import io
import itertools
import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from commitments.actions.planning import plan_reminders
from commitments.actions.sending import send_due_mails
from commitments.models import Assignment, Change, User
from tests.make import AT
from tests.test_permissions import TABLE, WORDS, filled
from tests.world import make_world

ROWS = pytest.mark.django_db
PERSON, OTHER = "tr_coordinator", "my_coordinator"
FORM = "application/x-www-form-urlencoded"
HUGE = "9" * 400
ADDRESSES = ["0", "-1", HUGE, "x%00", "%ff%fe", "..%2f..%2fetc%2fpasswd"]
HOSTILE = [
    "",
    "-9223372036854775809",
    "1e400",
    "NaN",
    "\x00",
    "../../etc/passwd",
    "9999-99-99",
    "\u202e\u2028İı",
    "a\r\nBcc: all@example.org",
]
BROKEN_UTF8 = "%ff%fe%ed%a0%80"
RAW = "<svg onload=qux>"
TYPED = f'=HYPERLINK("http://evil.example")"\'>{RAW}{{{{7*7}}}}{{% debug %}}'
UNSAID = {  # names of columns that no form may set by being told
    "is_staff": "on",
    "is_superuser": "on",
    "is_sample": "on",
    "is_locked": "on",
    "by": "1",
    "by_id": "1",
    "party_id": "1",
    "body_id": "1",
    "user": "1",
    "hash": "0",
    "status_before": "done",
    "erased_at": "2026-01-01",
    "password_hash": "x",
}
NOT_WALKED = {"account_logout"}  # would end the walk


class Forms(HTMLParser):
    """The forms of a page: address, method, and the fields with what stands in them."""

    def __init__(self, page):
        super().__init__()
        self.found, self.form, self.select = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "form":
            self.form = [given.get("action") or "", (given.get("method") or "get").lower(), {}]
            self.found.append(self.form)
        elif self.form and tag == "option" and self.select:
            if "selected" in given or self.select not in self.form[2]:
                self.form[2][self.select] = given.get("value") or ""
        elif self.form and name and name != "csrfmiddlewaretoken" and given.get("type") != "file":
            self.select = name if tag == "select" else ""
            if tag == "select":
                return
            if given.get("type") not in ("radio", "checkbox") or "checked" in given or name not in self.form[2]:
                self.form[2][name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""


@dataclass(frozen=True)
class Form:
    path: str
    method: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shape(self):
        """Forms of one shape differ in keys alone: one of them is tried."""
        return (re.sub(r"\d+", "0", self.path), self.method, tuple(sorted(name for name, _ in self.fields)))


@pytest.fixture
def world():
    with time_machine.travel(AT):
        yield make_world()


@pytest.fixture
def lasting_world(fresh_database):
    """The same in a database of the test's own: mails are sent outside of any transaction alone."""
    with time_machine.travel(AT):
        yield make_world()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.REQUESTS_A_MINUTE = {"write": 10**6, "search": 10**6}


def browser_of(person):
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser


def path_of(row, world):
    return reverse(row.name, args=[WORDS.get(arg, world.keys.get(arg)) for arg in row.args])


def pages(world):
    """Every address that is read, with its question."""
    for row in TABLE:
        if row.method == "get" and row.name not in NOT_WALKED:
            yield path_of(row, world), {name: filled(world, value) for name, value in row.data.items()}


def content_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def forms_of(world, browser):
    """One of each shape of form that this person's pages hold."""
    shapes = {}
    for path, question in pages(world):
        response = browser.get(path, question)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        for action, method, fields in Forms(content_of(response).decode()).found:
            target = urlsplit(urljoin(path, action)).path
            form = Form(target, method, tuple(fields.items()))
            if target != reverse("account_logout"):
                shapes.setdefault(form.shape, form)
    return list(shapes.values())


def sent(browser, form, fields, **how):
    """The answer to the form as sent, on a world that is left as it was."""
    with transaction.atomic():
        response = getattr(browser, form.method)(form.path, fields, **how)
        content_of(response)
        yield response
        transaction.set_rollback(True)


def broken(form, name):
    """The form with bytes in one field that are no UTF-8."""
    kept = urlencode([pair for pair in form.fields if pair[0] != name])
    return f"{kept}&{quote(name)}={BROKEN_UTF8}"


def belongings():
    """What no form of the other side may move: its parts, and who may do what."""
    parts = Assignment.objects.filter(party__code="MY").order_by("pk")
    people = User.objects.order_by("pk")
    return (
        list(parts.values_list("pk", "version", "status", "lead", "officer")),
        list(people.values_list("pk", "is_staff", "is_superuser", "is_sample")),
        list(people.filter(body__party__code="MY").values_list("pk", "role", "body", "is_active")),
    )


def foreign_keys(world):
    """Keys of the other side's people, bodies, parts, and of what only it may see."""
    parts = Assignment.objects.filter(party__code="MY").values_list("pk", flat=True)
    keys = {world.people[OTHER].pk, world.people["my_officer"].pk, world.keys["my_lead"], *parts}
    return [*(str(key) for key in sorted(keys)), "MY", world.keys["my_body"]]


@ROWS
def test_a_strange_part_of_an_address_is_a_plain_answer(world):
    browser = browser_of(world.people[PERSON])
    methods, wrong = itertools.cycle([browser.get, browser.post, browser.get]), []
    for row in {row.name: row for row in TABLE if row.args}.values():
        path = path_of(row, world)
        for part in {str(WORDS.get(arg, world.keys.get(arg))) for arg in row.args}:
            for value in ADDRESSES:
                address = path.replace(f"/{quote(part)}/", f"/{value}/", 1)
                with transaction.atomic():
                    response = next(methods)(address)
                    transaction.set_rollback(True)
                if response.status_code >= 500:
                    wrong.append(address[:120])

    assert wrong == []


@ROWS
def test_a_hostile_value_in_any_field_of_any_form_is_a_plain_answer(world):
    browser = browser_of(world.people[PERSON])
    forms = forms_of(world, browser)
    values, wrong = itertools.cycle(HOSTILE), []
    for form in forms:
        for name, _value in form.fields:
            for value in (HUGE, next(values), next(values)):
                for response in sent(browser, form, dict(form.fields) | {name: value}):
                    if response.status_code >= 500:
                        wrong.append((form.path, name, value[:20]))
            if form.method == "get":
                continue
            for response in sent(browser, form, broken(form, name), content_type=FORM):
                if response.status_code >= 500:
                    wrong.append((form.path, name, "broken UTF-8"))

    assert wrong == []
    assert len(forms) > 40


@ROWS
def test_keys_of_the_other_side_and_columns_that_no_form_has_move_nothing(world):
    """Foreign keys in every field, and mass assignment in every form: what is another's stays as it is."""
    person = world.people[PERSON]
    browser = browser_of(person)
    before, last = belongings(), Change.objects.newest_first().first().seq
    keys, wrong = itertools.cycle(foreign_keys(world)), []
    for form in forms_of(world, browser):
        if form.method != "post" or form.path.startswith("/unsubscribe/"):  # a signed link acts for whom it was sent to
            continue
        told = {name: value for name, value in UNSAID.items() if name not in dict(form.fields)}
        tries = [dict(form.fields) | told]
        tries += [dict(form.fields) | told | {name: next(keys)} for name, _value in form.fields for _ in range(2)]
        for fields in tries:
            for response in sent(browser, form, fields):
                acts = Change.objects.filter(seq__gt=last)
                strange = acts.exclude(by=person) | acts.filter(party__code="MY")
                if response.status_code >= 500 or belongings() != before or strange.exists():
                    wrong.append((form.path, fields, response.status_code))

    assert wrong == []


def test_what_is_typed_into_any_text_is_text_in_every_page_file_and_mail(lasting_world):
    """Saved wherever a form takes it, then looked for in all that either side can get."""
    world = lasting_world
    browser = browser_of(world.people[PERSON])
    for form in forms_of(world, browser):
        texts = [name for name, value in form.fields if not value and form.method == "post"]
        for name in texts:
            browser.post(form.path, dict(form.fields) | dict.fromkeys(texts, "A word") | {name: TYPED})
    for at in (AT, AT + timedelta(days=7)):
        plan_reminders(at, force=True)
        send_due_mails(lambda at=at: at)

    seen = 0
    for persona in (PERSON, OTHER):
        reader = browser_of(world.people[persona])
        for path, question in [*pages(world), (reverse("find"), {"q": TYPED}), ("/commitments/", {"q": TYPED})]:
            response = reader.get(path, question)
            content = content_of(response)
            assert response.status_code < 500, path
            seen += tried(path, response["Content-Type"], content)
    assert mail.outbox
    for sent_mail in mail.outbox:
        parts = message_from_bytes(sent_mail.message().as_bytes(), policy=policy.default).walk()
        assert all(RAW not in part.get_content() for part in parts if part.get_content_type() == "text/html")
        assert "\n" not in sent_mail.subject
    assert seen > 10, "what was typed is shown somewhere"


def tried(path, media_type, content):
    """Whether the typed text is in the file; fails where it is more than text there."""
    if media_type.startswith("text/html"):
        page = content.decode()
        assert RAW not in page, path
        assert "49" not in re.findall(r"qux>?(?:&gt;)?(\d+)", page), path
        return "onload=qux" in page
    if media_type.startswith("text/csv"):
        cells = [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in line]
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells), path
        return any("onload=qux" in cell for cell in cells)
    if "spreadsheet" in media_type:
        sheets = load_workbook(io.BytesIO(content))
        assert all(cell.data_type != "f" for sheet in sheets for line in sheet for cell in line), path
    return False
