"""Hands a mail over through Django's e-mail backend, and knows how far the conversation got."""

import smtplib
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from threading import Event
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as DjangoSmtpBackend

from commitments.domain.delivery import Outcome, Phase, Result, judge

CONNECT_SECONDS = 15
DATA_WANTED = 354
OURS = {"django.core.mail.backends.smtp.EmailBackend": "commitments.mail.relay.EmailBackend"}


class WithheldError(Exception):
    """The text of a mail was not to be sent after all."""


class Clearance:
    """Whether the text of a mail may go, which is decided while sender and recipient are being named."""

    def __init__(self) -> None:
        self._is_decided, self._is_given = Event(), False

    def decide(self, *, may_go: bool) -> None:
        self._is_given = may_go
        self._is_decided.set()

    def wait(self) -> None:
        """Come back when the text may go. Raises WithheldError where it may not."""
        self._is_decided.wait()
        if not self._is_given:
            raise WithheldError


class PhaseRecorder:
    """Mixed into smtplib's clients: `phase` says how far the mail got; the final dot gets the time it may take.

    The text waits for its clearance: until then the server has nothing that it could keep.
    """

    phase = Phase.CONNECT
    receipt_seconds = 600.0
    clearance = Clearance()

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
            self.clearance.wait()
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


class Conversation:
    """A mail on its way: its text waits until `decide` is called, then `result` waits for the answer."""

    def __init__(self, clearance: Clearance, answer: Future[Result]) -> None:
        self.decide, self._answer = clearance.decide, answer

    def result(self) -> Result | None:
        """What the server said; None where the text was withheld."""
        try:
            return self._answer.result()
        except WithheldError:
            return None


class Relay:
    """The mail server that the settings name, over one connection for as long as it is well.

    It is talked to in a thread of its own, one mail after the other, so that the sender can use the wait.
    """

    def __init__(self, receipt: timedelta) -> None:
        backend = OURS.get(settings.EMAIL_BACKEND, settings.EMAIL_BACKEND)
        self.connection = get_connection(backend)
        self.receipt_seconds = receipt.total_seconds()
        self.courier = ThreadPoolExecutor(1, "relay")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.courier.shutdown()
        self._close()

    def begin(self, mail: FrozenMail) -> Conversation:
        """Name sender and recipient to the server; whoever calls must `decide` about the text, come what may."""
        clearance = Clearance()
        return Conversation(clearance, self.courier.submit(self.send, mail, clearance))

    def send(self, mail: FrozenMail, clearance: Clearance) -> Result:
        """Hand the mail over; a connection that did not end in an accepted mail is not used again.

        Where the server hung up on a connection that had served before, a new one is tried at once.
        """
        was_open = getattr(self.connection, "connection", None) is not None
        result = self._converse(mail, clearance)
        hung_up = result.outcome == Outcome.RELAY_ILL and result.phase in (Phase.CONNECT, Phase.MAIL)
        return self._converse(mail, clearance) if was_open and hung_up else result

    def _converse(self, mail: FrozenMail, clearance: Clearance) -> Result:
        try:
            self.connection.open()
            self._ready_client(clearance)
            self.connection.send_messages([mail])
        except WithheldError:
            self._hang_up()
            raise
        except smtplib.SMTPRecipientsRefused as error:
            return self._failed(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return self._failed(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return self._failed(0, f"{type(error).__name__}: {error}")
        return Result(judge(Phase.DONE, 250, ""), Phase.DONE, 250)

    def _ready_client(self, clearance: Clearance) -> None:
        client = getattr(self.connection, "connection", None)
        if isinstance(client, PhaseRecorder):
            client.phase, client.receipt_seconds, client.clearance = Phase.CONNECT, self.receipt_seconds, clearance
        else:
            clearance.wait()  # a backend that has no phases is given the mail as a whole

    def _failed(self, code: int, words: bytes | str) -> Result:
        client = getattr(self.connection, "connection", None)
        phase = client.phase if isinstance(client, PhaseRecorder) else Phase.CONNECT
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        self._close()
        return Result(judge(phase, code, text), phase, max(code, 0), text)

    def _hang_up(self) -> None:
        """End a conversation in the middle of it: a parting word would be taken for text."""
        client = getattr(self.connection, "connection", None)
        if isinstance(client, smtplib.SMTP):
            client.close()
        self._close()

    def _close(self) -> None:
        """Close what can be closed; a connection that is broken already is left."""
        client = getattr(self.connection, "connection", None)
        if isinstance(client, smtplib.SMTP) and client.sock is None:
            self.connection.connection = None
            return
        with suppress(OSError):  # a full disk refuses the same bytes a second time
            self.connection.close()
