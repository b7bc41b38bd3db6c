"""Hands a mail over through Django's e-mail backend, and knows how far the conversation got."""

import smtplib
import socket
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as DjangoSmtpBackend

from commitments.domain.delivery import Outcome, Phase, Result, judge

CONNECT_SECONDS = 15
DATA_WANTED = 354
OURS = {"django.core.mail.backends.smtp.EmailBackend": "commitments.mail.relay.EmailBackend"}


class PhaseRecorder:
    """Mixed into smtplib's clients: `phase` says how far the mail got; the final dot gets the time it may take."""

    phase = Phase.CONNECT
    receipt_seconds = 600.0

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = super()._get_socket(host, port, min(timeout, CONNECT_SECONDS))
        connected.settimeout(timeout)
        return connected

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.phase = Phase.MAIL
        return super().mail(*args, **kwargs)

    def rcpt(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.phase = Phase.RCPT
        return super().rcpt(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.phase = Phase.DATA
        try:
            code, words = super().data(msg)
        finally:
            if self.sock:
                self.sock.settimeout(self.timeout)
        if code == 250:
            self.phase = Phase.DONE
        return code, words

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        if self.phase == Phase.DATA and code == DATA_WANTED:
            self.phase = Phase.DOT
            self.sock.settimeout(self.receipt_seconds)
        return code, words


class PhaseSMTP(PhaseRecorder, smtplib.SMTP):
    """SMTP, with STARTTLS where it is set."""


class PhaseSMTPS(PhaseRecorder, smtplib.SMTP_SSL):
    """SMTP over TLS from the start."""


class EmailBackend(DjangoSmtpBackend):
    """Django's SMTP backend over a client that records the phase."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return PhaseSMTPS if self.use_ssl else PhaseSMTP


class FrozenMessage(Message):
    """A message that is nothing but its bytes: sent again, it is the same to the last one."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.raw = raw

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\n") -> bytes:
        return self.raw.replace(b"\r\n", b"\n").replace(b"\n", linesep.encode())

    def as_string(self, unixfrom: bool = False, maxheaderlen: int = 0, policy: Any = None) -> str:
        return self.raw.decode("utf-8", "replace")


class FrozenMail(EmailMessage):
    """What Django's backends are given: addresses for the envelope, and the bytes."""

    def __init__(self, raw: bytes, *, sender: str, to: str) -> None:
        super().__init__(from_email=sender, to=[to])
        self.raw = raw

    def message(self) -> FrozenMessage:
        return FrozenMessage(self.raw)


class Relay:
    """The mail server that the settings name, over one connection for as long as it is well."""

    def __init__(self, receipt: timedelta) -> None:
        backend = OURS.get(settings.EMAIL_BACKEND, settings.EMAIL_BACKEND)
        self.connection = get_connection(backend)
        self.receipt_seconds = receipt.total_seconds()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: FrozenMail) -> Result:
        """Hand the mail over; a connection that did not end in an accepted mail is not used again.

        Where the server hung up on a connection that had served before, a new one is tried at once.
        """
        was_open = getattr(self.connection, "connection", None) is not None
        result = self._converse(mail)
        hung_up = result.outcome == Outcome.RELAY_ILL and result.phase in (Phase.CONNECT, Phase.MAIL)
        return self._converse(mail) if was_open and hung_up else result

    def _converse(self, mail: FrozenMail) -> Result:
        try:
            self.connection.open()
            self._begin()
            self.connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            return self._failed(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return self._failed(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return self._failed(0, f"{type(error).__name__}: {error}")
        return Result(judge(Phase.DONE, 250, ""), Phase.DONE, 250)

    def _begin(self) -> None:
        client = getattr(self.connection, "connection", None)
        if isinstance(client, PhaseRecorder):
            client.phase, client.receipt_seconds = Phase.CONNECT, self.receipt_seconds

    def _failed(self, code: int, words: bytes | str) -> Result:
        client = getattr(self.connection, "connection", None)
        phase = client.phase if isinstance(client, PhaseRecorder) else Phase.CONNECT
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        self._close()
        return Result(judge(phase, code, text), phase, max(code, 0), text)

    def _close(self) -> None:
        """Close what can be closed; a connection that is broken already is left."""
        client = getattr(self.connection, "connection", None)
        if isinstance(client, smtplib.SMTP) and client.sock is None:
            self.connection.connection = None
            return
        with suppress(OSError):  # a full disk refuses the same bytes a second time
            self.connection.close()
