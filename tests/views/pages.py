"""What tests read out of a page."""

import re
from html import unescape

HREF = re.compile(r'\bhref="([^"]*)"')
TOTAL = re.compile(r'data-total="(\d+)"')


def figures(html: str) -> list[tuple[str, int]]:
    """Every figure of the page: the address that it links to, and the number that it shows."""
    found = []
    for link in re.findall(r"<a\b[^>]*\bdata-count=[^>]*>", html):
        found.append((unescape(HREF.search(link)[1]), int(re.search(r'data-count="(\d+)"', link)[1])))
    return found


def total(html: str) -> int:
    """How many rows the list says that it holds."""
    return int(TOTAL.search(html)[1])


def refs(html: str) -> list[str]:
    """The references of the list's rows, in their order."""
    return re.findall(r'<td class="no ref">([^<]+)</td>', html)
