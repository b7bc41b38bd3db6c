"""The text layer of a PDF, page by page, with an empty line where the page leaves more room than between its lines."""

import io
from collections import Counter

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from commitments.exchange.source_text import SourceText, UnreadableError

MAX_PAGES = 400
# Laying a page out costs as much again as its words; longer files do without, to keep within their seconds.
MAX_LAID_OUT = 60
_ENOUGH = 40
# Damaged files make pypdf fail in all these ways; each means that the page cannot be read.
_FAILURES = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError, OSError,
    ZeroDivisionError, NotImplementedError,
)  # fmt: skip
_LOOK_AHEAD = 6


def read_pdf(content: bytes) -> SourceText:
    """The words of each page, pages parted by form feeds; a scan without a text layer is refused."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableError("too_large")
        short = len(reader.pages) <= MAX_LAID_OUT
        pages = [(page.extract_text().split("\n"), _spaced_lines(page) if short else []) for page in reader.pages]
    except UnreadableError:
        raise
    except _FAILURES as error:
        raise UnreadableError("damaged") from error
    if sum(len(line.strip()) for lines, _ in pages for line in lines) < _ENOUGH:
        raise UnreadableError("no_text")
    usual = _usual_gap([spaced for _, spaced in pages])
    return SourceText("\f".join("\n".join(_with_gaps(lines, spaced, usual)) for lines, spaced in pages), {})


def _spaced_lines(page: PageObject) -> list[tuple[str, int]]:
    """The page's lines without their blanks, each with the empty lines above it; none where pypdf cannot lay it out."""
    try:
        laid_out = page.extract_text(extraction_mode="layout")
    except _FAILURES:
        return []
    lines, gap = [], 0
    for line in laid_out.split("\n"):
        if squeezed := _squeezed(line):
            lines.append((squeezed, gap))
            gap = 0
        else:
            gap += 1
    return lines


def _usual_gap(pages: list[list[tuple[str, int]]]) -> int:
    """The empty lines between two lines of one paragraph: the commonest gap, 0 unless lines are set wide."""
    gaps = Counter(gap for lines in pages for _, gap in lines[1:])
    return gaps.most_common(1)[0][0] if gaps else 0


def _with_gaps(lines: list[str], spaced: list[tuple[str, int]], usual: int) -> list[str]:
    """The lines in pypdf's plain order, whose words are the surer, with the gaps that the layout shows."""
    out: list[str] = []
    position = 0
    for line in lines:
        squeezed = _squeezed(line)
        ahead = spaced[position : position + _LOOK_AHEAD]
        found = next((at for at, (text, _) in enumerate(ahead) if text == squeezed), None) if squeezed else None
        if found is not None:
            if out and ahead[found][1] > usual:
                out.append("")
            position += found + 1
        out.append(line)
    return out


def _squeezed(line: str) -> str:
    return "".join(line.split())
