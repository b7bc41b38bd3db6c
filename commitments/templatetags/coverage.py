"""Words for the reasons why a sentence of a statement carries no commitment."""

from django import template
from django.utils.translation import gettext as _

from commitments.domain.coverage import NOT_ASKED, NOT_KEPT

register = template.Library()


@register.filter
def reason_words(code: str) -> str:
    words = {
        "narration": _("Tells what was or is"),
        "recital": _("Gives grounds"),
        "praise": _("Thanks or praises"),
        "welcome": _("Welcomes what has been done"),
        "opinion": _("Voices a view"),
        "third_party": _("Speaks of others than the parties"),
        "lead_in": _("Introduces a list"),
        "unsure": _("Could be one, but too unsure to propose"),
        "too_long": _("Too long to be read as a sentence"),
        NOT_KEPT: _("Proposed by the reading, but not made a commitment"),
        NOT_ASKED: _("No commitment"),
    }
    return words[code]
