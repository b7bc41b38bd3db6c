"""Reads a statement from a file and prints what it found; writes nothing."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.domain.readings import Proposal, Reading
from commitments.exchange.reading import read_upload
from commitments.exchange.reading_form import document_of
from commitments.exchange.source_text import UnreadableError


class Command(BaseCommand):
    help = "Reads a joint statement from text, HTML, Word or PDF; prints its structure and the commitments found."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the documented structure as JSON")
        parser.add_argument(
            "--adopted-on", type=date.fromisoformat, help="the day of adoption, where the text names none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            reading = read_upload(path.read_bytes(), name=path.name, adopted_on=options["adopted_on"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except UnreadableError as refusal:
            raise CommandError(f"{path}: refused ({refusal.code})") from refusal
        if options["json"]:
            self.stdout.write(json.dumps(document_of(reading), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_outline(reading)))


def _outline(reading: Reading) -> list[str]:
    """The reading for a person at a terminal: headings, paragraphs, and each proposal under its paragraph."""
    lines = [reading.title, f"{reading.place}  {reading.adopted_on or ''}".strip(), ""]
    heading = ""
    for paragraph in (*reading.paragraphs, *reading.annexes):
        if paragraph.heading != heading:
            heading = paragraph.heading
            lines += ["", heading]
        lines.append(f"{paragraph.number or '-'}  {paragraph.text}")
        lines += [_line(proposal) for proposal in paragraph.proposals]
    lines += [f"unplaced: {text}" for text in reading.unplaced]
    return [*lines, "warnings: " + (", ".join(reading.warnings) or "none")]


def _line(proposal: Proposal) -> str:
    due = f" due {proposal.deadline.due_on} ({proposal.deadline.precision})" if proposal.deadline else ""
    target = f" target {proposal.target.amount} {proposal.target.unit}" if proposal.target else ""
    return f"    * [{proposal.strength}, {proposal.side}, {proposal.confidence:.2f}{due}{target}] {proposal.quote}"
