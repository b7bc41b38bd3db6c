"""Locks the published text, the spans and the append-only rows; starts the history's chain."""

from django.db import migrations

from commitments.models import locks


def install(apps, schema_editor):
    locks.install(schema_editor)
    apps.get_model("commitments", "HistoryHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
