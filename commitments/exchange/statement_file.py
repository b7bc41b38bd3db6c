"""What every file of a statement has in common: the shape of the document, and the check of what was read back."""

from collections.abc import Callable, Mapping
from typing import Any

from commitments.domain.text import sha256, statement_digest
from commitments.queries.statement_document import Document


class StatementFileError(ValueError):
    """The file is not one of ours, or was altered; `where` names the place.

    `code` is not_json, not_xml, not_in_xml, not_text, not_ours, wrong_shape, altered_text, altered_structure or
    not_in_the_text.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code, self.where = code, where


MAYBE = (str, type(None))
SHAPE: dict[str, Any] = {
    **dict.fromkeys(("slug", "title", "short_title", "place", "language", "source", "sha256", "structure_sha256"), str),
    "adopted_on": str,
    "published_on": MAYBE,
    "parties": [{"code": str, "name": str}],
    "bodies": [{"code": str, "party": str, "short": str, "name_en": str, "name_own": str}],
    "sections": [
        {
            "id": str,
            "heading": str,
            "short_heading": str,
            "level": int,
            "paragraphs": [{"id": str, "number": str, "text": str, "sha256": str}],
        }
    ],
    "commitments": [
        {
            **dict.fromkeys(("id", "ref", "paragraph", "quote", "title", "kind", "strength", "remark"), str),
            "start": int,
            "end": int,
            "is_priority": bool,
            "due_on": MAYBE,
            "due_precision": MAYBE,
            "due_basis": MAYBE,
            "continues": {"statement": str, "ref": str},
            "parts": [{"party": str, "lead": MAYBE, "supporting": [str]}],
            "indicators": [
                {
                    "name": str,
                    "unit": str,
                    "baseline": MAYBE,
                    "target": MAYBE,
                    "direction": str,
                    "target_on": MAYBE,
                    "target_precision": MAYBE,
                }
            ],
        }
    ],
    "text": str,
}
OPTIONAL = frozenset({"continues"})


def checked(document: Any) -> Document:
    """The document, where its shape, its hashes and its quotes are right; raises StatementFileError otherwise."""
    _check_shape(document, SHAPE, "")
    if sha256(document["text"]) != document["sha256"]:
        raise StatementFileError("altered_text")
    texts, structure = {}, []
    for section in document["sections"]:
        for paragraph in section["paragraphs"]:
            if sha256(paragraph["text"]) != paragraph["sha256"]:
                raise StatementFileError("altered_text", paragraph["id"])
            texts[paragraph["id"]] = paragraph["text"]
            structure.append((section["heading"], paragraph["number"], paragraph["text"]))
    if statement_digest(structure) != document["structure_sha256"]:
        raise StatementFileError("altered_structure")
    for row in document["commitments"]:
        if not row["quote"] or texts.get(row["paragraph"], "")[row["start"] : row["end"]] != row["quote"]:
            raise StatementFileError("not_in_the_text", row["ref"])
    return document


def _check_shape(value: Any, shape: Any, where: str) -> None:
    check: Callable[[Any, Any, str], None] = (
        _check_object if isinstance(shape, dict) else _check_list if isinstance(shape, list) else _check_value
    )
    check(value, shape, where)


def _check_object(value: Any, shape: Mapping[str, Any], where: str) -> None:
    if not isinstance(value, dict) or value.keys() != shape.keys():
        raise StatementFileError("wrong_shape", where)
    for name, inner in shape.items():
        if not (name in OPTIONAL and value[name] is None):
            _check_shape(value[name], inner, f"{where}/{name}")


def _check_list(value: Any, shape: list[Any], where: str) -> None:
    if not isinstance(value, list):
        raise StatementFileError("wrong_shape", where)
    for place, each in enumerate(value):
        _check_shape(each, shape[0], f"{where}/{place}")


def _check_value(value: Any, shape: Any, where: str) -> None:
    is_flag = isinstance(value, bool)
    if not isinstance(value, shape) or (is_flag and shape is not bool) or (shape is int and value < 0):
        raise StatementFileError("wrong_shape", where)
