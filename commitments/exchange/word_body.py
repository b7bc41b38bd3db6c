"""The body of a Word document, written piece by piece at its end.

python-docx looks a style up by name, and the end of the body by a walk over all of it, for each paragraph; with
thousands of rows that takes minutes. Here each piece is made whole and put before the section's properties at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph
from docx.text.run import Run

Element = Any
TWIPS = 567  # to the centimetre
RULE = "B9BAB3"
HEAD_FILL = "EFEFEB"


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one look; `size` in half points, `language` where they are not in the language of the document."""

    words: str
    bold: bool = False
    size: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a paragraph has beyond its style; spaces and the indent in twentieths of a point."""

    before: int | None = None
    after: int | None = None
    indent: int | None = None
    keep_with_next: bool = False
    new_page: bool = False
    ruled: bool = False


PLAIN = Layout()
IN_CELL = Layout(after=40)
IN_STICKY_CELL = replace(IN_CELL, keep_with_next=True)
CELL_SIZE = 19


class WordBody:
    """The body of one document; styles are named as the writer of a document sees them."""

    def __init__(self, document: Word) -> None:
        self.document = document
        self.end = document.element.body.sectPr
        self.style_ids = {style.name: style.style_id for style in document.styles}
        page = document.sections[0]
        self.width = Length(page.page_width - page.left_margin - page.right_margin)  # between the margins

    def heading(self, level: int, *texts: Text | str, layout: Layout = PLAIN) -> Element:
        return self.paragraph(f"Heading {level}", *texts, layout=layout)

    def paragraph(self, style: str, *texts: Text | str, layout: Layout = PLAIN) -> Element:
        made = paragraph(self.style_ids[style], texts, layout)
        self.end.addprevious(made)
        return made

    def picture_run(self) -> Run:
        """A run of its own paragraph, for what python-docx puts into runs."""
        return Paragraph(self.paragraph("Normal"), self.document._body).add_run()

    def table(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str | Text]],
        widths: Sequence[float],
        *,
        is_sticky: bool = False,
    ) -> None:
        """A table whose head repeats on each page and whose rows are not split; widths in centimetres.

        A sticky one stays on the page of what follows, as far as a page holds both.
        """
        twips = [round(width * TWIPS) for width in widths]
        made = OxmlElement("w:tbl")
        made.append(self._table_rules())
        grid = OxmlElement("w:tblGrid")
        grid.extend(element("w:gridCol", w=width) for width in twips)
        made.append(grid)
        normal = self.style_ids["Normal"]
        head = [Text(title, bold=True) for title in titles]
        made.append(_row(head, twips, normal, is_head=True, layout=IN_STICKY_CELL))
        layout = IN_STICKY_CELL if is_sticky else IN_CELL
        made.extend(_row(row, twips, normal, layout=layout) for row in rows)
        self.end.addprevious(made)

    def _table_rules(self) -> Element:
        rules = OxmlElement("w:tblPr")
        rules.append(element("w:tblStyle", val=self.style_ids["Table Grid"]))
        rules.append(element("w:tblW", type="auto", w=0))
        rules.append(element("w:tblLayout", type="fixed"))
        rules.append(element("w:tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noVBand=1))
        return rules


def paragraph(style_id: str, texts: Sequence[Text | str], layout: Layout = PLAIN) -> Element:
    made = OxmlElement("w:p")
    rules = OxmlElement("w:pPr")
    rules.append(element("w:pStyle", val=style_id))
    rules.extend(_layout(layout))
    made.append(rules)
    made.extend(_run(text if isinstance(text, Text) else Text(text)) for text in texts)
    return made


def element(name: str, **attributes: Any) -> Element:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(_name(key), str(value))
    return made


@cache
def _name(key: str) -> str:
    return qn(f"w:{key}")


def _layout(layout: Layout) -> list[Element]:
    """In the order that the schema of the format asks for."""
    rules = []
    if layout.keep_with_next:
        rules.append(OxmlElement("w:keepNext"))
    if layout.new_page:
        rules.append(OxmlElement("w:pageBreakBefore"))
    if layout.ruled:
        borders = OxmlElement("w:pBdr")
        for place in ("w:bottom", "w:between"):  # without the second, Word joins equal neighbours under one rule
            borders.append(element(place, val="single", sz=4, space=1, color=RULE))
        rules.append(borders)
    spaces = {name: value for name, value in (("before", layout.before), ("after", layout.after)) if value is not None}
    if spaces:
        rules.append(element("w:spacing", **spaces))
    if layout.indent is not None:
        rules.append(element("w:ind", left=layout.indent))
    return rules


def _run(text: Text) -> Element:
    made = OxmlElement("w:r")
    rules = []
    if text.bold:
        rules.append(OxmlElement("w:b"))
    if text.size is not None:
        rules.append(element("w:sz", val=text.size))
    if text.language:
        rules.append(element("w:lang", val=text.language))
    if rules:
        properties = OxmlElement("w:rPr")
        properties.extend(rules)
        made.append(properties)
    for place, line in enumerate(text.words.split("\n")):
        if place:
            made.append(OxmlElement("w:br"))
        words = OxmlElement("w:t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        made.append(words)
    return made


def _row(
    values: Sequence[str | Text],
    widths: Sequence[int],
    style_id: str,
    *,
    is_head: bool = False,
    layout: Layout = IN_CELL,
) -> Element:
    made, rules = OxmlElement("w:tr"), OxmlElement("w:trPr")
    rules.append(OxmlElement("w:cantSplit"))
    if is_head:
        rules.append(OxmlElement("w:tblHeader"))
    made.append(rules)
    for value, width in zip(values, widths, strict=True):
        made.append(_cell(value, width, style_id, is_head=is_head, layout=layout))
    return made


def _cell(value: str | Text, width: int, style_id: str, *, is_head: bool, layout: Layout) -> Element:
    """A cell; each line of its words is a paragraph."""
    made, rules = OxmlElement("w:tc"), OxmlElement("w:tcPr")
    rules.append(element("w:tcW", type="dxa", w=width))
    if is_head:
        rules.append(element("w:shd", val="clear", color="auto", fill=HEAD_FILL))
    made.append(rules)
    text = value if isinstance(value, Text) else Text(value)
    for line in text.words.split("\n"):
        made.append(paragraph(style_id, [replace(text, words=line, size=CELL_SIZE)], layout))
    return made
