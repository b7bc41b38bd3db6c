"""The words of an HTML page, without its navigation, and what its tags say of each block."""

import re
from html.parser import HTMLParser

from commitments.domain.readings import LineHint
from commitments.exchange.source_text import SUPERSCRIPTS, LineWriter, SourceText, UnreadableError

MAX_TAGS = 200_000
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "nav",
        "header",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "option",
        "iframe",
        "object",
        "video",
        "audio",
        "figure",
        "figcaption",
        "canvas",
        "textarea",
        "dialog",
    ]
)
_KEPT_IN_HEAD: frozenset[str] = frozenset()
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "pre",
        "hr",
        "center",
        "address",
        "body",
        "html",
    ]
)
_VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"]
)
_ENOUGH = 300


def read_html(markup: str) -> SourceText:
    """The blocks of a page; a page whose words all stand in skipped elements is read whole."""
    read = _Reader(_SKIPPED).run(markup)
    if len(read.text) >= _ENOUGH:
        return read
    whole = _Reader(frozenset({"script", "style", "noscript", "template", "head"})).run(markup)
    return whole if len(whole.text) > 2 * len(read.text) else read


class _Reader(HTMLParser):
    """Gathers the words of each block; lists get the labels that a browser prints."""

    def __init__(self, skipped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.skipped = skipped
        self.writer = LineWriter()
        self.words: list[str] = []
        self.bold: list[bool] = []
        self.skipping: list[str] = []
        self.bold_depth = 0
        self.raised = 0
        self.heading = 0
        self.lists: list[list[int]] = []
        self.pending = ""
        self.in_item = False
        self.in_notes = 0
        self.tags = 0

    def run(self, markup: str) -> SourceText:
        self.feed(markup)
        self.close()
        self._flush()
        return self.writer.done()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if self.tags > MAX_TAGS:
            raise UnreadableError("hostile")
        if self.skipping or tag in self.skipped:
            if tag not in _VOID:
                self.skipping.append(tag)
                if len(self.skipping) > 10_000:
                    raise UnreadableError("hostile")
            return
        given = {name: value or "" for name, value in attrs}
        if _is_hidden(given) and tag not in _VOID:
            self.skipping.append(tag)
            return
        if tag in _BLOCKS:
            self._flush()
        self._open(tag, given)

    def _open(self, tag: str, given: dict[str, str]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = int(tag[1])
        elif tag in {"b", "strong"}:
            self.bold_depth += 1
        elif tag == "sup":
            self.raised += 1
        elif tag == "br":
            self.words.append("\n")
            self.bold.append(True)
        elif tag in {"ul", "ol"}:
            start = int(given["start"]) if given.get("start", "").isdigit() else 1
            self.lists.append([start if tag == "ol" else 0, 0])
            self.in_notes += bool(re.search(r"footnote|endnote", given.get("class", "") + given.get("id", "")))
        elif tag == "li":
            self._open_item(given)

    def _open_item(self, given: dict[str, str]) -> None:
        self.in_item = True
        counter = self.lists[-1] if self.lists else [0, 0]
        if given.get("value", "").isdigit():
            counter[0] = int(given["value"])
        self.pending = f"{counter[0]}. " if counter[0] else "• "
        if counter[0]:
            counter[0] += 1

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if tag in self.skipping:
                while self.skipping.pop() != tag:
                    pass
            return
        if tag in _BLOCKS:
            self._flush()
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = 0
        elif tag in {"b", "strong"}:
            self.bold_depth = max(0, self.bold_depth - 1)
        elif tag == "sup":
            self.raised = max(0, self.raised - 1)
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.in_item = False
            self.pending = ""

    def handle_data(self, data: str) -> None:
        if self.skipping or not data:
            return
        if self.raised and (mark := data.strip().strip("[]()")) and mark.isdigit() and len(mark) <= 2:
            data = mark.translate(SUPERSCRIPTS)
        self.words.append(re.sub(r"\s+", " ", data))
        self.bold.append(self.bold_depth > 0 or not data.strip())

    def _flush(self) -> None:
        """Writes the block gathered so far."""
        text = "".join(self.words)
        parts, bold = self.words, self.bold
        self.words, self.bold = [], []
        if not text.strip():
            return
        label, self.pending = self.pending, ""
        if re.match(r"\s*(?:\(?\w{1,4}[.)]|[•·–-])\s", text):
            label = ""
        for piece in re.split(r"\n\s*\n", text):
            self._write(label + piece.strip(), all_bold=all(bold), parts=parts, bold=bold)
            label = ""

    def _write(self, text: str, *, all_bold: bool, parts: list[str], bold: list[bool]) -> None:
        if self.heading:
            self.writer.add(text, LineHint("heading", self.heading))
        elif self.in_notes:
            self.writer.add(text, LineHint("footnote"))
        elif all_bold and len(text) < 200 and not text.rstrip().endswith((".", ";", ",")) and not self.in_item:
            self.writer.add(text, LineHint("heading", 5))
        elif head := _bold_opening(parts, bold):
            self.writer.add(head, LineHint("heading", 6))
            self.writer.add(text[len(head) :].lstrip(" :.–—-"), LineHint("paragraph"))
        else:
            self.writer.add(text, LineHint("item") if text.startswith("• ") else LineHint("paragraph"))


def _bold_opening(parts: list[str], bold: list[bool]) -> str:
    """A heading in bold that opens its paragraph's line: "Trade: The sides agreed …"."""
    head = ""
    for part, strong in zip(parts, bold, strict=True):
        if not strong:
            rest = part
            break
        head += part
    else:
        return ""
    head = " ".join(head.split())
    closed = head.endswith((":", ".", "–", "—")) or rest.lstrip().startswith((":", "–", "—", "."))
    if not 3 <= len(head) <= 90 or not closed or re.match(r"\W|\(?\d", head):
        return ""
    return head


def _is_hidden(given: dict[str, str]) -> bool:
    style = given.get("style", "").replace(" ", "").lower()
    return "hidden" in given or "display:none" in style or given.get("aria-hidden") == "true"
