"""The progress note as it is typed. What is typed is never cut or dropped: what cannot be saved comes back."""

from functools import cached_property
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.domain.codes import Status, Visibility
from commitments.domain.text import tidy
from commitments.forms.evidence import FilesField, KeptFile, LinksField, kept_files
from commitments.models.commitment import Assignment
from commitments.models.permission import may_set_status, may_waive_evidence
from commitments.models.person import User
from commitments.models.progress import ProgressNote, StoredFile
from commitments.models.words import Status as StatusWord

OFFERED = [
    Status.NOT_STARTED,
    Status.UNDER_WAY,
    Status.SUBSTANTIALLY_DONE,
    Status.DONE,
    Status.BEING_HONOURED,
    Status.ON_HOLD,
    Status.NOT_PURSUED,
]
WHERE = {  # the field that an action's refusal belongs to, by its code
    "too_long": "text",
    "needs_note": "text",
    "empty": "text",
    "needs_evidence": "links",
    "needs_coordinator": "status",
}


class TidyField(forms.CharField):
    """Text of any length without control characters; the action says where it is too long."""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        return tidy(value or "")


class NoteForm(forms.Form):
    """A note on one assignment by one person; bound or fresh, it knows the version that the person saw."""

    text = TidyField(label=gettext_lazy("What happened?"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    next_steps = TidyField(
        label=gettext_lazy("What comes next?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    status = forms.ChoiceField(label=gettext_lazy("Status after this note"), widget=forms.RadioSelect)
    visibility = forms.ChoiceField(label=gettext_lazy("Who may read it"), widget=forms.RadioSelect)
    links = LinksField(
        label=gettext_lazy("Evidence: links"),
        required=False,
        help_text=gettext_lazy("One on each line; a title may stand before it."),
    )
    files = FilesField(label=gettext_lazy("Evidence: files"), required=False)
    waiver = TidyField(
        label=gettext_lazy("Done without evidence, because"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        help_text=gettext_lazy("Only for “done” where nothing can be attached. Your reason is kept with the note."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        assignment: Assignment,
        person: User,
        corrects: ProgressNote | None = None,
    ) -> None:
        self.assignment, self.person, self.corrects = assignment, person, corrects
        super().__init__(data, files, initial=initial_values(assignment, corrects), label_suffix="")
        self.fields["status"].choices = self.statuses()
        self.fields["visibility"].choices = visibility_choices(assignment, by=person)
        if not may_waive_evidence(person, assignment):
            del self.fields["waiver"]

    @property
    def seen_version(self) -> int:
        """The version of the assignment that the person saw; −1, which never was, where the form does not say."""
        if not self.is_bound:
            return self.assignment.version
        value = self.data.get("version", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1

    @property
    def seen_status(self) -> str:
        value = self.data.get("seen_status", "") if self.is_bound else self.assignment.status
        return value if value in StatusWord.values else self.assignment.status

    def statuses(self) -> list[tuple[str, str]]:
        """What the person may choose, and what stands now."""
        standing = {self.assignment.status, self.seen_status}
        return [
            (code, StatusWord(code).label)
            for code in [Status.NOT_ASSESSED, *OFFERED]
            if code in standing or (code in OFFERED and may_set_status(self.person, self.assignment, code))
        ]

    @cached_property
    def kept(self) -> list[KeptFile]:
        """Files that came with an earlier try of this note; an error of the form where they cannot be brought back."""
        return []

    def clean(self) -> dict[str, Any]:
        if self.is_bound:
            self.kept = kept_files(self.data.getlist("kept"), self.person)
        return self.cleaned_data

    def keep(self, file: StoredFile, title: str) -> None:
        """Hold on to a file that is stored now, whatever becomes of the rest of the form."""
        if all((kept.file.pk, kept.title) != (file.pk, title) for kept in self.kept):
            self.kept = [*self.kept, KeptFile.of(file, title, self.person)]

    def new_status(self) -> Status | None:
        """The status that the person chose; None where it was left as it was seen."""
        chosen = self.cleaned_data["status"]
        return None if chosen == self.seen_status else Status(chosen)

    def refuse(self, refusal: ValidationError) -> None:
        """Show an action's refusal beside the field that it is about."""
        place = WHERE.get(refusal.code)
        self.add_error(place if place in self.fields else None, refusal)

    def for_new_version(self, assignment: Assignment) -> Self:
        """The same words on top of what was saved meanwhile; a status that was not touched follows what stands now."""
        data = self.data.copy()
        if self.cleaned_data.get("status") == self.seen_status:
            data["status"] = assignment.status
        data["version"] = str(assignment.version)
        data["seen_status"] = assignment.status
        data.setlist("kept", [kept.token for kept in self.kept])
        form = type(self)(data, assignment=assignment, person=self.person, corrects=self.corrects)
        form.full_clean()
        return form


def initial_values(assignment: Assignment, corrects: ProgressNote | None) -> dict[str, str]:
    values = {"status": assignment.status, "visibility": Visibility.BOTH}
    if corrects:
        values |= {"text": corrects.text, "next_steps": corrects.next_steps, "visibility": corrects.visibility}
    return values


def visibility_choices(assignment: Assignment, *, by: User | None = None) -> list[tuple[str, str]]:
    """Who can read it, by name: "Both sides" or "Türkiye only"; what another side reports is for all to read."""
    parties = assignment.commitment.statement.adoptions.count()
    everyone = _("Both sides") if parties == 2 else _("All sides")
    if by and by.party_id != assignment.party_id:
        return [(Visibility.BOTH, everyone)]
    return [
        (Visibility.BOTH, everyone),
        (Visibility.OWN, _("%(party)s only") % {"party": assignment.party}),
    ]
