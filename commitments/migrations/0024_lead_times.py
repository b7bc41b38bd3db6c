"""Takes away days ahead of a deadline: ninety before a day or a month, and one before the end of a longer period."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FEWER = {"day": [-90], "month": [-90, -1], "quarter": [-1], "half": [-1], "year": [-1]}


def take_away(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("commitments", "ReminderRule").objects.filter(kind="deadline_ahead")
    for precision, leads in FEWER.items():
        rules.filter(precision=precision, first__in=leads).delete()


class Migration(migrations.Migration):
    dependencies = [("commitments", "0023_mail_arrived")]

    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]
