"""One change of many commitments, as it is chosen: a status with a note, a desk officer, or a lead body."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.codes import Role
from commitments.forms.assignment import ABLE, BodyChoice
from commitments.forms.progress import OFFERED, TidyField
from commitments.models import BatchKind, Body, User
from commitments.models.words import Status, Visibility

FIELDS = {
    BatchKind.STATUS: ("status", "text", "url", "visibility"),
    BatchKind.NOTHING_NEW: (),
    BatchKind.OFFICER: ("officer",),
    BatchKind.LEAD: ("lead",),
}


class BatchForm(forms.Form):
    """Only the fields of its kind; whether each row can be changed is for the rehearsal to say."""

    status = forms.ChoiceField(label=_("Status"), choices=[(code, Status(code).label) for code in OFFERED])
    text = TidyField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "short"}))
    url = forms.URLField(label=_("Evidence: a link"), required=False, max_length=2000, assume_scheme="https")
    visibility = forms.ChoiceField(
        label=_("Who may read the note"), choices=Visibility.choices, initial=codes.Visibility.BOTH
    )
    officer = forms.ModelChoiceField(
        label=_("Desk officer"), queryset=User.objects.none(), required=False, empty_label=_("Nobody named")
    )
    lead = BodyChoice(label=_("Lead body"), queryset=Body.objects.none(), empty_label=None)

    def __init__(self, *args: Any, kind: BatchKind, person: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.kind = kind
        for name in set(self.fields) - set(FIELDS[kind]):
            del self.fields[name]
        if kind == BatchKind.OFFICER:
            able = User.objects.active().filter(role__in=ABLE).order_by("name", "pk")
            own = {"body__party": person.party_id} if person.has_rank(Role.COORDINATOR) else {"body": person.body_id}
            self.fields["officer"].queryset = able.filter(**own)
        if kind == BatchKind.LEAD:
            own = Body.objects.active().filter(party=person.party_id)
            self.fields["lead"].queryset = own.select_related("party").order_by("name_en")
