"""Browsers for page tests: signed in as whoever the test made."""

import csv
import io
import re
from html import unescape

from django.test import Client
from django.urls import reverse


def browser_of(person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def page_of(commitment) -> str:
    return reverse("commitment_detail", args=(commitment.statement.slug, commitment.ref))


def address(name, assignment) -> str:
    """The address of a view about an assignment."""
    commitment = assignment.commitment
    return reverse(name, args=(commitment.statement.slug, commitment.ref, assignment.party.code))


def note(**values):
    """A note as the form sends it, by somebody who saw the first version, not assessed."""
    defaults = {"text": "The working group met.", "next_steps": "", "links": "", "visibility": "both"}
    return {**defaults, "status": "not_assessed", "seen_status": "not_assessed", "version": "0", **values}


def words(response) -> str:
    """The page as it is read: without tags, spaces as one."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def form_value(response, name) -> str:
    """The value of a hidden field on the page."""
    match = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    return unescape(match[1])


def chosen(response, name) -> str:
    """The value of the radio button that is checked."""
    for tag in re.findall(r'<input type="radio"[^>]*>', response.content.decode()):
        if f'name="{name}"' in tag and " checked" in tag:
            return re.search(r'value="([^"]*)"', tag)[1]
    raise AssertionError(f"nothing is chosen for {name}")


def csv_rows(response):
    """The rows of a list as CSV, without the lines below them that say what the file is."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text.partition("\r\n\r\n")[0])))
