"""The keyboard's page, and the switch that leaves its script out."""

import pytest

from tests.make import make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db


def test_single_keys_are_switched_off_and_on_for_the_person():
    browser = browser_of(make_user())
    assert "keys.js" in browser.get("/my-work/").content.decode()

    response = browser.post("/keyboard/choice/", {"on": "no", "next": "/my-work/"})
    assert response["Location"] == "/my-work/"
    page = browser.get("/my-work/").content.decode()
    assert "keys.js" not in page
    assert "find.js" in page
    assert "switched off for you" in words(browser.get("/keyboard/"))
    browser.post("/keyboard/choice/", {"on": "yes"})

    assert "keys.js" in browser.get("/my-work/").content.decode()


def test_an_answer_that_is_none_changes_nothing():
    browser = browser_of(make_user())

    browser.post("/keyboard/choice/", {"on": "perhaps"})

    assert "keys.js" in browser.get("/my-work/").content.decode()
