"""Django's JSON fixtures with one rule more: a row that is already there stays as people left it.

So `loaddata` can be run again on a tracker in use: it adds what is missing and overwrites nothing.
"""

from collections.abc import Iterator
from typing import Any

from django.core.serializers.base import DeserializedObject
from django.core.serializers.json import Deserializer as JsonDeserializer
from django.core.serializers.json import Serializer

from commitments.models.base import FixtureRow

__all__ = ["Deserializer", "Serializer"]


def Deserializer(stream: Any, **options: Any) -> Iterator[DeserializedObject]:  # noqa: N802 (the name Django looks for)
    """The rows of the fixture; saving one that is in the database already changes nothing."""
    for item in JsonDeserializer(stream, **options):
        yield KeptObject(item.object) if is_there(item.object) else item


class KeptObject(DeserializedObject):
    """A row that is there already."""

    def save(self, *args: Any, **options: Any) -> None:
        """Leave the row as people left it."""


def is_there(row: Any) -> bool:
    return isinstance(row, FixtureRow) and row.pk is not None and type(row)._default_manager.filter(pk=row.pk).exists()
