"""Writes the rules by which reminders are planned, and the one row each of the planning and of the mail server."""

from django.db import migrations

LEADS = {
    "day": (90, 30, 7, 1),
    "month": (90, 60, 30, 7, 1),
    "quarter": (180, 90, 30, 7, 1),
    "half": (180, 90, 30, 7, 1),
    "year": (180, 90, 30, 7, 1),
}
# kind, first, every, times, grace
OTHERS = [
    ("last_day", 0, 0, 1, 3),
    ("overdue", 7, 7, 8, 6),  # weekly
    ("overdue", 86, 30, None, 29),  # then monthly
    ("update_due", 0, 7, 3, 0),  # at the date, after 7 and after 14 days
    ("escalation_manager", 14, 0, 1, 0),  # days since the first reminder without an answer
    ("escalation_coordinator", 5, 0, 1, 0),  # working days since the manager was told
    ("assigned", 0, 0, 1, 3),
    ("other_side_note", 0, 0, 1, 3),
    ("body_digest", 0, 7, None, 6),
    ("party_digest", 0, 7, None, 6),
]


def write(apps, schema_editor):
    rule = apps.get_model("commitments", "ReminderRule").objects
    for precision, leads in LEADS.items():
        for lead in leads:
            rule.create(kind="deadline_ahead", precision=precision, first=-lead)
    for kind, first, every, times, grace in OTHERS:
        rule.create(kind=kind, first=first, every=every, times=times, grace=grace)
    apps.get_model("commitments", "PlannerState").objects.create(pk=1)
    apps.get_model("commitments", "MailCircuit").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0003_reminders")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
