"""The dossier as PDF/UA-1 by typst: the same content as the Word file. Text goes in as JSON, never as markup."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.exchange import dossier_words as words
from commitments.exchange.dossier_chart import status_chart
from commitments.exchange.dossier_docx import LISTED, side_rows
from commitments.queries.dossier import Dossier, Promise

TEMPLATE = Path(__file__).with_name("dossier.typ")


def dossier_pdf(dossier: Dossier, tell: words.Tell = words.untold) -> bytes:
    """The file; made in the language that is active. Its pages are set in one go, which tells nothing meanwhile."""
    content = json.dumps(_content(dossier), ensure_ascii=False)
    tell(len(dossier.promises))
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(dossier.made_at.timestamp()),
        sys_inputs={"dossier": content},
    )


def _content(dossier: Dossier) -> dict[str, Any]:
    made, language = words.local(dossier.made_at), (get_language() or "en").partition("-")[0]
    return {
        "name": f"{dossier.statement.short_title}: {words.edition_words(dossier)}",
        "maker": _("Statement Tracker"),
        "on": [made.year, made.month, made.day],
        "language": language,
        "quoted": dossier.statement.language,
        "title": dossier.statement.title,
        "short": dossier.statement.short_title,
        "parties": " – ".join(str(party) for party in dossier.parties),
        "edition": words.edition_words(dossier),
        "edition_text": words.edition_text(dossier),
        "made": words.made_words(dossier),
        "scope": dossier.scope,
        "page": _("Page"),
        "words": {"summary": _("Summary"), "contents": _("Contents"), "points": _("Points to raise")},
        "sentences": words.summary_sentences(dossier),
        "chart": status_chart(dossier),
        "chart_words": "; ".join(words.bar_words(bar) for bar in dossier.bars),
        "lists": [
            _short_list(_("Overdue"), dossier.overdue, dossier),
            _short_list(_("Due now"), dossier.due_next, dossier),
        ],
        "chapters": [
            {
                "heading": chapter.heading,
                "language": dossier.statement.language if chapter.is_quoted else language,
                "clauses": [
                    {
                        "heading": _("Paragraph %(number)s") % {"number": clause.number},
                        "text": clause.text.split("\n\n"),
                        "promises": [_promise(promise) for promise in clause.promises],
                    }
                    for clause in chapter.clauses
                ],
            }
            for chapter in dossier.chapters
        ],
    }


def _short_list(heading: str, promises: list[Promise], dossier: Dossier) -> dict[str, Any]:
    more = len(promises) - LISTED
    return {
        "heading": f"{heading} ({len(promises)})",
        "none": _("None."),
        "titles": [_("Commitment"), _("Date"), *(str(party) for party in dossier.parties)],
        "rows": [_line(promise, dossier) for promise in promises[:LISTED]],
        "more": _("And %(count)d more.") % {"count": more} if more > 0 else "",
    }


def _line(promise: Promise, dossier: Dossier) -> list[str]:
    sides = {side.party: words.status_words(side) for side in promise.sides}
    return [
        f"{promise.ref} {promise.title}",
        words.period_words(promise.deadline),
        *(sides.get(party, "–") for party in dossier.parties),
    ]


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "heading": f"{promise.ref} {promise.title}",
        "detail": words.promise_words(promise),
        "quote": promise.quote,
        "titles": [_("Side"), *(str(side.party) for side in promise.sides)],
        "rows": [[label, *values] for label, values in side_rows(promise)],
        "points": [words.point_words(point) for point in promise.points],
    }
