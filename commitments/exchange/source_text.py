"""The text that a file yields, line by line, with what its marking said of each line."""

from dataclasses import dataclass, field

from commitments.domain.readings import LineHint

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class UnreadableError(ValueError):
    """A file that is refused; `code` says why.

    too_large, unknown_kind, damaged, encrypted, no_text, hostile, too_slow; failed is a fault of our own.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SourceText:
    text: str
    hints: dict[int, LineHint]


@dataclass
class LineWriter:
    """Collects blocks as lines with an empty line between them; items of a list follow without one."""

    lines: list[str] = field(default_factory=list)
    hints: dict[int, LineHint] = field(default_factory=dict)

    def add(self, text: str, hint: LineHint | None = None) -> None:
        """One block; its inner line breaks are kept, and the hint is its first line's."""
        rows = [" ".join(row.split()) for row in text.split("\n")]
        while rows and not rows[0]:
            rows.pop(0)
        while rows and not rows[-1]:
            rows.pop()
        if not rows:
            return
        if self.lines and not (hint and hint.kind == "item"):
            self.lines.append("")
        if hint:
            self.hints[len(self.lines)] = hint
        self.lines.extend(rows)

    def done(self) -> SourceText:
        return SourceText("\n".join(self.lines), self.hints)
