"""A statement as JSON: the document itself, with the name and version of its shape."""

import json

from commitments.exchange.statement_file import StatementFileError, checked
from commitments.queries.statement_document import Document

FORMAT, VERSION = "joint-statement", 1


def statement_json(document: Document) -> bytes:
    whole = {"format": FORMAT, "version": VERSION, **document}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def read_statement_json(content: bytes) -> Document:
    """The document that `statement_json` wrote; raises StatementFileError for anything else."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StatementFileError("not_json") from error
    if not isinstance(whole, dict) or whole.pop("format", None) != FORMAT or whole.pop("version", None) != VERSION:
        raise StatementFileError("not_ours")
    return checked(whole)
