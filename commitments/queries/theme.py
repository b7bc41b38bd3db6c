"""Themes proposed for commitments, from the words by which each theme is known."""

from collections.abc import Iterable, Iterator

from commitments.domain.subjects import Subjects
from commitments.models import Commitment, CommitmentTheme, Theme

LEAST, NEAR, MOST = 0.2, 0.6, 3  # likeness; share of the nearest one's; themes of one commitment


def proposed_themes(commitments: Iterable[Commitment]) -> Iterator[CommitmentTheme]:
    """The themes nearest to the title and the words of each; none where none is near."""
    themes = {theme.code: theme for theme in Theme.objects.active()}
    subjects = Subjects({code: [theme.name_en, *theme.words.split(",")] for code, theme in themes.items()})
    for commitment in commitments:
        for code in near(subjects, f"{commitment.title} {commitment.quote}"):
            yield CommitmentTheme(commitment=commitment, theme=themes[code])


def near(subjects: Subjects, text: str) -> list[str]:
    found = subjects.nearest(text)[:MOST]
    return [code for code, likeness in found if likeness >= max(LEAST, NEAR * found[0][1])]
