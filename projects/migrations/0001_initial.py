import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('actors', '0001_initial'),
        ('needs', '0001_initial'),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('slug', models.SlugField(max_length=180, unique=True, verbose_name='adresse courte')),
                ('kind', models.CharField(choices=[('tool', 'outil ou plateforme'), ('service', 'service'), ('event', 'événement'), ('infrastructure', 'infrastructure'), ('local_action', 'action locale existante')], default='tool', max_length=14, verbose_name='type')),
                ('summary', models.CharField(blank=True, help_text='Ce que le projet change, et pour qui.', max_length=250, verbose_name='en une phrase')),
                ('story', models.TextField(blank=True, help_text='Une ligne vide sépare deux paragraphes. Public, sauf à l’annonce.', verbose_name='récit')),
                ('state', models.CharField(choices=[('announced', 'annoncé'), ('design', 'en conception'), ('approved', 'approuvé'), ('running', 'en cours'), ('completed', 'terminé'), ('evaluated', 'évalué'), ('paused', 'en pause'), ('abandoned', 'abandonné')], default='announced', editable=False, max_length=9, verbose_name='état')),
                ('state_since', models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name='dans cet état depuis le')),
                ('reason', models.TextField(blank=True, help_text='Pour mettre en pause ou abandonner\xa0: le motif est dit sur la page du projet.', verbose_name='motif')),
                ('published', models.BooleanField(default=False, editable=False, verbose_name='publié')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publié le')),
                ('horizon', models.CharField(choices=[('short', 'dans l’année'), ('medium', 'd’ici trois ans'), ('long', 'plus tard')], default='medium', max_length=6, verbose_name='horizon')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='début prévu le')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin prévue le')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('action_sheet', models.ForeignKey(blank=True, help_text='La fiche de la stratégie du GAL sous laquelle le projet se compte.', limit_choices_to={'level': 'action_sheet'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='territory.objective', verbose_name='fiche-projet')),
                ('dimensions', models.ManyToManyField(blank=True, related_name='projects', to='territory.dimension', verbose_name='dimensions')),
                ('lag_contact', models.ForeignKey(blank=True, limit_choices_to={'role__in': ('administrator', 'team')}, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='contact au GAL')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects_led', to='actors.actor', verbose_name='porteur')),
                ('municipalities', models.ManyToManyField(blank=True, related_name='projects', to='territory.municipality', verbose_name='communes concernées')),
                ('objectives', models.ManyToManyField(blank=True, help_text='Objectifs de PST, de PCDR ou de développement durable.', related_name='projects_serving', to='territory.objective', verbose_name='objectifs servis')),
                ('pillars', models.ManyToManyField(blank=True, related_name='projects', to='territory.pillar', verbose_name='piliers')),
                ('shared_needs', models.ManyToManyField(blank=True, related_name='projects', to='needs.sharedneed', verbose_name='besoins auxquels il répond')),
                ('themes', models.ManyToManyField(blank=True, related_name='projects', to='territory.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'projet',
                'verbose_name_plural': 'projets',
                'ordering': ['title', 'pk'],
                'indexes': [models.Index(fields=['published', 'state'], name='project_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('slug', ''), _negated=True)), name='project_has_a_title'), models.CheckConstraint(condition=models.Q(('kind__in', ['tool', 'service', 'event', 'infrastructure', 'local_action'])), name='project_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['announced', 'design', 'approved', 'running', 'completed', 'evaluated', 'paused', 'abandoned'])), name='project_state_is_known'), models.CheckConstraint(condition=models.Q(('horizon__in', ['short', 'medium', 'long'])), name='project_horizon_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('paused', 'abandoned')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='project_stopped_says_why', violation_error_message='Un projet en pause ou abandonné garde son motif.'), models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='project_begins_before_it_ends', violation_error_message='La fin prévue ne peut pas précéder le début.'), models.CheckConstraint(condition=models.Q(('published', False), ('published_at__isnull', False), _connector='OR'), name='project_published_says_since_when')],
            },
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('partner', 'partenaire'), ('funder', 'financeur'), ('supplier', 'fournisseur'), ('user', 'utilisateur')], default='partner', max_length=8, verbose_name='rôle')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='actors.actor', verbose_name='acteur')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partnerships', to='projects.project', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'partenaire',
                'verbose_name_plural': 'partenaires',
                'ordering': ['project', 'actor__sort_name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('project', 'actor', 'role'), name='one_partnership_a_role', violation_error_message='Cet acteur a déjà ce rôle dans le projet.'), models.CheckConstraint(condition=models.Q(('role__in', ['partner', 'funder', 'supplier', 'user'])), name='partnership_role_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('title', models.CharField(max_length=160, verbose_name='étape')),
                ('due_on', models.DateField(verbose_name='prévue le')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='franchie le')),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Départage deux étapes du même jour.', verbose_name='ordre')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='actors.actor', verbose_name='responsable')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='projects.project', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'étape',
                'verbose_name_plural': 'étapes',
                'ordering': ['due_on', 'order', 'pk'],
                'indexes': [models.Index(condition=models.Q(('done_on', None)), fields=['due_on'], name='milestone_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='milestone_has_a_title'), models.UniqueConstraint(fields=('project', 'title'), name='one_milestone_a_title', violation_error_message='Ce projet a déjà une étape de ce nom.')],
            },
        ),
        migrations.CreateModel(
            name='ProjectSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=180, unique=True, verbose_name='ancienne adresse courte')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='projects.project', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'ancienne adresse',
                'verbose_name_plural': 'anciennes adresses',
                'ordering': ['slug'],
            },
        ),
    ]
