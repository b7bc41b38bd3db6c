"""The pages that are visited: the tracker's address, the floor's of the same kind, and how both name their rows."""

from dataclasses import dataclass
from urllib.parse import quote_plus

from bench.subjects_of import Subjects

FLOOR_ROWS = r'data-row="([\w.]+)"'
CSV_ROWS = r'(?m)^"?([^",\n]*"?,"?\d+\.\d+)"?,'
LIST_ROWS = r'<tr id="c-(\d+)"'


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` finds the keys of the rows on the tracker's page; empty where the two show figures, not the same rows."""

    name: str
    path: str
    floor: str
    rows: str = ""
    floor_rows: str = FLOOR_ROWS


def pages(subjects: Subjects) -> list[Page]:
    """All pages that are read."""
    slug, long = subjects.statement, subjects.long
    detail = f"/statements/{long.slug}/{long.ref}/"
    words = quote_plus(subjects.words)
    deep = f"adopted={subjects.deep_adopted}&statement={subjects.deep_statement}&position={subjects.deep_position}"
    return [
        Page("overview of all statements", "/", "/summary/"),
        Page("overview of one statement", f"/?statement={slug}", f"/summary/?statement={slug}"),
        Page(
            "the same after a change",
            f"/?statement={subjects.write.slug}",
            f"/summary/?statement={subjects.write.slug}",
        ),
        Page("list", "/commitments/", "/list/?size=100", LIST_ROWS),
        Page(
            "list, filtered",
            f"/commitments/?lead={subjects.lead}&kind=action",
            f"/list/?size=100&lead={subjects.lead_key}&kind=action",
            LIST_ROWS,
        ),
        Page("list by due date", "/commitments/?sort=due", "/list/?size=100&sort=due", LIST_ROWS),
        Page("words", f"/commitments/?q={words}", f"/list/?size=100&q={words}", LIST_ROWS),
        Page("a common word", "/commitments/?q=cooperation", "/list/?size=100&q=cooperation", LIST_ROWS),
        Page(
            "export of 2,000 rows",
            f"/commitments.csv?kind={subjects.export_kind}&strength={subjects.export_strength}",
            f"/export/?kind={subjects.export_kind}&strength={subjects.export_strength}",
            CSV_ROWS,
            CSV_ROWS,
        ),
        Page(
            "deep page",
            f"/commitments/?page={subjects.deep_page}&from={subjects.deep_key}",
            f"/list/?size=100&{deep}",
            LIST_ROWS,
        ),
        Page("commitment with 200 notes", detail, f"/detail/{long.commitment}/?size=20", r'<li id="n(\d+)"'),
        Page("reader", f"/statements/{slug}/", f"/read/{slug}/", r"<sup>([\d.]+)</sup>"),
        Page("my work", "/my-work/?reason=update_due", "/work/?size=50", r'<li id="a-(\d+)"'),
    ]
