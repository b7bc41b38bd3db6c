"""The dossier in Word: real styles and headings, so that officers can edit it and find their way.

Quotations carry the language of the statement, the frame its own (`w:lang`). No person and no machine is
named in the file's properties.
"""

import io
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from commitments.exchange import dossier_words as words
from commitments.exchange.dossier_chart import picture, status_chart
from commitments.queries.dossier import Chapter, Clause, Dossier, Promise, Side

LOCALES = {"en": "en-GB", "tr": "tr-TR", "ms": "ms-MY"}
INK, MUTED, RULE = RGBColor(0x1A, 0x1C, 0x1B), RGBColor(0x4C, 0x4F, 0x4A), "B9BAB3"
BLANK_LINES = 3  # to fill in by hand
QUOTE, META, COMMITMENT = "Statement text", "Dossier detail", "Commitment words"
LISTED = 12  # rows of a list on the summary


def dossier_docx(dossier: Dossier) -> bytes:
    """The file; made in the language that is active."""
    document = Document()
    _set_up(document, dossier)
    _title(document, dossier)
    _summary(document, dossier)
    _contents(document, dossier)
    for chapter in dossier.chapters:
        _chapter(document, chapter, dossier)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locale() -> str:
    language = (get_language() or "en").partition("-")[0]
    return LOCALES.get(language, language)


def _set_up(document: Word, dossier: Dossier) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm(2)
    _styles(document, dossier.statement.language)
    properties = document.core_properties
    properties.author = properties.last_modified_by = _("Statement Tracker")
    properties.title = f"{dossier.statement.short_title}: {words.edition_words(dossier)}"
    properties.comments = ""
    properties.language = locale()
    properties.created = properties.modified = dossier.made_at.replace(tzinfo=None, microsecond=0)
    header = page.header.paragraphs[0]
    header.style = document.styles[META]
    header.add_run(words.edition_words(dossier)).bold = True
    header.add_run(f" · {dossier.statement.short_title}")
    footer = page.footer.paragraphs[0]
    footer.style = document.styles[META]
    footer.add_run(f"{words.made_words(dossier)} · {dossier.scope} · {_('Page')} ")
    _field(footer, "PAGE")
    footer.add_run(" / ")
    _field(footer, "NUMPAGES")


def _styles(document: Word, language: str) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(4)
    _set_language(normal.element.get_or_add_rPr(), locale())
    for name, size, before in (("Title", 24, 0), ("Heading 1", 16, 18), ("Heading 2", 13, 14), ("Heading 3", 11.5, 10)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), INK
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
        style.element.rPr.rFonts.attrib.pop(qn("w:hAnsiTheme"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        style.paragraph_format.keep_with_next = True
    quote = _style(document, QUOTE, size=10.5, font="Cambria")
    quote.paragraph_format.left_indent = Cm(0.6)
    _set_language(quote.element.get_or_add_rPr(), LOCALES.get(language, language))
    clause = _style(document, COMMITMENT, size=10.5, font="Cambria")
    clause.font.italic = True
    clause.paragraph_format.keep_with_next = True
    _set_language(clause.element.get_or_add_rPr(), LOCALES.get(language, language))
    _style(document, META, size=9).font.color.rgb = MUTED


def _style(document: Word, name: str, *, size: float, font: str = "Calibri") -> ParagraphStyle:
    style = document.styles.add_style(name, 1)
    style.base_style = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(size)
    return style


def _set_language(properties: OxmlElement, code: str) -> None:
    lang = properties.find(qn("w:lang"))
    if lang is None:
        lang = OxmlElement("w:lang")
        properties.append(lang)
    lang.set(qn("w:val"), code)


def _title(document: Word, dossier: Dossier) -> None:
    _verbatim(document.add_paragraph(style="Title"), dossier.statement.title, dossier)
    document.add_paragraph(" – ".join(str(party) for party in dossier.parties), style=META)
    edition = document.add_paragraph()
    edition.add_run(words.edition_words(dossier)).bold = True
    edition.add_run(f". {words.edition_text(dossier)}")
    document.add_paragraph(f"{words.made_words(dossier)} · {dossier.scope}", style=META)


def _summary(document: Word, dossier: Dossier) -> None:
    document.add_heading(_("Summary"), 1)
    for sentence in words.summary_sentences(dossier):
        document.add_paragraph(sentence)
    chart = document.add_paragraph()
    run = chart.add_run()
    run.add_picture(io.BytesIO(picture(status_chart(dossier))), width=Cm(16.4))
    _describe(run, "; ".join(words.bar_words(bar) for bar in dossier.bars))
    _short_list(document, _("Overdue"), dossier.overdue, dossier)
    _short_list(document, _("Due now"), dossier.due_next, dossier)


def _short_list(document: Word, heading: str, promises: list[Promise], dossier: Dossier) -> None:
    document.add_heading(f"{heading} ({len(promises)})", 2)
    if not promises:
        document.add_paragraph(_("None."))
        return
    titles = [_("Commitment"), _("Date"), *(str(party) for party in dossier.parties)]
    table = _table(document, titles, [1.9, 1.0, *([1.0] * len(dossier.parties))])
    for promise in promises[:LISTED]:
        cells = _row(table)
        _write(cells[0], f"{promise.ref} {promise.title}")
        _write(cells[1], words.period_words(promise.deadline))
        for cell, party in zip(cells[2:], dossier.parties, strict=True):
            side = next((side for side in promise.sides if side.party == party), None)
            _write(cell, words.status_words(side) if side else "–")
    if len(promises) > LISTED:
        document.add_paragraph(_("And %(count)d more.") % {"count": len(promises) - LISTED}, style=META)


def _contents(document: Word, dossier: Dossier) -> None:
    """The table of contents: the headings at once, their pages when Word works the field out."""
    heading = document.add_heading(_("Contents"), 1)
    heading.paragraph_format.page_break_before = True
    first = document.add_paragraph(style=META)
    _mark(first, "begin")
    _instruction(first, r'TOC \o "1-2" \h \z \u')
    _mark(first, "separate")
    first.add_run(_("For page numbers, click here and press F9."))
    for chapter in dossier.chapters:
        _heading_words(document.add_paragraph(), chapter, dossier)
        for clause in chapter.clauses:
            line = document.add_paragraph(_("Paragraph %(number)s") % {"number": clause.number})
            line.paragraph_format.left_indent, line.paragraph_format.space_after = Cm(0.6), Pt(0)
    _mark(document.add_paragraph(), "end")


def _chapter(document: Word, chapter: Chapter, dossier: Dossier) -> None:
    heading = document.add_heading(level=1)
    _heading_words(heading, chapter, dossier)
    heading.paragraph_format.page_break_before = True
    for clause in chapter.clauses:
        _clause(document, clause, dossier)


def _clause(document: Word, clause: Clause, dossier: Dossier) -> None:
    document.add_heading(_("Paragraph %(number)s") % {"number": clause.number}, 2)
    for part in clause.text.split("\n\n"):
        document.add_paragraph(part, style=QUOTE)
    for promise in clause.promises:
        _promise(document, promise, dossier)


def _promise(document: Word, promise: Promise, dossier: Dossier) -> None:
    document.add_heading(f"{promise.ref} {promise.title}", 3)
    line = document.add_paragraph(words.promise_words(promise), style=META)
    line.paragraph_format.keep_with_next = True
    document.add_paragraph(f"“{promise.quote}”", style=COMMITMENT)
    table = _table(
        document, [_("Side"), *(str(side.party) for side in promise.sides)], [0.6, *([1.6] * len(promise.sides))]
    )
    for label, values in side_rows(promise):
        cells = _row(table)
        _write(cells[0], label, bold=True)
        for cell, value in zip(cells[1:], values, strict=True):
            _write(cell, value)
    points = document.add_paragraph(style="Normal")
    points.add_run(_("Points to raise")).bold = True
    points.paragraph_format.space_before = Pt(6)
    points.paragraph_format.keep_with_next = True
    for place in range(BLANK_LINES):
        blank = document.add_paragraph()
        _rule_under(blank)
        blank.paragraph_format.keep_with_next = place < BLANK_LINES - 1


def side_rows(promise: Promise) -> list[tuple[str, list[str]]]:
    """What is said of each side, line by line, the same in Word and in PDF."""
    sides = promise.sides
    return [
        (_("Lead body"), [words.lead_words(side) for side in sides]),
        (_("Status"), [words.status_words(side) for side in sides]),
        (_("Schedule"), [words.schedule_words(side) for side in sides]),
        (_("Last notes"), [_notes(side) for side in sides]),
        (_("Next steps"), [side.next_steps or "–" for side in sides]),
        (_("Evidence"), [_proofs(side) for side in sides]),
    ]


def _notes(side: Side) -> str:
    """The newest notes that say something; where there is none, when the side was last heard."""
    said = [f"{words.word_head(word)}: {word.text}" for word in side.words if word.text]
    if said:
        return "\n".join(said)
    if side.last_word_at:
        return _("Checked on %(day)s, no note.") % {"day": words.last_word(side)}
    return words.last_word(side)


def _proofs(side: Side) -> str:
    return "\n".join(f"{proof.title} {proof.url}".rstrip() for proof in side.proofs) or "–"


def _verbatim(paragraph: Paragraph, text: str, dossier: Dossier) -> None:
    """The statement's own words, marked with its language."""
    run = paragraph.add_run(text)
    _set_language(run._element.get_or_add_rPr(), LOCALES.get(dossier.statement.language, dossier.statement.language))


def _heading_words(paragraph: Paragraph, chapter: Chapter, dossier: Dossier) -> None:
    if chapter.is_quoted:
        _verbatim(paragraph, chapter.heading, dossier)
    else:
        paragraph.add_run(chapter.heading)


def _table(document: Word, titles: Iterable[str], shares: list[float]) -> Table:
    """A table whose first row repeats on each page and whose rows are not split."""
    table = document.add_table(rows=1, cols=len(shares))
    table.style = "Table Grid"
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(16.6 * share / sum(shares))
    head = table.rows[0]
    for cell, title in zip(head.cells, titles, strict=True):
        _write(cell, title, bold=True)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EFEFEB")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    _row_rule(head, "w:tblHeader")
    _row_rule(head, "w:cantSplit")
    _set_widths(table, head)
    return table


def _row(table: Table) -> tuple[_Cell, ...]:
    row = table.add_row()
    _row_rule(row, "w:cantSplit")
    _set_widths(table, row)
    return row.cells


def _set_widths(table: Table, row: _Row) -> None:
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = column.width


def _row_rule(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _write(cell: _Cell, text: str, *, bold: bool = False) -> None:
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(line)
        run.bold, run.font.size = bold, Pt(9.5)


def _rule_under(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    for place in ("w:bottom", "w:between"):  # without the second, Word joins equal neighbours under one rule
        line = OxmlElement(place)
        for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that the program works out, such as PAGE."""
    _mark(paragraph, "begin")
    _instruction(paragraph, code)
    _mark(paragraph, "separate")
    paragraph.add_run("1")
    _mark(paragraph, "end")


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruction(paragraph: Paragraph, code: str) -> None:
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = code
    paragraph.add_run()._r.append(text)


def _describe(run: Run, text: str) -> None:
    """The picture's words for those who do not see it."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", text)
