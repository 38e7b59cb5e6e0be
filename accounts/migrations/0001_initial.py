import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(db_index=True, max_length=80, verbose_name='action')),
                ('object_kind', models.CharField(max_length=80, verbose_name='type d’objet')),
                ('object_id', models.CharField(max_length=64, verbose_name='identifiant de l’objet')),
                ('object_label', models.CharField(max_length=200, verbose_name='objet')),
                ('by_label', models.CharField(max_length=200, verbose_name='par')),
                ('facts', models.JSONField(default=dict, verbose_name='faits')),
            ],
            options={
                'verbose_name': 'ligne du journal',
                'verbose_name_plural': 'journal',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse e-mail')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='nom')),
                ('role', models.CharField(blank=True, choices=[('administrator', 'Administrateur'), ('team', 'Équipe GAL'), ('manager', 'Gestionnaire')], help_text='Laissez vide pour un citoyen ou un membre d’un acteur.', max_length=20, verbose_name='rôle')),
                ('is_active', models.BooleanField(default=True, help_text='Décochez plutôt que de supprimer\xa0: la personne ne peut plus se connecter.', verbose_name='actif')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='inscrit le')),
            ],
            options={
                'verbose_name': 'utilisateur',
                'verbose_name_plural': 'utilisateurs',
                'ordering': ['email'],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['', 'administrator', 'team', 'manager'])), name='user_role_is_known'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_normalised')],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='demandé le')),
                ('marks', models.JSONField(default=list, verbose_name='empreintes')),
                ('holds_until', models.DateField(help_text='Vide\xa0: rien n’a dû attendre.', null=True, verbose_name='preuves gardées jusqu’au')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='terminé le')),
            ],
            options={
                'verbose_name': 'effacement',
                'verbose_name_plural': 'effacements',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('holds_until__isnull', False), ('finished_at__isnull', False), _connector='OR'), name='erasure_is_finished_unless_held')],
            },
        ),
    ]
