"""Round numbers for a chart's axis."""

import math

STEPS = (1, 2, 2.5, 5, 10)


def axis_marks(low: float, high: float, most: int) -> list[float]:
    """Evenly spaced round marks, `most` at the most and two at the least, that enclose both ends."""
    if high <= low:
        high = low + (abs(low) or 1)
    rough = (high - low) / (most - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    for factor in (*STEPS, 20):
        step = factor * size
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first + 1 <= most:
            return [round(place * step, 10) for place in range(first, last + 1)]
    raise ValueError(f"no {most} marks from {low} to {high}")
