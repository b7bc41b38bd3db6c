"""A real mail server for tests, in a process of its own: it writes each mail it accepts as one line of JSON.

    python -m tests.smtp_sink --port 2525 --file mails.jsonl --fault data_temporary=0.3 --fault delay=4

A fault is a name with a share between 0 and 1 of the times it strikes (`delay`: seconds before the final answer):
rcpt_temporary, rcpt_permanent, data_temporary, data_permanent: refused with 451, 550, 451, 554;
drop: the connection ends before the mail is stored; drop_after: it ends after, before the answer.
"""

import argparse
import asyncio
import email
import email.policy
import json
import random
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from statement_tracker.processes import start_child
from tests.servers import ROOT, answers, free_port, wait_until

FAULTS = ("rcpt_temporary", "rcpt_permanent", "data_temporary", "data_permanent", "drop", "drop_after", "delay")


class Writer:
    """aiosmtpd's handler: stores mails in the file, and strikes with the faults it was given."""

    def __init__(self, file: Path, faults: dict[str, float], seed: int) -> None:
        self.file = file.open("a", buffering=1, encoding="utf-8")
        self.faults = faults
        self.random = random.Random(seed)

    def strikes(self, fault: str) -> bool:
        return self.random.random() < self.faults.get(fault, 0)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.strikes("rcpt_temporary"):
            return "451 4.3.0 try again later"
        if self.strikes("rcpt_permanent"):
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.strikes("data_temporary"):
            return "451 4.3.0 try again later"
        if self.strikes("data_permanent"):
            return "554 5.6.0 refused"
        if self.strikes("drop"):
            return self.drop(server)
        self.store(envelope)
        if self.strikes("drop_after"):
            return self.drop(server)
        await asyncio.sleep(self.faults.get("delay", 0))
        return "250 OK"

    def store(self, envelope: Envelope) -> None:
        source = envelope.content.decode("utf-8", "surrogateescape")
        line = {"at": time.time(), "sender": envelope.mail_from, "recipients": envelope.rcpt_tos, "source": source}
        self.file.write(json.dumps(line) + "\n")

    def drop(self, server: SMTP) -> str:
        server.transport.abort()
        return "421 gone"


class Sink:
    """The server as a test sees it: where it listens, and what it got."""

    def __init__(self, file: Path, *, faults: dict[str, float] | None = None, seed: int = 1) -> None:
        self.file = file
        self.faults = faults or {}
        self.seed = seed
        self.host, self.port = "127.0.0.1", free_port()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.smtp_sink", "--port", str(self.port), "--file", str(self.file)]
        for fault, share in self.faults.items():
            command += ["--fault", f"{fault}={share}"]
        self.process = start_child([*command, "--seed", str(self.seed)], cwd=ROOT)
        wait_until(lambda: answers(self.port), 10, "the mail server starts")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The product's settings that send its mail here."""
        return {"EMAIL_HOST": self.host, "EMAIL_PORT": str(self.port)}

    def lines(self) -> list[dict]:
        """What was accepted, in order: at, sender, recipients, source."""
        return [json.loads(line) for line in self.file.read_text("utf-8").splitlines()] if self.file.exists() else []

    def mails(self) -> list[EmailMessage]:
        return [email.message_from_string(line["source"], policy=email.policy.default) for line in self.lines()]


def fault(argument: str) -> tuple[str, float]:
    name, _, share = argument.partition("=")
    if name not in FAULTS:
        raise argparse.ArgumentTypeError(f"{name!r} is no fault: {', '.join(FAULTS)}")
    return name, float(share or 1)


async def serve(port: int, handler: Writer) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--fault", type=fault, action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    handler = Writer(arguments.file, dict(arguments.fault), arguments.seed)
    try:
        asyncio.run(serve(arguments.port, handler))
    except KeyboardInterrupt:
        handler.file.close()


if __name__ == "__main__":
    main()
