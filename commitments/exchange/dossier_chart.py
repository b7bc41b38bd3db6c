"""The dossier's one chart: each side's duties by status, as SVG; the same picture in Word and PDF."""

from xml.sax.saxutils import escape

import typst

from commitments.domain.codes import Status
from commitments.exchange.dossier_words import bar_name
from commitments.models.words import Status as StatusWord
from commitments.queries.dossier import Bar, Dossier

WIDTH, BAR, STEP = 680, 20, 32  # user units
LETTER = 6.9  # of the names, on average
LABELS = (150, 320)  # room for the names, at least and at most
FILL = {
    Status.DONE: "#1f2f7f",
    Status.SUBSTANTIALLY_DONE: "#3a5cc0",
    Status.UNDER_WAY: "#6a8bdc",
    Status.BEING_HONOURED: "#128a6b",
    Status.ON_HOLD: "#c47a00",
    Status.NOT_PURSUED: "#6b4f45",
    Status.NOT_STARTED: "#dcdcd6",
    Status.NOT_ASSESSED: "#ffffff",
}
PALE = frozenset({Status.NOT_STARTED, Status.NOT_ASSESSED})
FONT = 'font-family="Libertinus Serif" font-size="14"'
PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'


def status_chart(dossier: Dossier) -> str:
    bars = dossier.bars
    used = [status for status in FILL if any(bar.counts[status] for bar in bars)]
    label = _room(bars)
    rows = "".join(_row(bar, place * STEP, label) for place, bar in enumerate(bars))
    top = len(bars) * STEP + 8
    legend = "".join(_legend(status, place, top) for place, status in enumerate(used))
    height = top + (len(used) + 2) // 3 * 20
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{rows}{legend}</svg>'


def _room(bars: list[Bar]) -> float:
    """Room for the longest name, whatever the language."""
    least, most = LABELS
    return min(max(least, 10 + LETTER * max(len(bar_name(bar)) for bar in bars)), most)


def _row(bar: Bar, y: int, label: float) -> str:
    parts = [f'<text x="0" y="{y + 15}" {FONT} fill="#1a1c1b">{escape(bar_name(bar))}</text>']
    x, unit = label, (WIDTH - label - 2) / max(bar.total, 1)
    for status, number in bar.counts.items():
        if number:
            parts.append(_block(status, x, y, number * unit))
            parts.append(_number(status, x + number * unit / 2, y, number))
            x += number * unit
    return "".join(parts)


def _block(status: Status, x: float, y: int, width: float) -> str:
    dash = ' stroke-dasharray="3 2"' if status == Status.NOT_ASSESSED else ""
    line = f' stroke="#8a8b84"{dash}' if status in PALE else ""
    return f'<rect x="{x:.1f}" y="{y + 1}" width="{max(width - 2, 1):.1f}" height="{BAR}" fill="{FILL[status]}"{line}/>'


def _number(status: Status, x: float, y: int, number: int) -> str:
    ink = "#1a1c1b" if status in PALE else "#ffffff"
    return f'<text x="{x - 1:.1f}" y="{y + 15}" text-anchor="middle" {FONT} fill="{ink}">{number}</text>'


def _legend(status: Status, place: int, top: int) -> str:
    x, y = place % 3 * (WIDTH // 3), top + place // 3 * 20
    return (
        _block(status, x, y - 5, 14).replace(f'height="{BAR}"', 'height="12"')
        + f'<text x="{x + 20}" y="{y + 6}" {FONT} fill="#1a1c1b">{escape(str(StatusWord(status).label))}</text>'
    )


def picture(svg: str) -> bytes:
    """The drawing as PNG, for formats that take no SVG."""
    return typst.compile(PAGE, format="png", ppi=220, ignore_system_fonts=True, sys_inputs={"svg": svg})
