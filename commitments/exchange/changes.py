"""What changed between two days, as files: Word in the dossier's words, Excel and CSV with one row for each change."""

import io
from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from commitments.exchange import dossier_words as words
from commitments.exchange.csv_rows import csv_lines
from commitments.exchange.dossier_docx import COMMITMENT, LOCALES, META, new_document
from commitments.exchange.dossier_xlsx import put
from commitments.exchange.word_body import Text, WordBody
from commitments.models.words import Status
from commitments.queries.between import Between, Changed, Line, What

WIDTHS = [8, 40, 26, 16, 16, 20, 20, 60, 40, 12, 18, 14]  # characters


def span_words(view: Between) -> str:
    return _("What changed after %(since)s, until %(until)s") % {
        "since": date_format(view.since),
        "until": date_format(view.until),
    }


def sentences(view: Between) -> list[str]:
    """The summary: how many of how many, and what."""
    counts = view.counts
    lines = [
        ngettext(
            "Something changed in %(changed)d of %(total)d commitment.",
            "Something changed in %(changed)d of %(total)d commitments.",
            view.total,
        )
        % {"changed": len(view.changed), "total": view.total},
        _(
            "Steps of status: %(status)d. Moved dates: %(date)d. Milestones: %(milestone)d. "
            "New notes: %(note)d. New evidence: %(evidence)d."
        )
        % {what.value: number for what, number in counts.items()},
    ]
    if view.has_sample:
        lines.append(_("It holds sample data, made up to show the product at work."))
    return lines


def what_words(what: What) -> str:
    return {
        What.STATUS: _("Status"),
        What.DATE: _("Date"),
        What.MILESTONE: _("Milestone"),
        What.NOTE: _("Note"),
        What.EVIDENCE: _("Evidence"),
    }[what]


def before_words(line: Line) -> str:
    if line.what == What.STATUS:
        return str(Status(line.status_before).label)
    if line.what == What.MILESTONE:
        if line.stage_before is None:
            return _("new")
        stage = words.stage_words(line.stage_before)
        return stage if line.stage_before.title == line.text else f"“{line.stage_before.title}”, {stage}"
    return _date(line.date_before) if line.what == What.DATE else ""


def after_words(line: Line) -> str:
    if line.what == What.STATUS:
        return str(Status(line.status).label)
    if line.what == What.MILESTONE:
        return words.stage_words(line.stage)
    return _date(line.date) if line.what == What.DATE else ""


def _date(deadline: Any) -> str:
    return words.period(deadline) if deadline else _("No date")


def line_words(line: Line) -> str:
    """One change as a sentence of the dossier."""
    who = str(line.party) if line.party else _("Both sides")
    if line.what in (What.STATUS, What.DATE):
        return f"{who}: {what_words(line.what)}: {before_words(line)} → {after_words(line)} ({words.day(line.at)})"
    if line.what == What.MILESTONE:
        own = f" ({_('Own side only')})" if line.is_own_side else ""
        step = f"{before_words(line)} → {after_words(line)}"
        return f"{who}{own}: {what_words(line.what)} “{line.text}”: {step} ({words.day(line.at)})"
    head = f"{who}, {line.body}" if line.body else who
    if line.is_reported and line.party:
        head = f"{head} ({words.reported_words(line.party)})"
    own = f" ({_('Own side only')})" if line.is_own_side else ""
    said = line.text or "–"
    if line.what == What.EVIDENCE:
        return f"{head}, {words.day(line.at)}{own}: {_('Evidence')}: {said} {line.url}".rstrip()
    name = _("Correction") if line.is_correction else _("Note")
    steps = f" {_('Next:')} {line.next_steps}" if line.next_steps else ""
    return f"{head}, {words.day(line.at)}{own}: {name}: {said}{steps}"


def changes_docx(view: Between) -> bytes:
    """The Word file, in the order of the statement; made in the language that is active."""
    document = new_document(view)
    body = WordBody(document)
    body.paragraph("Title", Text(view.statement.title, language=LOCALES.get(view.statement.language, "")))
    body.paragraph("Normal", Text(span_words(view), bold=True))
    body.paragraph("Normal", Text(words.edition_words(view), bold=True), f". {words.edition_text(view)}")
    body.paragraph(META, view.scope)
    for sentence in sentences(view):
        body.paragraph("Normal", sentence)
    section = None
    for item in view.changed:
        if item.commitment.section != section:
            section = item.commitment.section
            body.heading(1, str(section))
        _commitment(body, item)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _commitment(body: WordBody, item: Changed) -> None:
    commitment = item.commitment
    body.heading(2, f"{commitment.ref} {commitment.title}")
    body.paragraph(COMMITMENT, f"“{commitment.quote}”")
    for line in item.lines:
        for place, words_of_it in enumerate(line_words(line).split("\n")):
            body.paragraph("Normal", words_of_it if place else f"• {words_of_it}")


def header() -> list[str]:
    return [
        _("Ref"),
        _("Commitment"),
        _("Section"),
        _("Side"),
        _("What"),
        _("Before"),
        _("After"),
        _("Text"),
        _("Next steps"),
        _("Day"),
        _("Body"),
        _("Visible to"),
    ]


def rows(view: Between) -> Iterator[list[Any]]:
    for item in view.changed:
        for line in item.lines:
            yield [
                item.commitment.ref,
                item.commitment.title,
                str(item.commitment.section),
                str(line.party) if line.party else _("Both sides"),
                what_words(line.what),
                before_words(line),
                after_words(line),
                f"{line.text} {line.url}".strip(),
                line.next_steps,
                words.local(line.at).date(),
                _reporter(line),
                _("Own side only") if line.is_own_side else _("Both sides"),
            ]


def _reporter(line: Line) -> str:
    """The body that wrote it; what another side wrote down says so."""
    return f"{line.body} ({words.reported_words(line.party)})" if line.is_reported and line.party else line.body


def facts(view: Between) -> list[list[str]]:
    """What the file is."""
    return [
        [_("Statement"), view.statement.title],
        [_("Time"), span_words(view)],
        [_("Edition"), words.edition_words(view)],
        [_("Filter"), view.scope],
    ]


def changes_csv(view: Between) -> bytes:
    return "".join(csv_lines(header(), [*rows(view), [], *facts(view)])).encode()


def changes_xlsx(view: Between) -> bytes:
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = _("Statement Tracker")
    book.properties.title = f"{view.statement.short_title}: {span_words(view)}"
    book.properties.created = book.properties.modified = view.made_at.replace(tzinfo=None, microsecond=0)
    sheet = book.active
    sheet.title = _("Changes")
    last = 1
    for column, title in enumerate(header(), start=1):
        put(sheet, 1, column, title)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[column - 1]
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EFEFEB")
    for last, row in enumerate(rows(view), start=2):
        for column, value in enumerate(row, start=1):
            put(sheet, last, column, value)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(WIDTHS))}{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.left.text = words.edition_words(view).replace("&", "&&")
    sheet.oddFooter.left.text = span_words(view).replace("&", "&&")
    key = book.create_sheet(_("Key"))
    for line, fact in enumerate([*facts(view), *(["", sentence] for sentence in sentences(view))], start=1):
        put(key, line, 1, fact[0])
        put(key, line, 2, fact[1])
    key.column_dimensions["A"].width, key.column_dimensions["B"].width = 16, 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
