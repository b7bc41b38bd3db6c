"""An index over the words of commitments, on either database."""

from django.db import migrations

from commitments.models import word_index


class Migration(migrations.Migration):
    dependencies = [("commitments", "0013_words")]

    operations = [
        migrations.RunPython(lambda _apps, schema_editor: word_index.create(schema_editor), migrations.RunPython.noop)
    ]
