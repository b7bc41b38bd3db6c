"""The check that no published text was altered."""

from collections.abc import Iterator

from commitments.domain.text import sha256, statement_digest
from commitments.models.commitment import Commitment
from commitments.models.statement import Statement


def altered_texts() -> Iterator[str]:
    """What does not agree with its hash, in words for the administrator; nothing where all is well."""
    for statement in Statement.objects.order_by("pk").iterator():
        if sha256(statement.text) != statement.sha256:
            yield f"{statement.slug}: the text as published was altered"
        rows = list(statement.paragraphs.select_related("section").order_by("position"))
        for paragraph in rows:
            if sha256(paragraph.text) != paragraph.sha256:
                yield f"{statement.slug}: paragraph {paragraph.number} was altered"
        if statement_digest((row.section.heading, row.number, row.text) for row in rows) != statement.structure_sha256:
            yield f"{statement.slug}: a heading or paragraph was added, removed, moved or altered"
    for commitment in Commitment.objects.select_related("paragraph", "statement").iterator():
        if not commitment.quote or commitment.end > len(commitment.paragraph.text):
            yield f"{commitment.statement.slug} {commitment.ref}: the quote lies outside its paragraph"
