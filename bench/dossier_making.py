"""One dossier of `make bench-dossiers`, in a process of its own on one database; prints what it took as JSON.

python -m bench.dossier_making docx
"""

import json
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402 after set-up
from django.utils import timezone  # noqa: E402

from bench.counting import Counter  # noqa: E402
from bench.reminding import peak_memory  # noqa: E402
from commitments.exchange.dossier_file import MAKERS  # noqa: E402
from commitments.exchange.dossier_words import untold  # noqa: E402
from commitments.models import Commitment, Statement  # noqa: E402
from commitments.queries.dossier import dossier  # noqa: E402

SLUG = "generated-1-1"


def make(ending: str) -> dict[str, float]:
    """The own edition of the first party over all commitments: of all that can be asked for, it holds most."""
    statement, counter, at = Statement.objects.get(slug=SLUG), Counter(), timezone.now()
    rows, edition = Commitment.objects.filter(statement=statement), statement.parties.order_by("pk")[0]
    maker, _media_type = MAKERS[ending]
    begin = time.perf_counter()
    with connection.execute_wrapper(counter):
        read = dossier(statement, rows, edition=edition, scope="All", at=at, today=timezone.localdate(at))
        between = time.perf_counter()
        content = maker(read, untold)
    end = time.perf_counter()
    return {
        "commitments": len(read.promises),
        "queries": counter.number,
        "reading": between - begin,
        "making": end - between,
        "size": len(content),
        "peak_memory": peak_memory(),
    }


if __name__ == "__main__":
    print(json.dumps(make(sys.argv[1])))
