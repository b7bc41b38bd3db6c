"""The text layer of a PDF, page by page."""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from commitments.exchange.source_text import SourceText, UnreadableError

MAX_PAGES = 400
_ENOUGH = 40


def read_pdf(content: bytes) -> SourceText:
    """The words of each page, pages parted by form feeds; a scan without a text layer is refused."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableError("too_large")
        pages = [page.extract_text() for page in reader.pages]
    except UnreadableError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        RecursionError,
        OSError,
    ) as error:
        raise UnreadableError("damaged") from error
    if sum(len(page.strip()) for page in pages) < _ENOUGH:
        raise UnreadableError("no_text")
    return SourceText("\f".join(pages), {})
