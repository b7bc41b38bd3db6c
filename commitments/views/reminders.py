"""The reminders' ledger: every mail as it was sent, what failed and why, and what the next days will bring."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.resending import confirm_arrival, may_send_again, send_again
from commitments.domain.codes import Role
from commitments.filters.mail import MailFilter
from commitments.models import MailState, OutgoingMail
from commitments.queries.ledger import coming_days, health, kept_mail, mail_line, mails_of, with_reminders
from commitments.tasks.reminders import send
from commitments.views.attempting import attempt
from statement_tracker.celery import ring

PAGE_SIZE = 50
RESENDABLE = (MailState.FAILED, MailState.HELD, MailState.SENT)


@require_safe
def reminder_list(request: HttpRequest) -> HttpResponse:
    """The mails one may see: one's own, those of the body for managers, those of the side for coordinators."""
    chosen = MailFilter(request.GET, mails_of(request.user), viewer=request.user)
    rows = chosen.qs if chosen.is_valid() else mails_of(request.user).none()
    pages = Paginator(rows, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "lines": [mail_line(mail) for mail in page.object_list],
        "page": page,
        "pages": pages.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "health": health(request.user, timezone.now()) if request.user.has_rank(Role.MANAGER) else None,
        "shows_others": request.user.has_rank(Role.MANAGER),
    }
    return render(request, "reminders/list.html", context)


@require_safe
def reminder_preview(request: HttpRequest) -> HttpResponse:
    """What the next 30 days will say, if nothing changes."""
    context = {"days": coming_days(request.user, timezone.now()), "shows_others": request.user.has_rank(Role.MANAGER)}
    return render(request, "reminders/preview.html", context)


@require_safe
def mail_detail(request: HttpRequest, pk: str) -> HttpResponse:
    mail = get_object_or_404(with_reminders(OutgoingMail.objects.visible_to(request.user)), pk=pk)
    may_settle = may_send_again(request.user, mail)
    context = {
        "mail": mail,
        "line": mail_line(mail),
        "kept": kept_mail(mail),
        "attempts": mail.attempts_made.all(),
        "may_send_again": mail.state in RESENDABLE and may_settle,
        "may_confirm_arrival": mail.state == MailState.HELD and may_settle,
    }
    return render(request, "reminders/mail.html", context)


@require_safe
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True, "frame-ancestors": [NONE]})
def mail_html(request: HttpRequest, pk: str) -> HttpResponse:
    """The HTML part as the reader saw it, alone on a page that may run and load nothing."""
    kept = kept_mail(get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk))
    if kept is None:
        raise Http404
    return HttpResponse(kept.html)


@require_POST
def mail_send_again(request: HttpRequest, pk: str) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    try:
        again = send_again(mail, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        ring(send)
        messages.success(request, _("The mail goes out within a minute."))
        mail = again
    return redirect("mail_detail", mail.pk)


@require_POST
def mail_arrived(request: HttpRequest, pk: str) -> HttpResponse:
    """A held mail has arrived, as its recipient says."""
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    said = _("Recorded: the mail has arrived, and is not sent again.")
    attempt(request, lambda: confirm_arrival(mail, by=request.user, at=timezone.now()), said)
    return redirect("mail_detail", mail.pk)
