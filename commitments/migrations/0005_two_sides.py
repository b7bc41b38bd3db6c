"""Invitations, date changes, confirmations, and erased accounts; locks what is only ever added to."""

import commitments.domain.codes
import commitments.models.base
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from commitments.models import locks


def install(apps, schema_editor):
    locks.install(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0004_reminder_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='erased at'),
        ),
        migrations.AlterField(
            model_name='change',
            name='act',
            field=models.CharField(choices=[('note_added', 'added a note'), ('nothing_new', 'checked: nothing new'), ('status_changed', 'changed the status'), ('confidence_given', 'gave the confidence'), ('officer_named', 'named the desk officer'), ('lead_set', 'set the lead body'), ('cadence_set', 'set the cadence'), ('measurement_added', 'added a measurement'), ('person_changed', 'changed an account'), ('date_proposed', 'proposed a date'), ('date_agreed', 'agreed to a date'), ('date_declined', 'declined a date'), ('date_withdrawn', 'withdrew the proposal of a date'), ('date_changed', 'changed the date'), ('date_remarked', 'made a remark on the date'), ('confirmed', 'confirmed that it was met'), ('confirmation_withdrawn', 'took the confirmation back')], max_length=32),
        ),
        migrations.CreateModel(
            name='DateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_due_on', models.DateField(null=True, verbose_name='date before')),
                ('old_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('quarter', 'Quarter'), ('half', 'Half-year'), ('year', 'Year')], max_length=8, null=True, verbose_name='precision before')),
                ('new_due_on', models.DateField(verbose_name='new date')),
                ('new_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('quarter', 'Quarter'), ('half', 'Half-year'), ('year', 'Year')], max_length=8, verbose_name='precision of the new date')),
                ('reason', models.TextField(verbose_name='reason')),
                ('visibility', models.CharField(choices=[('own', 'Own side only'), ('both', 'Both sides')], max_length=4, verbose_name='reason visible to')),
                ('is_open_to_all', models.BooleanField(default=False)),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('made', 'Made'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('superseded', 'Overtaken by another change')], default='proposed', max_length=12, verbose_name='state')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_changes', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_changes', to='commitments.commitment')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_changes', to='commitments.party', verbose_name='proposed for')),
            ],
            options={
                'verbose_name': 'date change',
                'verbose_name_plural': 'date changes',
                'ordering': ['-proposed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DateDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrees', models.BooleanField(verbose_name='agrees')),
                ('words', models.TextField(blank=True, verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_decisions', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='commitments.datechange')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_decisions', to='commitments.party', verbose_name='side')),
            ],
            options={
                'verbose_name': 'decision on a date change',
                'verbose_name_plural': 'decisions on date changes',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DateRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='remark')),
                ('visibility', models.CharField(choices=[('own', 'Own side only'), ('both', 'Both sides')], max_length=4, verbose_name='visible to')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_remarks', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_remarks', to='commitments.commitment')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='date_remarks', to='commitments.party', verbose_name='side')),
            ],
            options={
                'verbose_name': 'remark on a date',
                'verbose_name_plural': 'remarks on dates',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('role', models.CharField(choices=[('reader', 'Reader'), ('officer', 'Desk officer'), ('manager', 'Manager'), ('coordinator', 'Coordinator')], max_length=12, verbose_name='role')),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('token_sha256', models.CharField(max_length=64, null=True, unique=True)),
                ('invited_at', models.DateTimeField(verbose_name='invited at')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='mail handed over at')),
                ('refusal', models.CharField(blank=True, max_length=500, verbose_name='words of the mail server that refused it')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted at')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='taken back at')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='commitments.body', verbose_name='body')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-invited_at'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_confirmed', models.BooleanField(verbose_name='confirmed')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='commitments.commitment')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='commitments.party', verbose_name='side')),
            ],
            options={
                'verbose_name': 'confirmation',
                'verbose_name_plural': 'confirmations',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['commitment', 'party'], name='confirmation_of_side')],
            },
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('commitment', 'party'), name='date_change_open_once_a_side'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='date_change_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('old_due_on__isnull', False), ('old_precision__isnull', False)), models.Q(('old_due_on__isnull', True), ('old_precision__isnull', True)), _connector='OR'), name='date_change_old_whole'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(('new_precision', 'day'), ('new_due_on__isnull', True), models.Q(models.Q(('new_precision', 'month')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('new_due_on')), ['01-01', '02-01', '03-01', '04-01', '05-01', '06-01', '07-01', '08-01', '09-01', '10-01', '11-01', '12-01'])), models.Q(models.Q(('new_precision', 'quarter')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('new_due_on')), ['04-01', '07-01', '10-01', '01-01'])), models.Q(models.Q(('new_precision', 'half')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('new_due_on')), ['07-01', '01-01'])), models.Q(models.Q(('new_precision', 'year')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('new_due_on')), ['01-01'])), _connector='OR'), name='date_change_ends_its_period'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'made', 'declined', 'withdrawn', 'superseded'])), name='date_change_state_known'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='date_change_ended_when_decided'),
        ),
        migrations.AddConstraint(
            model_name='datedecision',
            constraint=models.UniqueConstraint(fields=('change', 'party'), name='date_decision_once_a_side'),
        ),
        migrations.AddConstraint(
            model_name='dateremark',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='date_remark_says_something'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True)), name='invitation_open_once_an_address'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', [commitments.domain.codes.Role['READER'], commitments.domain.codes.Role['OFFICER'], commitments.domain.codes.Role['MANAGER'], commitments.domain.codes.Role['COORDINATOR']])), name='invitation_role_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('person__isnull', True)), models.Q(('accepted_at__isnull', False), ('person__isnull', False), ('revoked_at__isnull', True)), _connector='OR'), name='invitation_accepted_by_somebody'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
