"""The outbox: mails as they are sent, every attempt to hand one over, and the state of the mail server."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain import delivery
from commitments.domain.codes import Role
from commitments.models.person import User


class MailState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being handed over")
    RETRY = "retry", _("Refused for now, tried again later")
    UNCERTAIN = "uncertain", _("Perhaps delivered, tried again later")
    SENT = "sent", _("Handed to the mail server")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held: perhaps delivered")
    CANCELLED = "cancelled", _("Not needed any more")


class Phase(models.TextChoices):
    """How far a conversation with the mail server got; from DOT on it may have kept the mail."""

    CONNECT = delivery.Phase.CONNECT, _("connecting")
    MAIL = delivery.Phase.MAIL, _("naming the sender")
    RCPT = delivery.Phase.RCPT, _("naming the recipient")
    DATA = delivery.Phase.DATA, _("sending the text")
    DOT = delivery.Phase.DOT, _("waiting for the receipt")
    DONE = delivery.Phase.DONE, pgettext_lazy("phase of sending", "done")


class Outcome(models.TextChoices):
    SENT = delivery.Outcome.SENT, _("accepted")
    RETRY = delivery.Outcome.RETRY, _("refused for now")
    UNKNOWN_ADDRESS = delivery.Outcome.UNKNOWN_ADDRESS, _("address unknown")
    REFUSED = delivery.Outcome.REFUSED, _("refused")
    RELAY_ILL = delivery.Outcome.RELAY_ILL, _("mail server not usable")
    UNCERTAIN = delivery.Outcome.UNCERTAIN, _("no receipt: perhaps delivered")


OPEN_STATES = [MailState.PENDING, MailState.RETRY, MailState.UNCERTAIN]
DEAD_STATES = [MailState.FAILED, MailState.HELD]
RESTORED = "restored"  # where a mail server's code stands, of a mail that is held after a restore
ARRIVED = "arrived"  # the same of a mail that was held and has arrived, as its recipient says


def seen_through(person: str, user: User) -> Q:
    """The condition that the ledger shows a row about `person` (a field) to the user.

    One's own; a manager sees those of the own body, a coordinator those of the own side.
    """
    own = Q(**{person: user.pk})
    if user.body_id is None:
        return own
    if user.has_rank(Role.COORDINATOR):
        return own | Q(**{f"{person}__body__party": user.party_id})
    return own | Q(**{f"{person}__body": user.body_id}) if user.has_rank(Role.MANAGER) else own


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def claimable(self, now: datetime) -> Self:
        return self.filter(state__in=OPEN_STATES, available_at__lte=now)

    def held_after_restore(self) -> Self:
        return self.filter(state=MailState.HELD, last_code=RESTORED)

    def visible_to(self, user: User) -> Self:
        return self.filter(seen_through("recipient", user))


class OutgoingMail(models.Model):
    """One mail to one person: its bytes and Message-ID stand still once the mail server may have seen them.

    `day` is the recipient's day; `number` 0 is that day's mail, others were needed beside it. `fence` grows
    with every claim: only the latest claimant may write the outcome.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="mails", verbose_name=_("to"))
    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("number on that day"), default=0)
    resend_of = models.ForeignKey("self", models.PROTECT, related_name="resends", null=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    address = models.CharField(_("address"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    raw = models.BinaryField(_("the mail as sent"), null=True)
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.PENDING)
    created_at = models.DateTimeField(_("made at"))
    available_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts that count"), default=0)
    uncertain_resends = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    last_code = models.CharField(_("code of the mail server"), max_length=16, blank=True)
    last_words = models.CharField(_("words of the mail server"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("handed over at"), null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-day", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "day", "number"], name="mail_once_a_person_and_day"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="mail_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "uncertain", "held"]) | Q(raw__isnull=False), name="mail_kept_as_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"], name="mail_open", condition=Q(state__in=["pending", "retry", "uncertain"])
            ),  # claim
            models.Index(fields=["lease_until"], name="mail_leased", condition=Q(state="sending")),  # sweep
            models.Index(fields=["-day", "state"], name="mail_day"),  # ledger
        ]

    def __str__(self) -> str:
        return self.subject or str(self.pk)

    @property
    def is_arrived_by_word(self) -> bool:
        """Whether not the mail server but the recipient says that it has arrived."""
        return self.state == MailState.SENT and self.last_code == ARRIVED

    @property
    def is_held_after_restore(self) -> bool:
        return self.state == MailState.HELD and self.last_code == RESTORED


class MailAttempt(models.Model):
    """One conversation with the mail server: begun in the database before the text of the mail is on the wire."""

    mail = models.ForeignKey(OutgoingMail, models.PROTECT, related_name="attempts_made")
    number = models.PositiveSmallIntegerField()
    fence = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=8, choices=Phase, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    code = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["mail_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["mail", "number"], name="attempt_number_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="attempt_ends_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.number}"


class MailCircuit(models.Model):
    """Whether the mail server is usable, one row: while it is not, nothing is sent and nobody's mail fails."""

    failures = models.PositiveIntegerField(default=0)
    ill_since = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    is_probing = models.BooleanField(default=False)
    code = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("state of the mail server")
        verbose_name_plural = _("state of the mail server")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="mail_circuit_is_one_row")]

    def __str__(self) -> str:
        return self.words or "ok"


class SuppressedAddress(models.Model):
    """An address that a mail server called unknown: not written to until somebody has put it right."""

    address = models.EmailField(_("address"), max_length=254)
    words = models.CharField(_("words of the mail server"), max_length=500)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("address not written to")
        verbose_name_plural = _("addresses not written to")
        constraints = [models.UniqueConstraint(Lower("address"), name="suppressed_address_once")]

    def __str__(self) -> str:
        return self.address
