"""What is typed about a meeting: its facts, criteria, points, scores, decisions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms.deadline import ShortTextField
from commitments.forms.people import NameField
from commitments.models import AgendaItem, Meeting, Party, Section
from commitments.models.words import Precision

LONGEST = 200  # characters of a name or a place
SCORES = [("", "–"), ("1", "+1"), ("0", "0"), ("-1", "−1")]
FLAGGED = "flagged"


def day_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        required=False,
        help_text=help_text,
    )


class MeetingForm(forms.Form):
    """Name, joint body, date as precise as it is known, place; `version` is what the person saw."""

    joint_body = NameField(label=gettext_lazy("Joint body"), max_length=LONGEST)
    name = NameField(label=gettext_lazy("Name of the meeting"), max_length=LONGEST)
    day = day_field(gettext_lazy("Date"), gettext_lazy("Any day of the period that is meant."))
    precision = forms.ChoiceField(label=gettext_lazy("As precise as"), choices=Precision.choices, initial=Precision.DAY)
    place = NameField(label=gettext_lazy("Place"), max_length=LONGEST, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting:
            kwargs["initial"] = {
                "joint_body": meeting.joint_body,
                "name": meeting.name,
                "day": meeting.held_on,
                "precision": meeting.precision or Precision.DAY,
                "place": meeting.place,
                "version": meeting.version,
            }
        super().__init__(*args, label_suffix="", auto_id="id_meeting_%s", **kwargs)


class AgendaForm(forms.Form):
    """What is put on the agenda: what the own side flagged, or a section."""

    source = forms.ChoiceField(label=gettext_lazy("Put on the agenda"))

    def __init__(self, *args: Any, flagged: int, sections: QuerySet[Section], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_agenda_%s", **kwargs)
        own = [(FLAGGED, _("What your side flagged (%(count)d)") % {"count": flagged})] if flagged else []
        self.fields["source"].choices = [*own, *((str(section.position), str(section)) for section in sections)]


class ItemForm(forms.Form):
    """A form of one item: its fields carry the item's key in their ids."""

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id=f"id_{item.pk}_%s", **kwargs)


class CriterionForm(ItemForm):
    criterion = ShortTextField(label=gettext_lazy("Criterion"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"criterion": item.criterion, "version": item.version})
        super().__init__(*args, item=item, **kwargs)


class PointForm(ItemForm):
    text = ShortTextField(label=gettext_lazy("Point to raise"), required=False)


class ScoreForm(ItemForm):
    """A score for each side, or none yet."""

    def __init__(self, *args: Any, item: AgendaItem, sides: list[tuple[Party, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.parties = {f"score_{party.code}": party for party, _value in sides}
        for party, value in sides:
            initial = "" if value is None else str(value)
            self.fields[f"score_{party.code}"] = forms.ChoiceField(
                label=str(party), choices=SCORES, initial=initial, required=False
            )

    @property
    def given(self) -> list[tuple[Party, int]]:
        chosen = ((party, self.cleaned_data[name]) for name, party in self.parties.items())
        return [(party, int(value)) for party, value in chosen if value != ""]


class DecisionForm(forms.Form):
    """A decision; for an item with the new working date that was agreed, if one was."""

    decision = ShortTextField(label=gettext_lazy("Decision"), required=False)
    day = day_field(gettext_lazy("New working date"))
    precision = forms.ChoiceField(
        label=gettext_lazy("As precise as"), choices=Precision.choices, initial=Precision.QUARTER, required=False
    )

    def __init__(self, *args: Any, item: AgendaItem | None = None, may_date: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id=f"id_{item.pk if item else 'm'}_%s", **kwargs)
        if not may_date:
            del self.fields["day"], self.fields["precision"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("day") and not self.cleaned_data.get("precision"):
            self.add_error("precision", ValidationError(_("Say how precise the date is."), code="precision"))
        return self.cleaned_data
