import django.db.models.deletion
import django.utils.timezone
import documents.storage
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('target', models.CharField(max_length=40, verbose_name='type')),
                ('source', models.CharField(help_text='Par exemple : annuaire de la commune d’Incourt. La prochaine fois, le même nom rappelle les colonnes et reconnaît les lignes.', max_length=150, verbose_name='d’où vient ce fichier')),
                ('source_key', models.CharField(editable=False, max_length=150)),
                ('name', models.CharField(max_length=120, verbose_name='fichier')),
                ('file', models.FileField(blank=True, max_length=200, storage=documents.storage.private_storage, upload_to=documents.storage.random_name, verbose_name='fichier gardé')),
                ('form', models.JSONField(blank=True, default=dict, verbose_name='écriture du fichier')),
                ('mapping', models.JSONField(blank=True, default=dict, verbose_name='colonnes')),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='choix pour tout le fichier')),
                ('state', models.CharField(choices=[('columns', 'colonnes à vérifier'), ('checking', 'aperçu en préparation'), ('ready', 'aperçu à lire'), ('writing', 'écriture en cours'), ('done', 'terminé'), ('failed', 'interrompu'), ('dropped', 'abandonné')], default='columns', max_length=10, verbose_name='état')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='lignes faites')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes en tout')),
                ('error', models.TextField(blank=True, verbose_name='pourquoi il est interrompu')),
                ('warnings', models.JSONField(blank=True, default=list, verbose_name='remarques sur le fichier')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='bilan')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='essais')),
                ('lease', models.UUIDField(blank=True, editable=False, null=True, verbose_name='bail')),
                ('leased_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tenu jusqu’à')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='déposé le')),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmé le')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='terminé le')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacé le')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='importé par')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['target', 'source_key'], name='import_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['columns', 'checking', 'ready', 'writing', 'done', 'failed', 'dropped'])), name='import_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('target', ''), _negated=True), models.Q(('source', ''), _negated=True), models.Q(('source_key', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='import_says_what_and_whence'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['writing', 'done']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='import_is_confirmed_before_it_writes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='failed_import_says_why'), models.CheckConstraint(condition=models.Q(('erased_at', None), ('file', ''), _connector='OR'), name='erased_import_keeps_no_file')],
            },
        ),
        migrations.CreateModel(
            name='Known',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=40)),
                ('source_key', models.CharField(max_length=150)),
                ('mark', models.CharField(max_length=64)),
                ('object_id', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': 'ligne reconnue',
                'verbose_name_plural': 'lignes reconnues',
                'indexes': [models.Index(fields=['target', 'object_id'], name='known_object')],
                'constraints': [models.UniqueConstraint(fields=('target', 'source_key', 'mark'), name='one_object_a_mark')],
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='ligne')),
                ('part', models.CharField(blank=True, max_length=300, verbose_name='colonne')),
                ('outcome', models.CharField(choices=[('create', 'à créer'), ('change', 'à modifier'), ('same', 'sans changement'), ('duplicate', 'doublon possible'), ('refused', 'refusée')], max_length=10, verbose_name='résultat')),
                ('label', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('object_id', models.CharField(blank=True, max_length=40, verbose_name='objet')),
                ('values', models.JSONField(blank=True, default=dict, verbose_name='valeurs')),
                ('changes', models.JSONField(blank=True, default=list, verbose_name='modifications')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='remarques')),
                ('candidates', models.JSONField(blank=True, default=list, verbose_name='doublons possibles')),
                ('choice', models.CharField(blank=True, max_length=40, verbose_name='décision')),
                ('written', models.BooleanField(default=False, verbose_name='écrite')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='imports.import', verbose_name='import')),
            ],
            options={
                'verbose_name': 'ligne d’import',
                'verbose_name_plural': 'lignes d’import',
                'ordering': ['line', 'pk'],
                'indexes': [models.Index(fields=['run', 'outcome', 'line'], name='import_row_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('run', 'line', 'part'), name='one_row_a_line_and_column'), models.CheckConstraint(condition=models.Q(('outcome__in', ['create', 'change', 'same', 'duplicate', 'refused'])), name='row_outcome_is_known')],
            },
        ),
    ]
