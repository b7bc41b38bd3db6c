"""The safe keeping of uploads: opaque names, each content once, names to download by that tell the truth."""

import hashlib
import re
import unicodedata
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.exchange.file_types import SUFFIXES, judge
from commitments.models.progress import StoredFile

MAX_NAME = 120  # characters

_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)


def store(upload: UploadedFile, *, at: datetime) -> StoredFile:
    """Judge a file and keep it, once whatever the number of times it comes; the bytes are there before the row.

    A file whose row was never written goes after a week (`remove_orphans`). ValidationError codes: as `judge`, and
    not_stored.
    """
    media_type = judge(upload, upload.size)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    known = StoredFile.objects.filter(sha256=digest.hexdigest()).first()
    if known and default_storage.exists(known.name):
        return known
    name = known.name if known else uuid.uuid4().hex
    upload.seek(0)
    try:
        default_storage.save(name, upload)
    except OSError as error:
        raise ValidationError(
            _("The file could not be stored just now. Your note is kept below; try again later."), code="not_stored"
        ) from error
    with transaction.atomic():
        row, _made = StoredFile.objects.get_or_create(
            sha256=digest.hexdigest(),
            defaults={"name": name, "size": upload.size, "media_type": media_type, "stored_at": at},
        )
    return row


def safe_name(name: str, media_type: str) -> str:
    """The name to show and to download by: one line, no path, no tricks, and an ending that tells the truth."""
    plain = "".join(ch for ch in name if unicodedata.category(ch) not in ("Cc", "Cf", "Cs"))
    plain = _FORBIDDEN_IN_NAMES.sub("_", plain).strip(" .")
    suffixes = SUFFIXES[media_type]
    ending = next((suffix for suffix in suffixes if plain.casefold().endswith(suffix)), "")
    stem = plain[: len(plain) - len(ending)].rstrip(" .") or "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem[:MAX_NAME] + (plain[len(plain) - len(ending) :] if ending else suffixes[0])


class SizeLimit(FileUploadHandler):
    """Drops a file while it arrives once it is too large, and notes its name on the request (`files_too_large`)."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            refused = getattr(self.request, "files_too_large", [])
            self.request.files_too_large = [*refused, self.file_name]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
