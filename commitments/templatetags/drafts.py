"""Words for drafts: what should be looked at, what is missing and where it is put right."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Body, Party, ProposedCommitment, ProposedLead, StatementDraft
from commitments.queries.draft import Missing
from commitments.queries.draft_page import LeadsPage

register = template.Library()

WHERE = {  # the step in which a thing that is missing is put right
    "no_paragraphs": "draft_structure",
    "unplaced": "draft_structure",
    "undecided": "draft_proposals",
    "no_commitments": "draft_proposals",
    "other_side": "draft_proposals",
    "no_lead": "draft_leads",
    "continues_open": "draft_proposals",
    "waiting": "draft_publish",
    "declined": "draft_publish",
    "outdated": "draft_publish",
}


@register.filter
def warning_words(code: str) -> str:
    words = {
        "unplaced": _("Not placed: say what it is"),
        "gap_in_numbers": _("The number before it is missing"),
        "long_heading": _("Very long for a heading"),
        "short_paragraph": _("Very short for a paragraph"),
        "no_headings": _("No heading was found"),
        "no_paragraphs": _("No paragraph was found"),
    }
    return words[code]


@register.filter
def missing_words(missing: Missing) -> str:
    words = {
        "no_title": _("The title"),
        "no_short_title": _("A short title"),
        "no_date": _("The day of adoption"),
        "no_place": _("The place"),
        "own_party": _("Your own side is not among the parties"),
        "one_party": _("Only one party is chosen"),
        "no_paragraphs": _("The text has no paragraph"),
        "no_commitments": _("No commitment is accepted"),
        "waiting": _("A side that was asked has not answered"),
        "declined": _("A side that was asked does not agree"),
        "outdated": _("A side agreed to an earlier state of the draft: ask it again"),
    }
    counted = {
        "unplaced": ngettext("%(n)s part is not placed", "%(n)s parts are not placed", missing.count),
        "undecided": ngettext("%(n)s commitment is not decided", "%(n)s commitments are not decided", missing.count),
        "other_side": ngettext(
            "%(n)s commitment binds a side that is no party",
            "%(n)s commitments bind a side that is no party",
            missing.count,
        ),
        "no_lead": ngettext("%(n)s lead body is not chosen", "%(n)s lead bodies are not chosen", missing.count),
        "continues_open": ngettext(
            "%(n)s commitment may carry an earlier one on: say whether it does",
            "%(n)s commitments may carry earlier ones on: say whether they do",
            missing.count,
        ),
    }
    return counted[missing.code] % {"n": missing.count} if missing.code in counted else words[missing.code]


@register.simple_tag
def missing_url(missing: Missing, draft: StatementDraft) -> str:
    return reverse(WHERE.get(missing.code, "draft_detail"), args=(draft.pk,))


@register.filter
def bound_words(proposal: ProposedCommitment, draft: StatementDraft) -> str:
    """Who is bound: all sides, or those named."""
    parties: list[Party] = [adoption.party for adoption in draft.adoptions.all()]
    if not proposal.sides:
        return _("Both sides") if len(parties) == 2 else _("All sides")
    names = {party.code: str(party) for party in parties}
    return ", ".join(names.get(code, code) for code in proposal.sides)


@register.filter
def percent(share: float) -> int:
    return round(share * 100)


@register.filter
def line_name(proposal: ProposedCommitment, line: ProposedLead) -> str:
    return f"{proposal.pk}-{line.party_id}"


@register.filter
def bodies_of(view: LeadsPage, party: int) -> list[Body]:
    return view.bodies.get(party, [])
