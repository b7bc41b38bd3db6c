"""The forms by which a coordinator manages the own side's people, and the one that an invited person fills in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.domain.text import tidy
from commitments.forms.assignment import ABLE, BodyChoice
from commitments.models.invitation import Invitation
from commitments.models.party import Body
from commitments.models.person import User
from commitments.models.words import Role

LONGEST_PASSWORD = 128  # characters; hashing more would only cost time


class NameField(forms.CharField):
    """A name on one line, without control characters."""

    def to_python(self, value: str | None) -> str:
        return " ".join(tidy(value or "").split())


def bodies_of(person: User) -> QuerySet[Body]:
    """The active bodies of the person's own party."""
    return Body.objects.active().filter(party=person.party_id).select_related("party").order_by("name_en")


class InviteForm(forms.Form):
    name = NameField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    body = BodyChoice(label=_("Body"), queryset=Body.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OFFICER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, coordinator: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["body"].queryset = bodies_of(coordinator)
        self.fields["language"].initial = coordinator.language


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"role": person.role}, label_suffix="", auto_id="id_role_%s", **kwargs)


class BodyForm(forms.Form):
    body = BodyChoice(label=_("Body"), queryset=Body.objects.none(), empty_label=None)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"body": person.body_id}, label_suffix="", auto_id="id_body_%s", **kwargs)
        self.fields["body"].queryset = bodies_of(person)


class SuccessorForm(forms.Form):
    """Who takes over; where the account is closed as well, it may be nobody."""

    successor = forms.ModelChoiceField(label=_("Successor"), queryset=User.objects.none())

    def __init__(self, *args: Any, person: User, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id=f"id_successor_{required}_%s", **kwargs)
        colleagues = User.objects.active().filter(body=person.body_id, role__in=ABLE).exclude(pk=person.pk)
        self.fields["successor"].queryset = colleagues.order_by("name", "pk")
        self.fields["successor"].required = required
        if not required:
            self.fields["successor"].empty_label = _("Nobody for now")


class AcceptForm(forms.Form):
    """An invited person's own name, language and password."""

    name = NameField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        initial = {"name": invitation.name, "language": invitation.language}
        super().__init__(*args, initial=initial, label_suffix="", **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", ValidationError(_("The two passwords differ."), code="differ"))
        elif password:
            person = User(email=self.invitation.email, name=given.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as refusal:
                self.add_error("password", refusal)
        return given
