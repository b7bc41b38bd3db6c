"""References of commitments: `20.2` is paragraph 20, second commitment; each statement has each reference once."""

import re
from collections import Counter
from collections.abc import Sequence

LONGEST_LABEL = 10  # characters; with the commitment's own number it fits the reference


def paragraph_labels(paragraphs: Sequence[tuple[int, str]]) -> list[str]:
    """What each paragraph is called in a reference, from its section's place and its number as printed.

    The number itself where it stands once (20); with its section's place where numbers begin anew (3-1); in a
    statement without any number, the place in the text (7); beside numbers, one without is P1, P2 ….
    """
    numbers = [re.sub(r"\W", "", number)[:LONGEST_LABEL] for _section, number in paragraphs]
    if not any(numbers):
        return [str(place) for place in range(1, len(numbers) + 1)]
    alone = Counter(numbers)
    with_section = [
        f"{section}-{number}"[:LONGEST_LABEL] for (section, _), number in zip(paragraphs, numbers, strict=True)
    ]
    paired = Counter(with_section)
    labels, unnumbered = [], 0
    for number, pair in zip(numbers, with_section, strict=True):
        if number and alone[number] == 1:
            labels.append(number)
        elif number and paired[pair] == 1:
            labels.append(pair)
        else:
            unnumbered += 1
            labels.append(f"P{unnumbered}")
    return labels


def shortened(heading: str, length: int) -> str:
    """A heading's first words that fit, with an ellipsis where words are left out."""
    if len(heading) <= length:
        return heading
    return heading[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
