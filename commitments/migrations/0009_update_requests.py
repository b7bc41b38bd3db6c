"""Requests for an update, and the kinds of reminders about them and about dates, with their rules."""

import commitments.domain.reminders
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# kind, first, every, times, grace
RULES = [
    ("asked", 0, 7, 2, 0),  # at once, and after 7 days
    ("date_proposed", 0, 0, 1, 3),
    ("date_decided", 0, 0, 1, 3),
]


def write(apps, schema_editor):
    rule = apps.get_model("commitments", "ReminderRule").objects
    for kind, first, every, times, grace in RULES:
        rule.create(kind=kind, first=first, every=every, times=times, grace=grace)


def take_away(apps, schema_editor):
    apps.get_model("commitments", "ReminderRule").objects.filter(kind__in=[rule[0] for rule in RULES]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0008_wishes'),
    ]

    operations = [
        migrations.CreateModel(
            name='UpdateRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, verbose_name='message')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn')], default='open', max_length=12, verbose_name='state')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'request for an update',
                'verbose_name_plural': 'requests for an update',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminderrule',
            name='reminder_rule_kind_known',
        ),
        migrations.AlterField(
            model_name='change',
            name='act',
            field=models.CharField(choices=[('note_added', 'added a note'), ('nothing_new', 'checked: nothing new'), ('status_changed', 'changed the status'), ('confidence_given', 'gave the confidence'), ('officer_named', 'named the desk officer'), ('lead_set', 'set the lead body'), ('cadence_set', 'set the cadence'), ('measurement_added', 'added a measurement'), ('person_changed', 'changed an account'), ('reminders_chosen', 'chose how to be reminded'), ('absence_entered', 'entered an absence'), ('snoozed', 'put reminders off'), ('date_proposed', 'proposed a date'), ('date_agreed', 'agreed to a date'), ('date_declined', 'declined a date'), ('date_withdrawn', 'withdrew the proposal of a date'), ('date_changed', 'changed the date'), ('date_remarked', 'made a remark on the date'), ('update_asked', 'asked for an update'), ('request_withdrawn', 'took the request for an update back'), ('request_answered', 'answered the request for an update'), ('confirmed', 'confirmed that it was met'), ('confirmation_withdrawn', 'took the confirmation back')], max_length=32),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('deadline_ahead', 'Deadline ahead'), ('last_day', 'Last day'), ('overdue', 'Overdue'), ('update_due', 'Update due'), ('escalation_manager', 'No answer: to the manager'), ('escalation_coordinator', 'No answer: to the coordinator'), ('asked', 'Update asked for'), ('date_proposed', 'Date to decide'), ('date_decided', 'Date decided'), ('assigned', 'Assigned to you'), ('other_side_note', 'Note by the other side'), ('body_digest', 'Weekly digest of the body'), ('party_digest', 'Weekly digest of the side')], max_length=24, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='reason',
            field=models.CharField(blank=True, choices=[('answered', 'answered in the meantime'), ('date_moved', 'the date was changed'), ('withdrawn', 'no longer asked'), ('closed', 'done or not pursued'), ('owner_changed', 'somebody else is responsible now'), ('inactive', 'the account is closed'), ('not_visible', 'the person may no longer see it'), ('switched_off', 'switched off by the person'), ('refused', 'the mail server refused it'), ('given_up', 'given up after the last attempt'), ('unsendable', 'it could not be written')], max_length=16, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='kind',
            field=models.CharField(choices=[('deadline_ahead', 'Deadline ahead'), ('last_day', 'Last day'), ('overdue', 'Overdue'), ('update_due', 'Update due'), ('escalation_manager', 'No answer: to the manager'), ('escalation_coordinator', 'No answer: to the coordinator'), ('asked', 'Update asked for'), ('date_proposed', 'Date to decide'), ('date_decided', 'Date decided'), ('assigned', 'Assigned to you'), ('other_side_note', 'Note by the other side'), ('body_digest', 'Weekly digest of the body'), ('party_digest', 'Weekly digest of the side')], max_length=24, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', [commitments.domain.reminders.ReminderKind['DEADLINE_AHEAD'], commitments.domain.reminders.ReminderKind['LAST_DAY'], commitments.domain.reminders.ReminderKind['OVERDUE'], commitments.domain.reminders.ReminderKind['UPDATE_DUE'], commitments.domain.reminders.ReminderKind['ESCALATION_MANAGER'], commitments.domain.reminders.ReminderKind['ESCALATION_COORDINATOR'], commitments.domain.reminders.ReminderKind['ASKED'], commitments.domain.reminders.ReminderKind['DATE_PROPOSED'], commitments.domain.reminders.ReminderKind['DATE_DECIDED'], commitments.domain.reminders.ReminderKind['ASSIGNED'], commitments.domain.reminders.ReminderKind['OTHER_SIDE_NOTE'], commitments.domain.reminders.ReminderKind['BODY_DIGEST'], commitments.domain.reminders.ReminderKind['PARTY_DIGEST']])), name='reminder_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', [commitments.domain.reminders.ReminderKind['DEADLINE_AHEAD'], commitments.domain.reminders.ReminderKind['LAST_DAY'], commitments.domain.reminders.ReminderKind['OVERDUE'], commitments.domain.reminders.ReminderKind['UPDATE_DUE'], commitments.domain.reminders.ReminderKind['ESCALATION_MANAGER'], commitments.domain.reminders.ReminderKind['ESCALATION_COORDINATOR'], commitments.domain.reminders.ReminderKind['ASKED'], commitments.domain.reminders.ReminderKind['DATE_PROPOSED'], commitments.domain.reminders.ReminderKind['DATE_DECIDED'], commitments.domain.reminders.ReminderKind['ASSIGNED'], commitments.domain.reminders.ReminderKind['OTHER_SIDE_NOTE'], commitments.domain.reminders.ReminderKind['BODY_DIGEST'], commitments.domain.reminders.ReminderKind['PARTY_DIGEST']])), name='reminder_rule_kind_known'),
        ),
        migrations.AddField(
            model_name='updaterequest',
            name='answer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_requests', to='commitments.progressnote', verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='updaterequest',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='update_requests', to='commitments.assignment', verbose_name='assignment'),
        ),
        migrations.AddField(
            model_name='updaterequest',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='update_requests', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddConstraint(
            model_name='updaterequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('assignment',), name='update_request_open_once_a_part'),
        ),
        migrations.AddConstraint(
            model_name='updaterequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'withdrawn'])), name='update_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='updaterequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='update_request_ended_when_closed'),
        ),
        migrations.AddConstraint(
            model_name='updaterequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', False), ('state', 'answered')), models.Q(models.Q(('state', 'answered'), _negated=True), ('answer__isnull', True)), _connector='OR'), name='update_request_answered_by_a_note'),
        ),
        migrations.RunPython(write, take_away),
    ]
