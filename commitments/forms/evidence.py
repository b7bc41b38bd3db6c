"""Evidence as it is typed: links, one a line, and files, of which those already sent are not asked for again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from commitments.domain.text import tidy
from commitments.models.person import User
from commitments.models.progress import StoredFile

MAX_LINKS = 20
MAX_FILES = 20
MAX_TITLE = 255
MAX_URL = 2000
KEPT_FOR = 14 * 24 * 3600  # seconds
SALT = "a file that was sent with a note not yet saved"

_URL = re.compile(r"\bhttps?://\S+", re.I)
_check_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was stored when its note could not be saved; `token` brings it back, for this person alone."""

    file: StoredFile
    title: str
    token: str

    @classmethod
    def of(cls, file: StoredFile, title: str, person: User) -> Self:
        return cls(file, title, signing.dumps([file.pk, title, person.pk], salt=SALT))


def kept_files(tokens: Iterable[str], person: User) -> list[KeptFile]:
    """The files that the tokens stand for. ValidationError where one is forged, too old or another person's."""
    kept: dict[str, tuple[int, str]] = {}
    for token in tokens:
        try:
            pk, title, owner = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
        except signing.BadSignature as error:
            raise _not_kept() from error
        if owner != person.pk:
            raise _not_kept()
        kept[token] = (pk, title)
    files = StoredFile.objects.in_bulk([pk for pk, _title in kept.values()])
    return [KeptFile(files[pk], title, token) for token, (pk, title) in kept.items() if pk in files]


def _not_kept() -> ValidationError:
    return ValidationError(_("A file sent earlier is no longer kept. Choose it again."), code="not_kept")


class LinksField(forms.CharField):
    """One link a line; words on the line are its title. Cleans to a list of Link."""

    widget = forms.Textarea(attrs={"rows": 2, "class": "short", "inputmode": "url"})

    def to_python(self, value: str | None) -> str:
        return tidy(value or "")

    def clean(self, value: Any) -> list[Link]:
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        if len(lines) > MAX_LINKS:
            raise ValidationError(_("%(limit)d links at most."), params={"limit": MAX_LINKS}, code="too_many")
        return [self.link(line) for line in lines]

    def link(self, line: str) -> Link:
        match = _URL.search(line)
        if match is None:
            raise ValidationError(
                _("“%(line)s” holds no link. Write a whole address that begins with https://"),
                params={"line": line[:60]},
                code="no_link",
            )
        url = match.group()
        try:
            _check_url(url)
        except ValidationError as error:
            raise self.not_an_address(url) from error
        if len(url) > MAX_URL:
            raise self.not_an_address(url)
        words = " ".join((line[: match.start()] + " " + line[match.end() :]).split()).strip("–—-:|· ")
        return Link((words or bare(url))[:MAX_TITLE], url)

    def not_an_address(self, url: str) -> ValidationError:
        return ValidationError(
            _("“%(url)s” is not an address that can be opened. Copy it from the browser’s address line."),
            params={"url": url[:60]},
            code="bad_link",
        )


def bare(url: str) -> str:
    """An address without scheme and trailing slash, as a title."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/") or url


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, up to a limit; their content is judged where they are stored."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data or []) if file]
        if len(files) > MAX_FILES:
            raise ValidationError(_("%(limit)d files at most."), params={"limit": MAX_FILES}, code="too_many")
        return files
