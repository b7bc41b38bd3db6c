"""Erases a person's data; the history stays true: the name is replaced, the acts stay, the chain still verifies."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.actions.people import end_sessions
from commitments.domain.codes import Visibility
from commitments.models.dossier_order import DossierOrder
from commitments.models.history import Act
from commitments.models.invitation import Invitation
from commitments.models.outbox import OutgoingMail, SuppressedAddress
from commitments.models.permission import may_manage
from commitments.models.person import User
from commitments.models.reminder import Absence, ReminderPreference
from commitments.models.savedview import Audience, SavedView
from commitments.models.snooze import Snooze
from commitments.models.visit import Visit


@transaction.atomic
def erase(person: User, *, by: User, at: datetime) -> None:
    """Replace name and address of a closed account, and delete what only signing in and mailing needed.

    Rows of the history hold keys, so none of them changes. Notes stay as they were written.
    Code of refusal: still_active.
    """
    row = User.objects.select_for_update(of=["self"]).select_related("body__party").get(pk=person.pk)
    if not may_manage(by, row):
        raise PermissionDenied
    if row.is_active:
        raise ValidationError(_("Close the account first."), code="still_active")
    _forget(row)
    row.erased_at = at
    row.name, row.email, row.time_zone, row.last_login = f"#{row.pk}", nameless_address(row), "", None
    row.set_unusable_password()
    row.save(update_fields=["erased_at", "name", "email", "time_zone", "last_login", "password"])
    fact = Fact(
        Act.PERSON_CHANGED,
        {"person": row.pk},
        {"person": row.pk, "erased": True},
        visibility=Visibility.OWN,
        party=by.body.party,
    )
    record_change(fact, by=by, at=at)


def nameless_address(person: User) -> str:
    """An address that no mail can reach (RFC 2606) and that names nobody."""
    return f"erased-{person.pk}@erased.invalid"


def _forget(person: User) -> None:
    """What only signing in, mailing and a person's own habits needed: no other person loses anything by it."""
    end_sessions(person)
    for model in (Authenticator, EmailAddress, SocialAccount):
        model.objects.filter(user=person).delete()
    for invitation in Invitation.objects.filter(person=person):
        invitation.name, invitation.email, invitation.refusal = f"#{person.pk}", nameless_address(person), ""
        invitation.save(update_fields=["name", "email", "refusal"])
    for model in (ReminderPreference, Absence, Snooze):
        model.objects.filter(person=person).delete()
    DossierOrder.objects.filter(by=person).delete()
    SavedView.objects.filter(owner=person, audience=Audience.SELF).delete()
    Visit.objects.filter(person=person).delete()
    SuppressedAddress.objects.filter(address__iexact=person.email).delete()
    mails = OutgoingMail.objects.filter(recipient=person)
    mails.filter(raw__isnull=False).update(raw=b"")
    mails.update(address="", subject="", last_words="")
