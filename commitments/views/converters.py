"""What may stand in an address."""

from django.urls.converters import StringConverter


class RefConverter(StringConverter):
    """A commitment's reference: 20.2, 3a.1, IV.2. Nothing else reaches the database."""

    regex = r"[\w.()-]{1,16}"
