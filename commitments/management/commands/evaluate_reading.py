"""Measures reading on labelled statements; writes nothing to the database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.exchange.reading import read_upload
from commitments.exchange.reading_scores import Score, score_reading


class Command(BaseCommand):
    help = (
        "Reads every labelled statement of a folder and prints precision, recall and F1, and how confidence "
        "keeps its word."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.BASE_DIR) / "tests/data/statements")
        parser.add_argument("--held-out", action="store_true", help="only statements labelled as held out")
        parser.add_argument("--differences", action="store_true", help="print every missed and every other commitment")

    def handle(self, *args: Any, **options: Any) -> None:
        labels = sorted(options["folder"].glob("*.json"))
        if not labels:
            raise CommandError(f"no labels in {options['folder']}")
        total = Score()
        for path in labels:
            wanted = json.loads(path.read_text(encoding="utf-8"))
            if options["held_out"] and not wanted.get("held_out"):
                continue
            source = path.parent / wanted["file"]
            reading = read_upload(source.read_bytes(), name=source.name)
            single = Score()
            score_reading(single, reading, wanted)
            score_reading(total, reading, wanted)
            self.stdout.write(_line(source.name, single))
            if options["differences"]:
                self.stdout.write("".join(f"    missed  {each}\n" for each in single.missed), ending="")
                self.stdout.write("".join(f"    other   {each}\n" for each in single.others), ending="")
        self.stdout.write("\n".join(_summary(total)))


def _line(name: str, score: Score) -> str:
    return (
        f"{name:44} commitments {score.matched}/{score.labelled} found {score.found} F1 {score.f1:.2f}  "
        f"headings F1 {score.heading_f1:.2f}  paragraphs {score.paragraphs[0]}/{score.paragraphs[2]}"
    )


def _summary(score: Score) -> list[str]:
    lines = [
        "",
        f"commitments  precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}",
        f"headings     F1 {score.heading_f1:.3f}",
        f"paragraphs   F1 {score.paragraph_f1:.3f}  right {score.paragraphs[0]} of {score.paragraphs[2]}",
        f"of the {score.matched} matched: strength {score.share('strength'):.3f}  side {score.share('side'):.3f}  "
        f"deadline {score.share('deadline'):.3f}  target {score.share('target'):.3f}",
        f"of the {score.dated[1]} labels with a date: {score.dated[0]} exact",
        "",
        "confidence   proposals  right",
    ]
    for low, (proposals, right) in sorted(score.bands.items()):
        lines.append(f"  from {low:.1f}   {proposals:9}  {right / proposals:.2f}")
    lines += ["", "pattern              proposals  right"]
    for key, (proposals, right) in sorted(score.keys.items(), key=lambda pair: -pair[1][0]):
        lines.append(f"  {key:18} {proposals:9}  {right / proposals:.2f}")
    return lines
