"""Storage that asks a virus scanner first: what it finds is refused, what it cannot be asked about is kept aside."""

import logging
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from commitments.exchange.clamav import ScannerAwayError, Verdict, scan

ASIDE = "aside"  # folder of files that nobody has looked at yet; nothing is served from it

log = logging.getLogger(__name__)


class ScannedStorage(FileSystemStorage):
    """A file is there, under its name, once the scanner has called it clean."""

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        """Keep the file, or keep it aside while nobody answers. Raises ValidationError(code="infected")."""
        try:
            verdict = scan(content.chunks(), settings.CLAMAV_ADDRESS)
        except ScannerAwayError as error:
            log.error("The virus scanner is away, a file is kept aside: %s", error)
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
        folder = Path(self.path(ASIDE))
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            try:
                with path.open("rb") as content:
                    verdict = scan(File(content).chunks(), settings.CLAMAV_ADDRESS)
            except ScannerAwayError as error:
                log.error("The virus scanner is still away: %s", error)
                break
            self.settle(path, verdict)
            done[verdict] = done.get(verdict, 0) + 1
        return done

    def settle(self, path: Path, verdict: Verdict) -> None:
        if verdict == Verdict.INFECTED:
            log.warning("A file that was kept aside is infected and deleted: %s", path.name)
            path.unlink()
        else:
            path.rename(self.path(path.name))
