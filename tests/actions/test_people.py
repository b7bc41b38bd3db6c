import smtplib
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.erasure import erase
from commitments.actions.history import broken_links
from commitments.actions.inviting import send_invitations
from commitments.actions.people import (
    Invitee,
    accept_invitation,
    deactivate,
    digest,
    hand_over,
    invite,
    reactivate,
    renew_invitation,
    reset_second_step,
    revoke_invitation,
    set_body,
    set_role,
)
from commitments.domain.codes import Role, Visibility
from commitments.models import Act, Change, Invitation, User
from tests.make import AT, make_assignment, make_body, make_user

PASSWORD = "three quiet herons on the quay"


@pytest.fixture
def body(db):
    return make_body()


@pytest.fixture
def coordinator(body):
    return make_user(Role.COORDINATOR, body)


@pytest.fixture
def foreigner(db):
    return make_user(Role.COORDINATOR, make_body("MY"))


def invitee(body, **values):
    return Invitee(**{"email": "New@Example.org", "name": "New Officer", "body": body, "role": Role.OFFICER, **values})


def link_secret():
    """The secret in the newest mail."""
    return mail.outbox[-1].body.split("/invitation/")[1].split("/")[0]


def acts():
    return list(Change.objects.order_by("seq").values_list("act", "visibility", "party__code", "before", "after"))


def test_an_invitation_leads_to_an_account(coordinator, body):
    invite(invitee(body), by=coordinator, at=AT)
    assert send_invitations(at=AT) == 1

    person = accept_invitation(link_secret(), name="New", password=PASSWORD, language="tr", at=AT)

    assert (person.email, person.role, person.body, person.language) == ("new@example.org", "officer", body, "tr")
    assert authenticate(email="new@example.org", password=PASSWORD) == person


def test_the_secret_of_a_link_is_kept_nowhere(coordinator, body):
    invite(invitee(body), by=coordinator, at=AT)
    send_invitations(at=AT)

    row = Invitation.objects.get()
    assert row.token_sha256 == digest(link_secret())
    assert link_secret() not in str(row.__dict__) + str(acts())


def test_a_link_works_once(coordinator, body):
    invite(invitee(body), by=coordinator, at=AT)
    send_invitations(at=AT)
    accept_invitation(link_secret(), name="New", password=PASSWORD, language="en", at=AT)

    with pytest.raises(ValidationError) as refusal:
        accept_invitation(link_secret(), name="Again", password=PASSWORD, language="en", at=AT)

    assert refusal.value.code == "link_ended"
    assert User.objects.filter(email="new@example.org").count() == 1


def test_a_link_ends_after_seven_days(coordinator, body):
    invite(invitee(body), by=coordinator, at=AT)
    send_invitations(at=AT)

    with pytest.raises(ValidationError, match="no longer works"):
        accept_invitation(link_secret(), name="New", password=PASSWORD, language="en", at=AT + timedelta(days=7))


def test_a_new_link_ends_the_one_before(coordinator, body):
    invitation = invite(invitee(body), by=coordinator, at=AT)
    send_invitations(at=AT)
    first = link_secret()
    renew_invitation(invitation, by=coordinator, at=AT)

    with pytest.raises(ValidationError, match="no longer works"):
        accept_invitation(first, name="New", password=PASSWORD, language="en", at=AT)

    assert send_invitations(at=AT) == 1
    assert accept_invitation(link_secret(), name="New", password=PASSWORD, language="en", at=AT)


def test_a_revoked_link_is_dead(coordinator, body):
    invitation = invite(invitee(body), by=coordinator, at=AT)
    send_invitations(at=AT)
    revoke_invitation(invitation, by=coordinator, at=AT)

    with pytest.raises(ValidationError, match="no longer works"):
        accept_invitation(link_secret(), name="New", password=PASSWORD, language="en", at=AT)


@pytest.mark.parametrize("secret", ["", "x", "\x00", "\ud800", "a" * 10_000, "../../etc/passwd", "null"])
def test_a_forged_link_is_refused(db, secret):
    with pytest.raises(ValidationError, match="no longer works"):
        accept_invitation(secret, name="x", password=PASSWORD, language="en", at=AT)


def test_an_invitation_is_mailed_once_however_often_the_task_runs(coordinator, body):
    invite(invitee(body), by=coordinator, at=AT)

    assert (send_invitations(at=AT), send_invitations(at=AT)) == (1, 0)
    assert len(mail.outbox) == 1


def test_a_mail_that_could_not_be_handed_over_is_tried_again(coordinator, body, settings):
    invite(invitee(body), by=coordinator, at=AT)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    assert send_invitations(at=AT) == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_invitations(at=AT) == 1


def test_an_address_that_the_mail_server_refuses_is_not_tried_for_ever(coordinator, body, settings):
    class Refusing:
        def __init__(self, **options):
            pass

        def send_messages(self, messages):
            raise smtplib.SMTPRecipientsRefused({"new@example.org": (550, b"no such user")})

    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    globals()["Refusing"] = Refusing
    invite(invitee(body), by=coordinator, at=AT)

    assert (send_invitations(at=AT), send_invitations(at=AT)) == (0, 0)
    assert Invitation.objects.get().refusal == "550 no such user"


def test_nobody_is_invited_twice_or_over_an_account(coordinator, body):
    make_user(body=body, email="here@example.org")
    invite(invitee(body), by=coordinator, at=AT)

    for address, code in [("here@Example.org", "has_account"), ("NEW@example.org", "is_invited")]:
        with pytest.raises(ValidationError) as refusal:
            invite(invitee(body, email=address), by=coordinator, at=AT)
        assert refusal.value.code == code


def test_nobody_is_invited_to_a_body_of_the_other_side(coordinator, db):
    with pytest.raises(ValidationError) as refusal:
        invite(invitee(make_body("MY")), by=coordinator, at=AT)

    assert refusal.value.code == "not_of_the_party"


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_only_a_coordinator_invites(role, body):
    with pytest.raises(PermissionDenied):
        invite(invitee(body), by=make_user(role, body), at=AT)

    assert not Change.objects.exists()


def everything_about(person, invitation, coordinator, body):
    """Each act of managing people, as one call."""
    colleague = make_user(body=person.body)
    return [
        lambda: set_role(person, Role.MANAGER, by=coordinator, at=AT),
        lambda: set_body(person, body, by=coordinator, at=AT),
        lambda: hand_over(person, colleague, by=coordinator, at=AT),
        lambda: deactivate(person, by=coordinator, at=AT),
        lambda: reactivate(person, by=coordinator, at=AT),
        lambda: erase(person, by=coordinator, at=AT),
        lambda: reset_second_step(person, by=coordinator, at=AT),
        lambda: renew_invitation(invitation, by=coordinator, at=AT),
        lambda: revoke_invitation(invitation, by=coordinator, at=AT),
    ]


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("who", ["foreigner", "manager", "closed"])
def test_nobody_but_an_active_coordinator_of_the_side_manages_a_person(number, who, body, coordinator, foreigner):
    person = make_user(body=body)
    invitation = invite(invitee(body), by=coordinator, at=AT)
    by = {
        "foreigner": foreigner,
        "manager": make_user(Role.MANAGER, body),
        "closed": make_user(Role.COORDINATOR, body, is_active=False),
    }[who]
    before = acts()

    with pytest.raises(PermissionDenied):
        everything_about(person, invitation, by, make_body())[number]()

    assert acts() == before


def test_a_role_is_changed_and_told_to_the_own_side_alone(coordinator, body):
    person = make_user(body=body)

    set_role(person, Role.MANAGER, by=coordinator, at=AT)

    person.refresh_from_db()
    assert person.role == Role.MANAGER
    before, after = {"person": person.pk, "role": "officer"}, {"person": person.pk, "role": "manager"}
    assert acts() == [(Act.PERSON_CHANGED, Visibility.OWN, "TR", before, after)]


def test_a_side_keeps_one_coordinator(coordinator, body):
    make_user(Role.COORDINATOR, body, is_active=False)
    make_user(Role.COORDINATOR, make_body("MY"))

    for act in (
        lambda: set_role(coordinator, Role.READER, by=coordinator, at=AT),
        lambda: set_role(coordinator, Role.MANAGER, by=coordinator, at=AT),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "last_coordinator"


def test_nobody_closes_the_own_account(coordinator, body):
    make_user(Role.COORDINATOR, body)

    with pytest.raises(ValidationError) as refusal:
        deactivate(coordinator, by=coordinator, at=AT)

    assert refusal.value.code == "yourself"


def test_a_desk_officer_moves_with_empty_hands(coordinator, body):
    person = make_user(body=body)
    make_assignment(lead=body, officer=person)

    for act in (
        lambda: set_body(person, make_body(), by=coordinator, at=AT),
        lambda: set_role(person, Role.READER, by=coordinator, at=AT),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "has_assignments"


def test_nobody_moves_to_the_other_side(coordinator, body):
    with pytest.raises(ValidationError) as refusal:
        set_body(make_user(body=body), make_body("MY"), by=coordinator, at=AT)

    assert refusal.value.code == "not_of_the_party"


def test_all_assignments_of_a_leaver_go_to_the_successor(coordinator, body):
    leaver, successor = make_user(body=body), make_user(body=body)
    assignments = [make_assignment(lead=body, officer=leaver) for _ in range(3)]

    assert hand_over(leaver, successor, by=coordinator, at=AT) == 3

    for assignment in assignments:
        assignment.refresh_from_db()
        assert assignment.officer == successor
    named = [after for act, *_, after in acts() if act == Act.OFFICER_NAMED]
    assert named == [{"officer": successor.pk}] * 3


@pytest.mark.parametrize("fields", [{"role": Role.READER}, {"is_active": False}, {"body": "other"}])
def test_a_successor_is_an_active_officer_of_the_same_body(coordinator, body, fields):
    leaver = make_user(body=body)
    assignment = make_assignment(lead=body, officer=leaver)
    if "body" in fields:
        fields = {"body": make_body()}

    with pytest.raises(ValidationError) as refusal:
        hand_over(leaver, make_user(**{"body": body, **fields}), by=coordinator, at=AT)

    assignment.refresh_from_db()
    assert refusal.value.code == "not_of_the_body"
    assert assignment.officer == leaver


def test_a_closed_account_loses_its_assignments_and_its_sessions(coordinator, body, client):
    leaver = make_user(body=body, password=PASSWORD)
    assignment = make_assignment(lead=body, officer=leaver)
    client.force_login(leaver)
    assert client.get("/my-work/").status_code == 200

    deactivate(leaver, by=coordinator, at=AT)

    assignment.refresh_from_db()
    assert assignment.officer is None
    assert client.get("/my-work/").status_code == 302
    assert authenticate(email=leaver.email, password=PASSWORD) is None


def test_a_refused_successor_leaves_the_account_open(coordinator, body):
    leaver = make_user(body=body)
    make_assignment(lead=body, officer=leaver)

    with pytest.raises(ValidationError):
        deactivate(leaver, successor=make_user(), by=coordinator, at=AT)

    leaver.refresh_from_db()
    assert leaver.is_active
    assert not Change.objects.exists()


def test_a_closed_account_can_be_opened_again(coordinator, body):
    person = make_user(body=body, password=PASSWORD)
    deactivate(person, by=coordinator, at=AT)

    reactivate(person, by=coordinator, at=AT)

    assert authenticate(email=person.email, password=PASSWORD) == person


def test_a_lost_second_step_is_reset_by_a_coordinator_and_never_the_own(coordinator, body):
    person = make_user(body=body)
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

    reset_second_step(person, by=coordinator, at=AT)

    assert not Authenticator.objects.exists()
    assert acts()[-1][-1] == {"person": person.pk, "second_step_reset": True}
    with pytest.raises(ValidationError, match="Another coordinator"):
        reset_second_step(coordinator, by=coordinator, at=AT)


def test_erasure_replaces_the_name_and_keeps_the_acts(coordinator, body):
    person = make_user(Role.COORDINATOR, body, name="Ayşe Yılmaz", email="ayse@example.org", password=PASSWORD)
    colleague = make_user(body=body)
    set_role(colleague, Role.MANAGER, by=person, at=AT)
    deactivate(person, by=coordinator, at=AT)

    erase(person, by=coordinator, at=AT)

    person.refresh_from_db()
    assert str(person) == f"Erased account {person.pk}"
    assert "ayse" not in str(person.__dict__).lower()
    assert Change.objects.filter(by=person).count() == 1
    assert list(broken_links()) == []


def test_only_a_closed_account_is_erased(coordinator, body):
    with pytest.raises(ValidationError) as refusal:
        erase(make_user(body=body), by=coordinator, at=AT)

    assert refusal.value.code == "still_active"


def test_an_erased_account_is_never_opened_again(coordinator, body):
    person = make_user(body=body)
    deactivate(person, by=coordinator, at=AT)
    erase(person, by=coordinator, at=AT)

    with pytest.raises(PermissionDenied):
        reactivate(person, by=coordinator, at=AT)
