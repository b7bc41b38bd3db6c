"""The files in which a statement leaves the tracker and comes back, by their ending."""

from collections.abc import Callable
from dataclasses import dataclass

from commitments.exchange.statement_json import read_statement_json, statement_json
from commitments.exchange.statement_txt import read_statement_txt, statement_txt
from commitments.exchange.statement_xml import read_statement_xml, statement_xml
from commitments.queries.statement_document import Document


@dataclass(frozen=True, slots=True)
class StatementFormat:
    write: Callable[[Document], bytes]
    read: Callable[[bytes], Document]
    media_type: str


FORMATS = {
    "xml": StatementFormat(statement_xml, read_statement_xml, "application/akn+xml"),
    "json": StatementFormat(statement_json, read_statement_json, "application/json"),
    "txt": StatementFormat(statement_txt, read_statement_txt, "text/plain; charset=utf-8"),
}
