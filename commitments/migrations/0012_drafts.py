"""Statements on their way in: drafts with their parts, proposals, lead bodies and agreements."""

import commitments.domain.codes
import commitments.models.base
import django.db.models.deletion
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from commitments.models import locks


def install(apps, schema_editor):
    locks.install(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0011_request_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='order')),
                ('role', models.CharField(choices=[('title', 'Title'), ('dateline', 'Place and date'), ('front', 'Before the text'), ('heading', 'Heading'), ('annex', 'Heading of an annex'), ('paragraph', 'Paragraph'), ('signature', 'Signature'), ('footnote', 'Footnote'), ('left_out', 'Left out'), ('unplaced', 'Not placed')], max_length=10, verbose_name='role')),
                ('level', models.PositiveSmallIntegerField(default=0, verbose_name='level')),
                ('number', models.CharField(blank=True, max_length=16, verbose_name='number as printed')),
                ('text', models.TextField(verbose_name='text')),
                ('slices', models.JSONField(verbose_name='places in the text')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'part of a draft',
                'verbose_name_plural': 'parts of drafts',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='section',
            name='level',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='level of the heading'),
        ),
        migrations.AlterField(
            model_name='change',
            name='act',
            field=models.CharField(choices=[('note_added', 'added a note'), ('nothing_new', 'checked: nothing new'), ('status_changed', 'changed the status'), ('confidence_given', 'gave the confidence'), ('officer_named', 'named the desk officer'), ('lead_set', 'set the lead body'), ('cadence_set', 'set the cadence'), ('measurement_added', 'added a measurement'), ('person_changed', 'changed an account'), ('reminders_chosen', 'chose how to be reminded'), ('absence_entered', 'entered an absence'), ('snoozed', 'put reminders off'), ('view_saved', 'saved a view'), ('view_changed', 'changed a view'), ('view_deleted', 'deleted a view'), ('date_proposed', 'proposed a date'), ('date_agreed', 'agreed to a date'), ('date_declined', 'declined a date'), ('date_withdrawn', 'withdrew the proposal of a date'), ('date_changed', 'changed the date'), ('date_remarked', 'made a remark on the date'), ('update_asked', 'asked for an update'), ('request_withdrawn', 'took the request for an update back'), ('request_answered', 'answered the request for an update'), ('confirmed', 'confirmed that it was met'), ('confirmation_withdrawn', 'took the confirmation back'), ('draft_begun', 'began to take a statement in'), ('draft_changed', 'changed the head of a draft'), ('draft_structured', 'corrected the structure of a draft'), ('draft_decided', 'decided about a proposed commitment'), ('draft_led', 'chose lead bodies in a draft'), ('draft_asked', 'asked another side to agree to a draft'), ('draft_answered', 'answered about a draft'), ('draft_dropped', 'dropped a draft'), ('statement_published', 'published the statement')], max_length=32),
        ),
        migrations.CreateModel(
            name='DraftParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commitments.party')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='StatementDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(verbose_name='begun at')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
                ('state', models.CharField(choices=[('open', 'Open'), ('published', 'Published'), ('dropped', 'Dropped')], default='open', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('head_version', models.PositiveIntegerField(default=0, editable=False)),
                ('title', models.TextField(blank=True, verbose_name='title')),
                ('short_title', models.CharField(blank=True, max_length=120, verbose_name='short title')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='place')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='adopted on')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='published on')),
                ('language', models.CharField(default='en', max_length=8, verbose_name='language')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('named_parties', models.JSONField(blank=True, default=list, verbose_name='parties as named in the text')),
                ('text', models.TextField(verbose_name='text as published')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the text')),
                ('file_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('parties', models.ManyToManyField(related_name='+', through='commitments.DraftParty', to='commitments.party', verbose_name='parties')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='commitments.party', verbose_name='party')),
                ('statement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='commitments.statement')),
            ],
            options={
                'verbose_name': 'draft of a statement',
                'verbose_name_plural': 'drafts of statements',
                'ordering': ['-changed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProposedCommitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField(verbose_name='first character')),
                ('end', models.PositiveIntegerField(verbose_name='character after the last')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('kind', models.CharField(choices=[('action', 'Action'), ('event', 'Event'), ('process', 'Process'), ('target', 'Target'), ('position', 'Position')], max_length=10, verbose_name='kind')),
                ('strength', models.CharField(choices=[('directed', 'Directed'), ('agreed', 'Agreed'), ('intended', 'Intended'), ('encouraged', 'Encouraged'), ('reaffirmed', 'Reaffirmed'), ('noted', 'Noted')], max_length=12, verbose_name='strength of the wording')),
                ('sides', models.JSONField(blank=True, default=list, verbose_name='who is bound')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('due_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('quarter', 'Quarter'), ('half', 'Half-year'), ('year', 'Year')], max_length=8, null=True, verbose_name='precision of the date')),
                ('due_basis', models.CharField(blank=True, choices=[('text', 'In the text'), ('external', 'Follows from a fact outside the text'), ('set', 'Set by the parties')], max_length=8, null=True, verbose_name='basis of the date')),
                ('target_amount', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='target')),
                ('target_unit', models.CharField(blank=True, max_length=40, verbose_name='unit')),
                ('target_name', models.CharField(blank=True, max_length=200, verbose_name='what is measured')),
                ('confidence', models.FloatField(blank=True, null=True, verbose_name='confidence')),
                ('cues', models.JSONField(blank=True, default=list, verbose_name='why it was proposed')),
                ('finer', models.JSONField(blank=True, default=list, verbose_name='finer split')),
                ('origin', models.CharField(choices=[('found', 'Found in the text'), ('added', 'Added by hand'), ('piece', 'Split off')], default='found', max_length=6, verbose_name='origin')),
                ('found', models.JSONField(default=dict, editable=False)),
                ('decision', models.CharField(choices=[('open', 'Not decided'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('split', 'Split')], default='open', max_length=10, verbose_name='decision')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='commitments.draftpart')),
                ('split_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='commitments.proposedcommitment')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='commitments.statementdraft')),
            ],
            options={
                'verbose_name': 'proposed commitment',
                'verbose_name_plural': 'proposed commitments',
                'ordering': ['part__position', 'start', '-end', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DraftSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('content', models.BinaryField(verbose_name='content')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='file', to='commitments.statementdraft')),
            ],
            options={
                'verbose_name': 'file of a draft',
                'verbose_name_plural': 'files of drafts',
            },
        ),
        migrations.AddField(
            model_name='draftparty',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adoptions', to='commitments.statementdraft'),
        ),
        migrations.AddField(
            model_name='draftpart',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='commitments.statementdraft'),
        ),
        migrations.CreateModel(
            name='DraftAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('agrees', models.BooleanField(null=True, verbose_name='agrees')),
                ('words', models.TextField(blank=True, verbose_name='words')),
                ('at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('draft_version', models.PositiveIntegerField(default=0)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commitments.party')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='commitments.statementdraft')),
            ],
            options={
                'verbose_name': 'agreement to a draft',
                'verbose_name_plural': 'agreements to drafts',
            },
        ),
        migrations.CreateModel(
            name='ProposedLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_suggested', models.BooleanField(default=True, verbose_name='lead is a suggestion')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commitments.body')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commitments.party')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='commitments.proposedcommitment')),
            ],
            options={
                'verbose_name': 'proposed lead body',
                'verbose_name_plural': 'proposed lead bodies',
                'constraints': [models.UniqueConstraint(fields=('proposal', 'party'), name='proposed_lead_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='statementdraft',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'published', 'dropped'])), name='draft_state_known'),
        ),
        migrations.AddConstraint(
            model_name='statementdraft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), ('statement__isnull', False)), models.Q(models.Q(('state', 'published'), _negated=True), ('statement__isnull', True)), _connector='OR'), name='draft_published_has_statement'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='proposal_span_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['open', 'accepted', 'refused', 'split'])), name='proposal_decision_known'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('due_precision__isnull', False), ('due_basis__isnull', False)), models.Q(('due_on__isnull', True), ('due_precision__isnull', True), ('due_basis__isnull', True)), _connector='OR'), name='proposal_deadline_whole'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('due_precision', 'day'), ('due_on__isnull', True), models.Q(models.Q(('due_precision', 'month')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('due_on')), ['01-01', '02-01', '03-01', '04-01', '05-01', '06-01', '07-01', '08-01', '09-01', '10-01', '11-01', '12-01'])), models.Q(models.Q(('due_precision', 'quarter')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('due_on')), ['04-01', '07-01', '10-01', '01-01'])), models.Q(models.Q(('due_precision', 'half')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('due_on')), ['07-01', '01-01'])), models.Q(models.Q(('due_precision', 'year')), django.db.models.lookups.In(commitments.models.base.NextDay(models.F('due_on')), ['01-01'])), _connector='OR'), name='proposal_due_on_ends_its_period'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', [commitments.domain.codes.Kind['ACTION'], commitments.domain.codes.Kind['EVENT'], commitments.domain.codes.Kind['PROCESS'], commitments.domain.codes.Kind['TARGET'], commitments.domain.codes.Kind['POSITION']])), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposedcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('strength__in', [commitments.domain.codes.Strength['DIRECTED'], commitments.domain.codes.Strength['AGREED'], commitments.domain.codes.Strength['INTENDED'], commitments.domain.codes.Strength['ENCOURAGED'], commitments.domain.codes.Strength['REAFFIRMED'], commitments.domain.codes.Strength['NOTED']])), name='proposal_strength_known'),
        ),
        migrations.AddConstraint(
            model_name='draftparty',
            constraint=models.UniqueConstraint(fields=('draft', 'party'), name='draft_party_once'),
        ),
        migrations.AddIndex(
            model_name='draftpart',
            index=models.Index(fields=['draft', 'position'], name='draft_part_order'),
        ),
        migrations.AddConstraint(
            model_name='draftpart',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['title', 'dateline', 'front', 'heading', 'annex', 'paragraph', 'signature', 'footnote', 'left_out', 'unplaced'])), name='draft_part_role_known'),
        ),
        migrations.AddConstraint(
            model_name='draftagreement',
            constraint=models.UniqueConstraint(fields=('draft', 'party'), name='draft_agreement_once'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
