"""The words of a Word file, with the numbers that Word would print and the styles of its headings."""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from commitments.domain.readings import LineHint
from commitments.exchange.source_text import SUPERSCRIPTS, LineWriter, SourceText, UnreadableError

MAX_ENTRIES = 5_000
MAX_PART = 30_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(content: bytes) -> SourceText:
    """The paragraphs of the body and the footnotes; headers and footers are parts of their own and stay out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise UnreadableError("hostile")
            document = _part(archive, "word/document.xml")
            if document is None:
                raise UnreadableError("unknown_kind")
            styles = _heading_styles(_part(archive, "word/styles.xml"))
            numbering = _Numbering.read(_part(archive, "word/numbering.xml"))
            notes = _part(archive, "word/footnotes.xml")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError("damaged") from error
    writer = LineWriter()
    for paragraph in document.iter(f"{_W}p"):
        _write(paragraph, writer, styles, numbering)
    for note in notes.iter(f"{_W}footnote") if notes is not None else ():
        if text := " ".join(_text(each) for each in note.iter(f"{_W}p")).strip():
            writer.add(f"{note.get(f'{_W}id', '')} {text}", LineHint("footnote"))
    return writer.done()


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A part's XML, never more of it than a statement can need; entities and DTDs are refused."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    with archive.open(info) as stream:
        raw = stream.read(MAX_PART + 1)
    if len(raw) > MAX_PART:
        raise UnreadableError("hostile")
    try:
        return fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableError("hostile") from error
    except (ParseError, ValueError) as error:
        raise UnreadableError("damaged") from error


def _write(paragraph: Element, writer: LineWriter, styles: dict[str, int], numbering: "_Numbering") -> None:
    text = _text(paragraph)
    if not text.strip():
        return
    properties = paragraph.find(f"{_W}pPr")
    style = _value(properties, "pStyle")
    label = numbering.label(properties, style)
    level = styles.get(style, 0)
    if level:
        writer.add(label + text, LineHint("heading", level))
    elif label.startswith("• "):
        writer.add(label + text, LineHint("item"))
    elif _is_bold(paragraph) and len(text) < 200 and not text.rstrip().endswith((".", ";", ",")):
        writer.add(label + text, LineHint("heading", 7))
    else:
        writer.add(label + text, LineHint("paragraph"))


def _text(paragraph: Element) -> str:
    """The runs of a paragraph as printed; nested paragraphs (text boxes) speak for themselves."""
    out: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if node.tag in {f"{_W}p", f"{_W}del", f"{_W}pPr", _FALLBACK}:
            continue
        if node.tag == f"{_W}t":
            out.append(node.text or "")
        elif node.tag in {f"{_W}tab", f"{_W}ptab"}:
            out.append(" ")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            out.append("\n")
        elif node.tag == f"{_W}noBreakHyphen":
            out.append("-")
        elif node.tag == f"{_W}footnoteReference":
            out.append(node.get(f"{_W}id", "").translate(SUPERSCRIPTS))
        elif node.tag == f"{_W}r" and node.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        else:
            stack.extend(reversed(node))
    return "".join(out)


def _is_bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(f"{_W}r") if (run.findtext(f"{_W}t") or "").strip()]
    return bool(runs) and all(
        (mark := run.find(f"{_W}rPr/{_W}b")) is not None and mark.get(f"{_W}val", "1") not in {"0", "false"}
        for run in runs
    )


def _heading_styles(styles: Element | None) -> dict[str, int]:
    """Style ids of headings and their levels; Title counts as level 1."""
    found: dict[str, int] = {}
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        name = (_value(style, "name") or "").casefold()
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if match := re.match(r"heading (\d)", name):
            found[style.get(f"{_W}styleId", "")] = int(match.group(1)) + 1
        elif name == "title":
            found[style.get(f"{_W}styleId", "")] = 1
        elif outline is not None and outline.get(f"{_W}val", "9") < "9":
            found[style.get(f"{_W}styleId", "")] = int(outline.get(f"{_W}val", "0")) + 2
    return found


def _value(parent: Element | None, name: str) -> str:
    node = parent.find(f"{_W}{name}") if parent is not None else None
    return node.get(f"{_W}val", "") if node is not None else ""


@dataclass
class _Numbering:
    """The counters of Word's lists: formats by abstract list, counts by list and level."""

    formats: dict[str, dict[int, tuple[str, str, int]]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def read(cls, part: Element | None) -> "_Numbering":
        numbering = cls()
        if part is None:
            return numbering
        for abstract in part.iter(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{_W}lvl"):
                start = _value(level, "start")
                levels[int(level.get(f"{_W}ilvl", "0"))] = (
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(start) if start.isdigit() else 1,
                )
            numbering.formats[abstract.get(f"{_W}abstractNumId", "")] = levels
        for each in part.iter(f"{_W}num"):
            numbering.lists[each.get(f"{_W}numId", "")] = _value(each, "abstractNumId")
        return numbering

    def label(self, properties: Element | None, style: str) -> str:
        """What Word prints before the paragraph: "1. ", "(a) ", "• ", or nothing."""
        numbered = properties.find(f"{_W}numPr") if properties is not None else None
        if numbered is None:
            return ""
        number, depth = _value(numbered, "numId"), int(_value(numbered, "ilvl") or 0)
        shape = self.formats.get(self.lists.get(number, ""), {}).get(depth)
        if shape is None or number == "0":
            return ""
        form, text, start = shape
        if form == "bullet":
            return "• "
        if form == "none":
            return ""
        self.counts[number, depth] = max(self.counts[number, depth] + 1, start)
        for deeper in [key for key in self.counts if key[0] == number and key[1] > depth]:
            del self.counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._printed(number, int(match.group(1)) - 1), text) + " "

    def _printed(self, number: str, depth: int) -> str:
        form, _, start = self.formats[self.lists[number]].get(depth, ("decimal", "", 1))
        count = self.counts.get((number, depth), start)
        if form in {"lowerLetter", "upperLetter"}:
            letter = chr(ord("a") + (count - 1) % 26)
            return letter.upper() if form == "upperLetter" else letter
        if form in {"lowerRoman", "upperRoman"}:
            return _roman(count) if form == "upperRoman" else _roman(count).lower()
        return str(count)


def _roman(number: int) -> str:
    out = ""
    for value, numeral in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            out, number = out + numeral, number - value
    return out
