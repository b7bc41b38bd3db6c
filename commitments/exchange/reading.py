"""Reads an uploaded or pasted statement, in a child process that cannot take the server down.

The child has 9 seconds, 768 MB and no more; whatever it dies of, the server sees a refusal with a reason.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from django.conf import settings

from commitments.domain.readings import Reading
from commitments.exchange.reading_form import reading_from
from commitments.exchange.source_text import UnreadableError

MAX_BYTES = 20_000_000
SECONDS = 9


def read_upload(content: bytes, *, name: str = "", adopted_on: date | None = None) -> Reading:
    """The reading of a .txt, .html, .docx or .pdf file; raises `UnreadableError` with a code for any other bytes."""
    if len(content) > MAX_BYTES:
        raise UnreadableError("too_large")
    if not content.strip():
        raise UnreadableError("no_text")
    order = json.dumps({"name": name, "adopted_on": adopted_on.isoformat() if adopted_on else None})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "commitments.exchange.reading_child", order],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=Path(settings.BASE_DIR),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("too_slow") from error
    if done.returncode:
        raise UnreadableError("hostile" if done.returncode < 0 else "failed")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableError(answer["refused"])
    return reading_from(answer)


def read_pasted(text: str, *, adopted_on: date | None = None) -> Reading:
    """The reading of pasted text, under the same limits as a file."""
    return read_upload(text.encode("utf-8", "replace"), name="pasted.txt", adopted_on=adopted_on)
