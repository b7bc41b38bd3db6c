"""Public holidays of the region where a government sits: Malaysia's ministries keep those of Putrajaya."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_seat(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("commitments", "Party").objects.filter(holiday_country="MY").update(holiday_country="MY-16")


def name_the_country(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("commitments", "Party").objects.filter(holiday_country="MY-16").update(holiday_country="MY")


class Migration(migrations.Migration):
    dependencies = [("commitments", "0020_continuing")]

    operations = [
        migrations.AlterField(
            "party",
            "holiday_country",
            models.CharField(
                blank=True,
                help_text="ISO 3166: the country, or the region where its government sits, for example TR or MY-16",
                max_length=6,
                verbose_name="code of the public holidays",
            ),
        ),
        migrations.RunPython(name_the_seat, name_the_country),
    ]
