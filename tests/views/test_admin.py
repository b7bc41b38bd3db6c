"""The administrator keeps reference rows, looks at tracked ones, and reads nobody's own notes."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.domain.codes import Role, Visibility
from commitments.models import (
    Act,
    Assignment,
    Body,
    Change,
    Commitment,
    DossierOrder,
    Evidence,
    Holiday,
    Indicator,
    Measurement,
    Milestone,
    OutgoingMail,
    Paragraph,
    Party,
    ProgressNote,
    Reminder,
    Section,
    Statement,
    Theme,
    User,
)
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db
REFERENCE = [Party, Body, Holiday, User, Theme]
TRACKED = [
    Statement,
    Section,
    Paragraph,
    Commitment,
    Assignment,
    Indicator,
    Measurement,
    Milestone,
    ProgressNote,
    Evidence,
    Change,
    Reminder,
    OutgoingMail,
    DossierOrder,
]


@pytest.fixture
def administrator():
    person = make_user(Role.READER, name="Administrator", is_staff=True, is_superuser=True)
    person.body = None
    person.save()
    return person


@pytest.fixture
def note():
    ours = make_assignment()
    evidence = [NewEvidence("canary-file", url="https://canary.example/")]
    new = NewNote("canary-note", next_steps="canary-steps", visibility=Visibility.OWN, evidence=evidence)
    return record_progress(ours, new, by=make_user(body=ours.lead), at=AT)


def where(model, action="changelist"):
    return f"/admin/commitments/{model._meta.model_name}/" + {"changelist": "", "add": "add/"}[action]


def test_only_the_trackers_own_rows_are_there():
    """Secrets of sign-in (second factors, tokens) are nobody's to look at."""
    listed = {model for model in apps.get_models() if admin.site.is_registered(model)}

    assert listed == {*REFERENCE, *TRACKED}


@pytest.mark.parametrize("model", REFERENCE)
def test_reference_rows_can_be_added(administrator, model):
    browser = browser_of(administrator)

    assert browser.get(where(model)).status_code == 200
    assert browser.get(where(model, "add")).status_code == 200


@pytest.mark.parametrize("model", TRACKED)
def test_tracked_rows_can_only_be_looked_at(administrator, note, model):
    browser = browser_of(administrator)
    row = model.objects.first()

    assert browser.get(where(model)).status_code == 200
    assert browser.get(where(model, "add")).status_code == 403
    if row:
        for action in ("change", "delete"):
            assert browser.post(f"{where(model)}{row.pk}/{action}/", {"post": "yes"}).status_code in (302, 403)
    browser.post(where(model), {"action": "delete_selected", "_selected_action": row.pk if row else 1, "post": "yes"})
    assert model.objects.first() == row


def test_no_page_of_the_admin_shows_an_own_side_note_to_an_administrator_of_no_side(administrator, note):
    browser = browser_of(administrator)
    for model in [*REFERENCE, *TRACKED]:
        rows = model.objects.values_list("pk", flat=True)[:3]
        pages = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/"]
        pages += [f"{pages[0]}{pk}/{action}/" for pk in rows for action in ("change", "history", "delete")]
        for page in [*pages, f"{pages[0]}?q=canary"]:
            content = browser.get(page, follow=True).content
            assert b"canary-" not in content
            assert b"canary.example" not in content


def test_an_administrator_of_the_other_side_sees_that_sides_rows_only(note):
    other = make_user(Role.READER, body=make_body("MY"), is_staff=True, is_superuser=True)
    browser = browser_of(other)

    for model in (ProgressNote, Evidence, Change):
        assert b"canary" not in browser.get(where(model)).content
        row = model.objects.first()
        assert b"canary" not in browser.get(f"{where(model)}{row.pk}/change/", follow=True).content


def test_an_administrator_of_the_own_side_sees_what_the_side_sees(note):
    own = make_user(Role.READER, is_staff=True, is_superuser=True)

    assert b"canary-note" in browser_of(own).get(where(ProgressNote)).content


def test_an_assignment_is_shown_without_what_one_side_may_keep_to_itself(administrator, note):
    text = words(browser_of(administrator).get(f"{where(Assignment)}{note.assignment_id}/change/"))

    assert "Desk officer" in text
    assert "Confidence" not in text
    assert "Last note" not in text


def test_strangers_and_people_without_the_right_do_not_get_in(note):
    stranger = Client().get("/admin/", follow=True)
    coordinator = browser_of(make_user(Role.COORDINATOR))

    assert stranger.redirect_chain[-1][0].startswith("/account/login/")
    assert coordinator.get("/admin/", follow=True).status_code == 403
    assert coordinator.get("/admin/login/").status_code == 403


def test_signing_in_happens_on_the_one_page_that_counts_wrong_passwords():
    assert Client().post("/admin/login/", {"username": "a", "password": "b"})["Location"].startswith("/account/login/")


def account(**values):
    defaults = {"email": "New.Person@Example.org", "name": "New person", "role": "officer", "usable_password": "true"}
    return {**defaults, "password1": "a long enough phrase", "password2": "a long enough phrase", **values}


def test_an_account_is_made_and_the_making_is_recorded(administrator):
    body = make_body()

    response = browser_of(administrator).post(where(User, "add"), account(body=body.pk))

    assert response.status_code == 302
    person = User.objects.get(email="new.person@example.org")
    change = Change.objects.get(act=Act.PERSON_CHANGED)
    assert change.by == administrator
    assert (change.after["person"], change.after["role"], change.after["body"]) == (person.pk, "officer", body.pk)
    assert person.check_password("a long enough phrase")


def test_an_account_with_the_address_of_another_is_refused(administrator):
    make_user(email="new.person@example.org")

    response = browser_of(administrator).post(where(User, "add"), account())

    assert response.status_code == 200
    assert "Please correct the error" in words(response)


def test_a_change_of_what_an_account_may_do_is_recorded_for_its_side(administrator):
    person = make_user(Role.READER)
    form = {"email": person.email, "name": person.name, "body": person.body_id, "role": "coordinator"}
    values = {**form, "language": "en", "time_zone": "", "is_active": "on"}

    response = browser_of(administrator).post(f"{where(User)}{person.pk}/change/", values)

    assert response.status_code == 302
    change = Change.objects.get(act=Act.PERSON_CHANGED)
    assert (change.before, change.after) == ({"role": "reader"}, {"role": "coordinator", "person": person.pk})
    assert (change.party, change.visibility) == (person.body.party, Visibility.OWN)


def test_an_account_is_never_deleted(administrator):
    person = make_user()

    assert browser_of(administrator).post(f"{where(User)}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    "query", ["?q=%00", "?party__code__exact=%00", "?o=x", "?p=-1", "?pk__in=x", "?by__password=a"]
)
def test_a_broken_address_in_the_admin_is_no_error(administrator, query):
    for model in (Body, User, Assignment):
        assert browser_of(administrator).get(f"{where(model)}{query}", follow=True).status_code in (200, 400)
