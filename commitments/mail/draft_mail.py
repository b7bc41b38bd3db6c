"""The mails about a draft: a side is asked to agree, and what it answered; no word of the statement's text."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.models.draft import DraftAgreement, DraftNotice


def draft_mail(notice: DraftNotice) -> EmailMessage:
    """Plain text in the person's language, with the way to the draft."""
    agreement = notice.agreement
    link = settings.SITE_URL + reverse("draft_publish", args=(agreement.draft_id,))
    with translation.override(notice.person.language):
        subject, words = _answered(agreement) if notice.is_answer else _asked(agreement)
        body = _("Dear %(name)s,") % {"name": notice.person}
    return EmailMessage(subject, f"{body}\n\n{words}\n{link}\n", settings.DEFAULT_FROM_EMAIL, [notice.person.email])


def _asked(agreement: DraftAgreement) -> tuple[str, str]:
    values = {"draft": _name(agreement), "party": agreement.draft.party, "person": agreement.asked_by}
    words = _(
        "%(person)s (%(party)s) is bringing in “%(draft)s” and asks your side to agree to its text and commitments.\n\n"
        "Read it and answer here:"
    )
    return _("Please agree to a draft: %(draft)s") % values, words % values


def _answered(agreement: DraftAgreement) -> tuple[str, str]:
    values = {"draft": _name(agreement), "party": agreement.party}
    if agreement.agrees:
        words = _("%(party)s agrees to the draft “%(draft)s”. It can be published now if nothing else is missing:")
        return _("%(party)s agrees to a draft: %(draft)s") % values, words % values
    words = _("%(party)s does not agree to the draft “%(draft)s” as it stands. Read here what should be changed:")
    return _("%(party)s does not agree to a draft: %(draft)s") % values, words % values


def _name(agreement: DraftAgreement) -> str:
    """The draft's name, on one line as the head of a mail has to be."""
    return " ".join(str(agreement.draft).split())[:120] or _("a draft")
