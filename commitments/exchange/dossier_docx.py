"""The dossier in Word: real styles and headings, so that officers can edit it and find their way.

Quotations carry the language of the statement, the frame its own (`w:lang`). No person and no machine is
named in the file's properties. A ministry's own template (`DOSSIER_TEMPLATE`) gives page, header, footer and styles;
what it lacks is added.
"""

import io

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer, _Header
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from commitments.exchange import dossier_words as words
from commitments.exchange.dossier_chart import picture, status_chart
from commitments.exchange.word_body import TWIPS, Layout, Text, WordBody, element
from commitments.queries.between import Between
from commitments.queries.dossier import Chapter, Clause, Dossier, Promise, Side

LOCALES = {"en": "en-GB", "tr": "tr-TR", "ms": "ms-MY"}
INK, MUTED = RGBColor(0x1A, 0x1C, 0x1B), RGBColor(0x4C, 0x4F, 0x4A)
BLANK_LINES = 3  # to fill in by hand
QUOTE, META, COMMITMENT = "Statement text", "Dossier detail", "Commitment words"
HEADINGS = (("Title", 24, 0), ("Heading 1", 16, 18), ("Heading 2", 13, 14), ("Heading 3", 11.5, 10))
LISTED = 12  # rows of a list on the summary
LIST_LINE = Layout(indent=round(0.6 * TWIPS), after=0)
NEW_PAGE, KEPT = Layout(new_page=True), Layout(keep_with_next=True)


def dossier_docx(dossier: Dossier, tell: words.Tell = words.untold) -> bytes:
    """The file; made in the language that is active."""
    document = new_document(dossier)
    body = WordBody(document)
    _title(body, dossier)
    _summary(body, dossier)
    _contents(body, dossier)
    done = 0
    for chapter in dossier.chapters:
        body.heading(1, _heading_words(chapter, dossier), layout=NEW_PAGE)
        for clause in chapter.clauses:
            _clause(body, clause)
            done += len(clause.promises)
            tell(done)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locale() -> str:
    language = (get_language() or "en").partition("-")[0]
    return LOCALES.get(language, language)


def new_document(dossier: Dossier | Between) -> Word:
    """An empty document on the ministry's template or our own page, with its edition on every page."""
    document = Document(settings.DOSSIER_TEMPLATE or None)
    _set_up(document, dossier)
    return document


def _set_up(document: Word, dossier: Dossier | Between) -> None:
    for block in list(document.element.body.iterchildren(qn("w:p"), qn("w:tbl"), qn("w:sdt"))):
        document.element.body.remove(block)
    if not settings.DOSSIER_TEMPLATE:
        _page(document)
    _styles(document, dossier.statement.language)
    properties = document.core_properties
    properties.author = properties.last_modified_by = _("Statement Tracker")
    properties.title = f"{dossier.statement.short_title}: {words.edition_words(dossier)}"
    properties.comments = properties.subject = properties.keywords = ""
    properties.language = locale()
    properties.created = properties.modified = dossier.made_at.replace(tzinfo=None, microsecond=0)
    header = _last_line(document.sections[0].header, document)
    header.add_run(words.edition_words(dossier)).bold = True
    header.add_run(f" · {dossier.statement.short_title}")
    footer = _last_line(document.sections[0].footer, document)
    footer.add_run(f"{words.made_words(dossier)} · {dossier.scope} · {_('Page')} ")
    _field(footer, "PAGE")
    footer.add_run(" / ")
    _field(footer, "NUMPAGES")


def _page(document: Word) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm(2)


def _last_line(part: _Header | _Footer, document: Word) -> Paragraph:
    """The empty last line of a header or footer; what a template has there stays above it."""
    lines = part.paragraphs
    line = lines[-1] if lines and not lines[-1].runs else part.add_paragraph()
    line.style = document.styles[META]
    return line


def _styles(document: Word, language: str) -> None:
    own = not settings.DOSSIER_TEMPLATE
    normal = document.styles["Normal"]
    if own:
        normal.font.name, normal.font.size = "Calibri", Pt(10.5)
        normal.paragraph_format.space_after = Pt(4)
    _set_language(normal.element.get_or_add_rPr(), locale())
    held = {style.name for style in document.styles}
    for name, size, before in HEADINGS:
        if own or name not in held:
            _heading_style(document, name, size, before)
    if "Table Grid" not in held:
        _grid_style(document)
    quote = _style(document, QUOTE, size=10.5, font="Cambria" if own else "")
    quote.paragraph_format.left_indent = Cm(0.6)
    _set_language(quote.element.get_or_add_rPr(), LOCALES.get(language, language))
    clause = _style(document, COMMITMENT, size=10.5, font="Cambria" if own else "")
    clause.font.italic = True
    clause.paragraph_format.keep_with_next = True
    _set_language(clause.element.get_or_add_rPr(), LOCALES.get(language, language))
    _style(document, META, size=9).font.color.rgb = MUTED


def _heading_style(document: Word, name: str, size: float, before: float) -> None:
    style = _style(document, name, size=size, font="Calibri", builtin=True)
    style.font.color.rgb = INK
    for theme in ("w:asciiTheme", "w:hAnsiTheme"):
        style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
    style.paragraph_format.keep_with_next = True
    if name != "Title" and style.element.pPr.find(qn("w:outlineLvl")) is None:
        style.element.pPr.append(element("w:outlineLvl", val=int(name[-1]) - 1))


def _style(document: Word, name: str, *, size: float, font: str = "", builtin: bool = False) -> ParagraphStyle:
    """The style of that name, added where the document has none."""
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin)
    if not builtin:
        style.base_style = styles["Normal"]
    style.font.size = Pt(size)
    if font:
        style.font.name = font
    return style


def _grid_style(document: Word) -> None:
    """Tables with thin lines, where a template has no such style."""
    rules = document.styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE, builtin=True).element
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="auto"))
    table = OxmlElement("w:tblPr")
    table.append(borders)
    rules.append(table)


def _set_language(properties: OxmlElement, code: str) -> None:
    lang = properties.find(qn("w:lang"))
    if lang is None:
        lang = OxmlElement("w:lang")
        properties.append(lang)
    lang.set(qn("w:val"), code)


def _title(body: WordBody, dossier: Dossier) -> None:
    body.paragraph("Title", _verbatim(dossier.statement.title, dossier))
    body.paragraph(META, " – ".join(str(party) for party in dossier.parties))
    body.paragraph("Normal", Text(words.edition_words(dossier), bold=True), f". {words.edition_text(dossier)}")
    body.paragraph(META, f"{words.made_words(dossier)} · {dossier.scope}")


def _summary(body: WordBody, dossier: Dossier) -> None:
    body.heading(1, _("Summary"))
    for sentence in words.summary_sentences(dossier):
        body.paragraph("Normal", sentence)
    run = body.picture_run()
    run.add_picture(io.BytesIO(picture(status_chart(dossier))), width=body.width)
    _describe(run, "; ".join(words.bar_words(bar) for bar in dossier.bars))
    _short_list(body, _("Overdue"), dossier.overdue, dossier)
    _short_list(body, _("Due now"), dossier.due_next, dossier)


def _short_list(body: WordBody, heading: str, promises: list[Promise], dossier: Dossier) -> None:
    body.heading(2, f"{heading} ({len(promises)})")
    if not promises:
        body.paragraph("Normal", _("None."))
        return
    titles = [_("Commitment"), _("Date"), *(str(party) for party in dossier.parties)]
    rows = []
    for promise in promises[:LISTED]:
        sides = {side.party: words.status_words(side) for side in promise.sides}
        states = [sides.get(party, "–") for party in dossier.parties]
        rows.append([f"{promise.ref} {promise.title}", words.period_words(promise.deadline), *states])
    _table(body, titles, rows, [1.9, 1.0, *([1.0] * len(dossier.parties))])
    if len(promises) > LISTED:
        body.paragraph(META, _("And %(count)d more.") % {"count": len(promises) - LISTED})


def _contents(body: WordBody, dossier: Dossier) -> None:
    """The table of contents: the headings at once, their pages when Word works the field out."""
    body.heading(1, _("Contents"), layout=NEW_PAGE)
    first = Paragraph(body.paragraph(META), body.document._body)
    _mark(first, "begin")
    _instruction(first, r'TOC \o "1-2" \h \z \u')
    _mark(first, "separate")
    first.add_run(_("For page numbers, click here and press F9."))
    for chapter in dossier.chapters:
        body.paragraph("Normal", _heading_words(chapter, dossier))
        for clause in chapter.clauses:
            body.paragraph("Normal", _paragraph_words(clause), layout=LIST_LINE)
    _mark(Paragraph(body.paragraph("Normal"), body.document._body), "end")


def _clause(body: WordBody, clause: Clause) -> None:
    body.heading(2, _paragraph_words(clause))
    for part in clause.text.split("\n\n"):
        body.paragraph(QUOTE, part)
    for promise in clause.promises:
        _promise(body, promise)


def _promise(body: WordBody, promise: Promise) -> None:
    body.heading(3, f"{promise.ref} {promise.title}")
    body.paragraph(META, words.promise_words(promise), layout=KEPT)
    body.paragraph(COMMITMENT, f"“{promise.quote}”")
    titles = [_("Side"), *(str(side.party) for side in promise.sides)]
    rows = [[Text(label, bold=True), *values] for label, values in side_rows(promise)]
    _table(body, titles, rows, [0.6, *([1.6] * len(promise.sides))], is_sticky=True)
    body.paragraph("Normal", Text(_("Points to raise"), bold=True), layout=Layout(before=120, keep_with_next=True))
    for point in promise.points:
        for place, line in enumerate(words.point_words(point).split("\n")):
            body.paragraph("Normal", line if place else f"• {line}", layout=KEPT)
    for place in range(BLANK_LINES):
        body.paragraph("Normal", layout=Layout(keep_with_next=place < BLANK_LINES - 1, ruled=True))


def side_rows(promise: Promise) -> list[tuple[str, list[str]]]:
    """What is said of each side, line by line, the same in Word and in PDF."""
    sides = promise.sides
    steps = [(_("Milestones"), [_milestones(side) for side in sides])] if any(side.milestones for side in sides) else []
    return [
        (_("Lead body"), [words.lead_words(side) for side in sides]),
        (_("Status"), [words.status_words(side) for side in sides]),
        (_("Schedule"), [words.schedule_words(side) for side in sides]),
        (_("Last notes"), [_notes(side) for side in sides]),
        (_("Next steps"), [side.next_steps or "–" for side in sides]),
        *steps,
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


def _milestones(side: Side) -> str:
    return "\n".join(words.milestone_words(stage) for stage in side.milestones) or "–"


def _proofs(side: Side) -> str:
    return "\n".join(f"{proof.title} {proof.url}".rstrip() for proof in side.proofs) or "–"


def _verbatim(words: str, dossier: Dossier) -> Text:
    """The statement's own words, marked with its language."""
    return Text(words, language=LOCALES.get(dossier.statement.language, dossier.statement.language))


def _heading_words(chapter: Chapter, dossier: Dossier) -> Text:
    return _verbatim(chapter.heading, dossier) if chapter.is_quoted else Text(chapter.heading)


def _paragraph_words(clause: Clause) -> str:
    return _("Paragraph %(number)s") % {"number": clause.number}


def _table(
    body: WordBody, titles: list[str], rows: list[list[str | Text]], shares: list[float], *, is_sticky: bool = False
) -> None:
    whole = body.width.cm / sum(shares)
    body.table(titles, rows, [share * whole for share in shares], is_sticky=is_sticky)


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
    """The picture's words for those who do not see it, and no space around it."""
    for inline in run._r.iter(qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", text)
