"""The forms by which a coordinator takes a statement in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.domain import codes
from commitments.domain.parts import MAX_LEVEL, PartRole
from commitments.forms.measurement import FigureField, TidyLine
from commitments.forms.progress import TidyField
from commitments.models.draft import DraftPart, ProposedCommitment, Role, StatementDraft
from commitments.models.party import Party
from commitments.models.words import Basis, Kind, Precision, Strength

MAX_PASTED = 600_000  # characters; a form holds 2 MB, longer texts come as a file
MAX_KEY = 18  # digits of a row's key
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
MAX_WORDS = 6000  # of a paragraph, to choose among
ACCEPT = ".txt,.html,.htm,.docx,.pdf"
LEVELS = [(level, str(level)) for level in range(1, MAX_LEVEL + 1)]


class SourceForm(forms.Form):
    """A file, or pasted text: one of the two."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("Text, web page (HTML), Word (.docx) or PDF with text in it; 20 MB at most."),
    )
    text = TidyField(
        label=gettext_lazy("Or the text itself"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Copied from the page on which it was published."),
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > MAX_PASTED:
            raise ValidationError(_("The text is too long to be pasted. Save it as a file and choose that."))
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors and bool(given.get("file")) == bool(given.get("text")):
            raise ValidationError(_("Choose a file, or paste the text: one of the two."), code="one_of_two")
        return given


def day_field(label: str, help_text: str = "") -> forms.DateField:
    """A day within the years that a statement can be about; beyond them it is a slip of the finger."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        help_text=help_text,
    )


class OptionalFigureField(FigureField):
    def clean(self, value: str | None) -> Decimal | None:
        return super().clean(value) if (value or "").strip() else None


class PartyChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> QuerySet[Party]:
        """A key longer than any is none: a database would fail over the number."""
        if any(len(str(key)) > MAX_KEY for key in value or ()):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return super().clean(value)


class HeadForm(forms.Form):
    """What the statement is called, and who adopted it when and where; it may be saved while incomplete."""

    title = TidyField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    short_title = TidyLine(
        label=gettext_lazy("Short title"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("As lists and mails name it: Türkiye–Malaysia, Ankara 2026."),
    )
    place = TidyLine(label=gettext_lazy("Place"), required=False, max_length=100)
    adopted_on = day_field(
        gettext_lazy("Adopted on"), gettext_lazy("Dates such as “within six months” are counted from this day.")
    )
    published_on = day_field(gettext_lazy("Published on"))
    parties = PartyChoice(label=gettext_lazy("Parties"), required=False, queryset=Party.objects.none())
    source = TidyLine(
        label=gettext_lazy("Source"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Who published it, and where."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the statement"), choices=settings.LANGUAGES)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: StatementDraft, **kwargs: Any) -> None:
        names = ("title", "short_title", "place", "adopted_on", "published_on", "source", "language")
        chosen = [adoption.party_id for adoption in draft.adoptions.all()]
        initial = {name: getattr(draft, name) for name in names}
        super().__init__(
            *args, initial={**initial, "parties": chosen, "version": draft.head_version}, label_suffix="", **kwargs
        )
        self.order = chosen
        self.fields["parties"].queryset = Party.objects.order_by("name")

    def ordered_parties(self) -> list[Party]:
        """The parties chosen, in the order of the text; those that it does not name behind."""
        places = {pk: place for place, pk in enumerate(self.order)}
        chosen: QuerySet[Party] = self.cleaned_data["parties"]
        return sorted(chosen, key=lambda party: (places.get(party.pk, len(places)), party.name))


class PartForm(forms.Form):
    """What a part is; a heading has a level."""

    role = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Role.choices)
    level = forms.TypedChoiceField(label=gettext_lazy("Level of a heading"), choices=LEVELS, coerce=int, required=False)

    def __init__(self, *args: Any, part: DraftPart, **kwargs: Any) -> None:
        initial = {"role": part.role, "level": max(part.level, 1)}
        super().__init__(*args, initial=initial, label_suffix="", **kwargs)
        self.fields["role"].choices = [pair for pair in Role.choices if pair[0] != PartRole.UNPLACED]


class RefuseForm(forms.Form):
    reason = TidyField(
        label=gettext_lazy("Why it is no commitment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )


class ProposalForm(forms.Form):
    """A commitment as a reviewer words it: its words in the paragraph, title, kind, strength, sides, date, target."""

    first = forms.TypedChoiceField(label=gettext_lazy("From the word"), coerce=int)
    last = forms.TypedChoiceField(label=gettext_lazy("To the word"), coerce=int)
    title = TidyLine(label=gettext_lazy("Title"), required=False, max_length=300)
    kind = forms.TypedChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, coerce=codes.Kind)
    strength = forms.TypedChoiceField(
        label=gettext_lazy("Strength of the wording"), choices=Strength.choices, coerce=codes.Strength
    )
    sides = forms.MultipleChoiceField(
        label=gettext_lazy("Who is bound"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = day_field(
        gettext_lazy("Due on"), gettext_lazy("Any day of the period that is meant; empty where there is no date.")
    )
    due_precision = forms.TypedChoiceField(
        label=gettext_lazy("As precise as"),
        choices=Precision.choices,
        coerce=codes.Precision,
        initial=codes.Precision.YEAR,
    )
    due_basis = forms.TypedChoiceField(
        label=gettext_lazy("Basis of the date"),
        choices=[pair for pair in Basis.choices if pair[0] != codes.Basis.SET],
        coerce=codes.Basis,
    )
    target_amount = OptionalFigureField(
        label=gettext_lazy("Target"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    target_unit = TidyLine(label=gettext_lazy("Unit"), required=False, max_length=40)
    target_name = TidyLine(label=gettext_lazy("What is measured"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, words: Sequence[tuple[int, int]], text: str, parties: Sequence[Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.words, self.text = words[:MAX_WORDS], text
        choices = [(place, f"{place + 1} {text[start:end]}") for place, (start, end) in enumerate(self.words)]
        self.fields["first"].choices = self.fields["last"].choices = choices
        self.fields["sides"].choices = [(party.code, str(party)) for party in parties]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "first" in given and "last" in given and given["first"] > given["last"]:
            self.add_error("last", ValidationError(_("The last word stands before the first."), code="no_words"))
        if not given.get("sides") and self.fields["sides"].choices:
            self.add_error("sides", ValidationError(_("Choose at least one side."), code="no_side"))
        return given


def proposal_values(
    row: ProposedCommitment, words: Sequence[tuple[int, int]], parties: Sequence[Party]
) -> dict[str, Any]:
    """What the form shows of a proposal at first."""
    names = ("title", "kind", "strength", "due_on", "target_unit", "target_name", "version")
    values = {name: getattr(row, name) for name in names}
    first, last = words_of_span(words, row.start, row.end)
    amount = row.target_amount
    return {
        **values,
        "first": first,
        "last": last,
        "sides": row.sides or [party.code for party in parties],
        "due_precision": row.due_precision or codes.Precision.YEAR,
        "due_basis": row.due_basis or codes.Basis.TEXT,
        "target_amount": f"{amount.normalize():f}" if amount is not None else "",
    }


def words_of_span(words: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The places of the first and the last word that a span touches."""
    touched = [place for place, (begin, stop) in enumerate(words) if begin < end and start < stop]
    return (touched[0], touched[-1]) if touched else (0, 0)


class SplitForm(forms.Form):
    """Where a part is split: before a sentence, or before words that are typed."""

    place = forms.TypedChoiceField(
        label=gettext_lazy("Before this"), coerce=int, required=False, widget=forms.RadioSelect
    )
    words = TidyLine(
        label=gettext_lazy("Or before these words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Type or paste the first words of the second part."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["place"].choices = places
        if not places:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("words") and given.get("place") in (None, ""):
            raise ValidationError(_("Choose a place, or type the words before which it is split."), code="no_place")
        return given
