"""Keeps the words of commitments alone, and an index over them on either database."""

from django.db import migrations

from commitments.domain.text import search_words

BATCH = 2000


def keep_words_alone(apps, schema_editor):
    rows = apps.get_model("commitments", "Commitment").objects
    changed = []
    for row in rows.only("search_text").order_by("pk").iterator(chunk_size=BATCH):
        words = search_words(row.search_text)
        if words != row.search_text:
            row.search_text = words
            changed.append(row)
        if len(changed) == BATCH:
            rows.bulk_update(changed, ["search_text"])
            changed.clear()
    rows.bulk_update(changed, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("commitments", "0012_drafts")]

    operations = [migrations.RunPython(keep_words_alone, migrations.RunPython.noop, elidable=True)]
