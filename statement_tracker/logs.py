"""One event, one line: times in UTC, and nothing in a message can begin a line that looks like another event."""

import logging
import time
from types import TracebackType

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: "\\u2028", 0x2029: "\\u2029"}
Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """RFC 3339 times; control characters of a message are written out; lines of a traceback are set in."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the name that logging calls
        record.message = record.message.translate(CONTROLS)
        return super().formatMessage(record)

    def formatException(self, ei: Caught) -> str:  # noqa: N802
        return "\n".join(f"    {line}" for line in super().formatException(ei).splitlines())
