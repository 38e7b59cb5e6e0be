import django.core.validators
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
        ('invitations', '0001_initial'),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.JSONField(blank=True, null=True, verbose_name='valeur')),
                ('not_concerned', models.BooleanField(default=False, verbose_name='non concerné')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='modifiée le')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actors.contact', verbose_name='auteur (lien personnel)')),
            ],
            options={
                'verbose_name': 'réponse à une question',
                'verbose_name_plural': 'réponses aux questions',
                'ordering': ['question__section__order', 'question__order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('not_concerned', False), ('value', None), _connector='OR'), name='not_concerned_has_no_value'), models.CheckConstraint(condition=models.Q(('author', None), ('contact', None), _connector='OR'), name='answer_has_one_writer_at_most')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('origin', models.CharField(choices=[('answer', 'réponse à une enquête'), ('evaluation', 'évaluation d’une formation'), ('form', 'formulaire public'), ('interview', 'entretien'), ('workshop', 'atelier')], max_length=12, verbose_name='origine')),
                ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'peut attendre'), (2, 'souhaité'), (3, 'pressant')], default=2, verbose_name='urgence')),
                ('horizon', models.CharField(choices=[('short', 'dans l’année'), ('medium', 'd’ici trois ans'), ('long', 'plus tard')], default='medium', max_length=6, verbose_name='horizon')),
                ('focus', models.CharField(blank=True, choices=[('collaboration', 'collaboration'), ('digital', 'numérique')], max_length=13, verbose_name='accent')),
                ('poolable', models.BooleanField(default=False, help_text='La personne le souhaite avec d’autres communes.', verbose_name='à mutualiser')),
                ('publishable', models.BooleanField(default=False, help_text='Sa commune accepte d’être nommée quand le besoin est montré à tous.', verbose_name='commune nommée')),
                ('state', models.CharField(choices=[('submitted', 'reçu'), ('qualified', 'qualifié'), ('pooled', 'mutualisé'), ('planned', 'planifié'), ('answered', 'une réponse existe'), ('declined', 'non retenu')], default='submitted', editable=False, max_length=9, verbose_name='état')),
                ('reason', models.TextField(blank=True, help_text='Pourquoi le besoin n’est pas retenu\xa0; dit à la personne.', verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='reçu le')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='actors.actor', verbose_name='acteur')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='needs', to='actors.contact', verbose_name='auteur sans compte')),
                ('dimension', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='territory.dimension', verbose_name='dimension')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='territory.municipality', verbose_name='commune')),
                ('objectives', models.ManyToManyField(blank=True, related_name='needs', to='territory.objective', verbose_name='objectifs liés (PST, ODD)')),
                ('pillars', models.ManyToManyField(blank=True, related_name='needs', to='territory.pillar', verbose_name='piliers')),
                ('source', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='need', to='needs.answer', verbose_name='réponse d’origine')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='territory.theme', verbose_name='thème')),
            ],
            options={
                'verbose_name': 'besoin',
                'verbose_name_plural': 'besoins',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='need_has_a_title'), models.CheckConstraint(condition=models.Q(('origin__in', ['answer', 'evaluation', 'form', 'interview', 'workshop'])), name='need_origin_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'qualified', 'pooled', 'planned', 'answered', 'declined'])), name='need_state_is_known'), models.CheckConstraint(condition=models.Q(('urgency__in', [1, 2, 3])), name='need_urgency_is_known'), models.CheckConstraint(condition=models.Q(('horizon__in', ['short', 'medium', 'long'])), name='need_horizon_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='need_declined_says_why'), models.CheckConstraint(condition=models.Q(('source', None), ('origin', 'answer'), _connector='OR'), name='need_with_an_answer_says_so')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('\\A[a-z][a-z0-9_]*\\Z', 'Des minuscules sans accent, des chiffres et «\xa0_\xa0», une lettre d’abord.')], verbose_name='code')),
                ('kind', models.CharField(choices=[('short_text', 'texte court'), ('long_text', 'texte long'), ('integer', 'nombre entier'), ('yes_no', 'oui, non, je ne sais pas'), ('single', 'un choix'), ('multiple', 'plusieurs choix'), ('scale', 'note de 0 à 10'), ('level', 'niveau de 0 à 4'), ('need', 'besoin, en vos mots'), ('note', 'texte sans réponse')], max_length=12, verbose_name='type')),
                ('label', models.CharField(max_length=300, verbose_name='question')),
                ('help', models.TextField(blank=True, verbose_name='aide')),
                ('required', models.BooleanField(default=False, verbose_name='obligatoire')),
                ('criterion', models.BooleanField(default=False, help_text='Compte dans la maturité de sa dimension.', verbose_name='critère')),
                ('weight', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='poids')),
                ('may_be_not_concerned', models.BooleanField(default=False, verbose_name='«\xa0non concerné\xa0» possible')),
                ('most', models.PositiveSmallIntegerField(blank=True, help_text='Nombre de choix que l’on peut cocher.', null=True, verbose_name='au plus')),
                ('dimension', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='territory.dimension', verbose_name='dimension')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['short_text', 'long_text', 'integer', 'yes_no', 'single', 'multiple', 'scale', 'level', 'need', 'note'])), name='question_kind_is_known'), models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='question_weighs_something'), models.CheckConstraint(condition=models.Q(('criterion', False), models.Q(('dimension__isnull', False), ('kind', 'level')), _connector='OR'), name='criterion_is_a_level_of_a_dimension', violation_error_message='Un critère est un niveau de 0 à 4, et nomme sa dimension.'), models.CheckConstraint(condition=models.Q(('may_be_not_concerned', False), ('kind', 'level'), _connector='OR'), name='not_concerned_is_for_levels', violation_error_message='«\xa0Non concerné\xa0» vaut pour les niveaux de 0 à 4.'), models.CheckConstraint(condition=models.Q(('most', None), models.Q(('kind', 'multiple'), ('most__gte', 1)), _connector='OR'), name='most_is_for_multiple_choices', violation_error_message='«\xa0Au plus\xa0» vaut pour une question à plusieurs choix.'), models.CheckConstraint(condition=models.Q(('kind', 'note'), ('required', True), _negated=True), name='a_note_asks_nothing', violation_error_message='Un texte sans réponse ne peut pas être obligatoire.')],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('label', models.CharField(max_length=200, verbose_name='libellé')),
                ('score', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(4)], verbose_name='niveau')),
                ('exclusive', models.BooleanField(default=False, help_text='Par exemple «\xa0Rien de précis\xa0».', verbose_name='exclut les autres')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='needs.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'choix',
                'verbose_name_plural': 'choix',
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('question', 'code'), name='one_choice_a_code'), models.UniqueConstraint(condition=models.Q(('score__isnull', False)), fields=('question', 'score'), name='one_choice_a_level'), models.CheckConstraint(condition=models.Q(('score', None), ('score__lte', 4), _connector='OR'), name='choice_score_is_a_level')],
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='needs.question', verbose_name='question'),
        ),
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='Le même pour toutes les versions.', max_length=40, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='version')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
                ('minutes', models.PositiveSmallIntegerField(default=25, help_text='En minutes, mesurée avec une personne du métier.', verbose_name='durée annoncée')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('published', 'publié')], default='draft', editable=False, max_length=10, verbose_name='état')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publié le')),
            ],
            options={
                'verbose_name': 'questionnaire',
                'verbose_name_plural': 'questionnaires',
                'ordering': ['code', '-version'],
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='one_questionnaire_a_version'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published'])), name='questionnaire_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'draft')), models.Q(('published_at__isnull', False), ('state', 'published')), _connector='OR'), name='questionnaire_published_has_its_date')],
            },
        ),
        migrations.AddField(
            model_name='question',
            name='questionnaire',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='needs.questionnaire'),
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('state', models.CharField(choices=[('draft', 'en cours'), ('submitted', 'envoyée'), ('reopened', 'rouverte')], default='draft', editable=False, max_length=10, verbose_name='état')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='validée par le Collège le')),
                ('publishes', models.BooleanField(default=False, help_text='L’organisation accepte que son nom paraisse avec ses besoins.', verbose_name='nom publié')),
                ('reopening_reason', models.TextField(blank=True, verbose_name='motif de réouverture')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='commencée le')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_responses', to='actors.actor', verbose_name='acteur')),
                ('submitter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='envoyée par')),
                ('submitter_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actors.contact', verbose_name='envoyée par (lien personnel)')),
            ],
            options={
                'verbose_name': 'réponse',
                'verbose_name_plural': 'réponses',
                'ordering': ['actor__name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'reopened'])), name='response_state_is_known'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submitted_at__isnull', False), _connector='OR'), name='response_submitted_has_its_date'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'reopened'), _negated=True), models.Q(('reopening_reason', ''), _negated=True), _connector='OR'), name='response_reopened_says_why')],
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='needs.response', verbose_name='réponse'),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('\\A[a-z][a-z0-9_]*\\Z', 'Des minuscules sans accent, des chiffres et «\xa0_\xa0», une lettre d’abord.')], verbose_name='code')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='needs.questionnaire', verbose_name='questionnaire')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('questionnaire', 'code'), name='one_section_a_code'), models.CheckConstraint(condition=models.Q(('code__in', ('relire', 'commencer')), _negated=True), name='section_code_is_no_address', violation_error_message='Ce code est une adresse du portail\xa0: prenez-en un autre.')],
            },
        ),
        migrations.AddField(
            model_name='question',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='needs.section', verbose_name='section'),
        ),
        migrations.CreateModel(
            name='SharedNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('slug', models.SlugField(max_length=180, unique=True, verbose_name='adresse courte')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('horizon', models.CharField(choices=[('short', 'dans l’année'), ('medium', 'd’ici trois ans'), ('long', 'plus tard')], default='medium', max_length=6, verbose_name='horizon')),
                ('public', models.BooleanField(default=False, help_text='Visible de tous, avec les communes et sans les personnes.', verbose_name='publié')),
                ('state', models.CharField(choices=[('studied', 'à l’étude'), ('planned', 'planifié'), ('answered', 'une réponse existe'), ('closed', 'sans suite')], default='studied', editable=False, max_length=8, verbose_name='état')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='réuni le')),
                ('published_at', models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='publié le')),
                ('dimension', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_needs', to='territory.dimension', verbose_name='dimension')),
                ('needs', models.ManyToManyField(related_name='shared_needs', to='needs.need', verbose_name='besoins réunis')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_needs', to='territory.theme', verbose_name='thème')),
            ],
            options={
                'verbose_name': 'besoin mutualisé',
                'verbose_name_plural': 'besoins mutualisés',
                'ordering': ['title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('public', False), ('published_at__isnull', False), _connector='OR'), name='shared_need_published_says_since_when'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='shared_need_has_a_title'), models.CheckConstraint(condition=models.Q(('state__in', ['studied', 'planned', 'answered', 'closed'])), name='shared_need_state_is_known'), models.CheckConstraint(condition=models.Q(('horizon__in', ['short', 'medium', 'long'])), name='shared_need_horizon_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stance', models.CharField(choices=[('interested', 'est intéressée'), ('joins', 'rejoint'), ('cofunds', 'cofinance')], help_text='La commune l’a dite pour qu’elle soit connue\xa0: tous la voient une fois le besoin publié.', max_length=10, verbose_name='position')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='dite le')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='territory.municipality', verbose_name='commune')),
                ('shared_need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='needs.sharedneed', verbose_name='besoin mutualisé')),
            ],
            options={
                'verbose_name': 'position d’une commune',
                'verbose_name_plural': 'positions des communes',
                'ordering': ['municipality__slug', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('shared_need', 'municipality'), name='one_position_a_municipality'), models.CheckConstraint(condition=models.Q(('stance__in', ['interested', 'joins', 'cofunds'])), name='position_stance_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='adresse courte')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('edition', models.CharField(help_text='Par exemple «\xa02026\xa0».', max_length=40, verbose_name='édition')),
                ('audience', models.CharField(choices=[('municipalities', 'communes'), ('associations', 'associations et initiatives citoyennes'), ('enterprises', 'entreprises'), ('partners', 'partenaires')], default='municipalities', max_length=16, verbose_name='public')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
                ('opens_at', models.DateTimeField(verbose_name='s’ouvre le')),
                ('closes_at', models.DateTimeField(help_text='Le plus souvent à 23:59.', verbose_name='se ferme le')),
                ('state', models.CharField(choices=[('draft', 'en préparation'), ('open', 'ouverte'), ('closed', 'close')], default='draft', editable=False, max_length=8, verbose_name='état')),
                ('action_sheet', models.ForeignKey(blank=True, limit_choices_to={'level': 'action_sheet'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='territory.objective', verbose_name='fiche-projet')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='following', to='needs.survey', verbose_name='édition précédente')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='needs.questionnaire', verbose_name='questionnaire')),
            ],
            options={
                'verbose_name': 'enquête',
                'verbose_name_plural': 'enquêtes',
                'ordering': ['-opens_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'closed'])), name='survey_state_is_known'), models.CheckConstraint(condition=models.Q(('audience__in', ['municipalities', 'associations', 'enterprises', 'partners'])), name='survey_audience_is_known'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='survey_closes_after_it_opens', violation_error_message='L’enquête doit se fermer après son ouverture.'), models.CheckConstraint(condition=models.Q(('previous', models.F('id')), _negated=True), name='survey_is_not_its_own_past')],
            },
        ),
        migrations.AddField(
            model_name='response',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='needs.survey', verbose_name='enquête'),
        ),
        migrations.CreateModel(
            name='SurveyCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='survey_campaign', to='invitations.campaign', verbose_name='campagne')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='needs.survey', verbose_name='enquête')),
            ],
            options={
                'verbose_name': 'campagne d’une enquête',
                'verbose_name_plural': 'campagnes d’une enquête',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('response', 'question'), name='one_answer_a_question'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('questionnaire', 'code'), name='one_question_a_code'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('survey', 'actor'), name='one_response_an_actor'),
        ),
    ]
