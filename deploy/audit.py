"""Asks for known advisories on every package of uv.lock: 1 where there is one, 0 where there is none.

Where no source of advisories can be reached, or none knows the packages, it says that the audit did not run, and why.
AUDIT_OSV_URL names a source of one's own (the address of an OSV query); else those of pip-audit are tried in turn.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "uv.lock"
SECONDS = 120  # for one source
USAGE = 2  # what pip-audit ends with when it was called wrongly
ACCEPTED: dict[str, str] = {}  # advisory: why it does not touch this product, and until when that is accepted


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said of the packages; `trouble` is why it said nothing."""

    findings: list[str]
    asked: int = 0
    unknown: int = 0
    trouble: str = ""


def packages(lock: Path) -> list[str]:
    """name==version of every package that the lock takes from an index."""
    rows = tomllib.loads(lock.read_text("utf-8"))["package"]
    return sorted(f"{row['name']}=={row['version']}" for row in rows if "registry" in row["source"])


def sources() -> list[list[str]]:
    own = os.environ.get("AUDIT_OSV_URL", "")
    return [["osv", "--osv-url", own]] if own else [["pypi"], ["osv"]]


def ask(source: list[str], requirements: Path) -> Answer:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10", "-s", *source]
    command += [f"--ignore-vuln={advisory}" for advisory in ACCEPTED]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Answer([], trouble=f"no answer within {SECONDS} seconds")
    if done.returncode == USAGE:
        raise ValueError(done.stderr)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except json.JSONDecodeError:
        return Answer([], trouble=(done.stderr.strip().splitlines() or ["no answer"])[-1])
    return judged(rows)


def judged(rows: list[dict]) -> Answer:
    """A source that knows not one package is no source: an index without advisories answers so."""
    known = [row for row in rows if "skip_reason" not in row]
    if not known:
        return Answer([], trouble="it knows none of the packages")
    findings = [
        f"{row['name']} {row['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none yet'}"
        for row in known
        for found in row["vulns"]
    ]
    return Answer(findings, len(rows), len(rows) - len(known))


def main() -> int:
    troubles = []
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text("\n".join(packages(LOCK)) + "\n", "utf-8")
        for source in sources():
            answer = ask(source, requirements)
            if not answer.trouble:
                return told(source[0], answer)
            troubles.append(f"{source[0]}: {answer.trouble}")
    print("The audit of dependencies DID NOT RUN: no source of advisories answers here.", *troubles, sep="\n  ")
    return 0


def told(source: str, answer: Answer) -> int:
    print(*answer.findings, sep="\n")
    left_out = f"; {answer.unknown} of them it does not know" if answer.unknown else ""
    print(f"{answer.asked} packages asked about at {source}{left_out}; {len(answer.findings)} advisories.")
    return 1 if answer.findings else 0


if __name__ == "__main__":
    sys.exit(main())
