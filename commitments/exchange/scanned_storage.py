"""Storage that asks a virus scanner first: what it finds is refused, what it cannot be asked about is kept aside."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.translation import gettext as _

from commitments.exchange.clamav import ScannerAwayError, Verdict, scan

ASIDE = "aside"  # folder of files that nobody has looked at yet; nothing is served from it

log = logging.getLogger(__name__)


class Scanning(Storage):
    """Put before a storage: a file is there, under its name, once the scanner has called it clean."""

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        """Keep the file, or keep it aside while nobody answers. Raises ValidationError(code="infected")."""
        try:
            verdict = scan(content.chunks(), settings.CLAMAV_ADDRESS)
        except ScannerAwayError as error:
            log.error("The virus scanner is away, a file is kept aside: %s", error)
            if not self.exists(f"{ASIDE}/{name}"):  # the same bytes again: a name stands for one content
                super().save(f"{ASIDE}/{name}", content, max_length)
            return name
        if verdict == Verdict.INFECTED:
            log.warning("The virus scanner refused a file")
            raise ValidationError(_("The virus scanner found something in it."), code="infected")
        content.seek(0)
        return super().save(name, content, max_length)

    def look_again(self) -> dict[str, int]:
        """Ask about the files that were kept aside: clean ones take their place, infected ones are deleted."""
        done: dict[str, int] = {}
        for name in self.names_aside():
            with self.open(f"{ASIDE}/{name}") as kept:
                content = ContentFile(kept.read())  # at most MAX_UPLOAD_BYTES
            try:
                verdict = scan(content.chunks(), settings.CLAMAV_ADDRESS)
            except ScannerAwayError as error:
                log.error("The virus scanner is still away: %s", error)
                break
            self.settle(name, content, verdict)
            done[verdict] = done.get(verdict, 0) + 1
        return done

    def names_aside(self) -> list[str]:
        try:
            return sorted(self.listdir(ASIDE)[1])
        except FileNotFoundError:
            return []

    def settle(self, name: str, content: File, verdict: Verdict) -> None:
        """What was looked at takes its place before the copy aside goes, so that a stop in between loses nothing."""
        if verdict == Verdict.INFECTED:
            log.warning("A file that was kept aside is infected and deleted: %s", name)
        elif not self.exists(name):
            content.seek(0)
            super().save(name, content)
        self.delete(f"{ASIDE}/{name}")


class ScannedStorage(Scanning, FileSystemStorage):
    """A folder of this machine, with a virus scanner that is asked first."""
