import django.db.models.deletion
import django.utils.timezone
import invitations.models
import invitations.placeholders
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('actors', '0001_initial'),
        ('outbox', '0001_initial'),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('title', models.CharField(help_text='À quoi vous invitez\xa0; la personne le lit en ouvrant son lien.', max_length=150, verbose_name='titre')),
                ('kind', models.CharField(blank=True, help_text='Enquête, séance, atelier… ; pour vos listes.', max_length=40, verbose_name='type')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('scheduled', 'programmée'), ('launching', 'en cours de lancement'), ('running', 'lancée'), ('closed', 'clôturée'), ('cancelled', 'annulée')], default='draft', editable=False, max_length=12, verbose_name='état')),
                ('family', models.CharField(blank=True, choices=[('municipalities', 'communes'), ('associations', 'associations et initiatives citoyennes'), ('enterprises', 'entreprises'), ('partners', 'partenaires')], help_text='La famille pour laquelle les personnes répondent\xa0; vide\xa0: n’importe laquelle.', max_length=16, verbose_name='au nom de')),
                ('subject', models.CharField(max_length=150, validators=[invitations.placeholders.validate_subject], verbose_name='objet')),
                ('body', models.TextField(help_text='Une ligne vide sépare deux paragraphes. Vous pouvez écrire {prenom}, {nom}, {organisation}, {lien} et {date_limite}. {lien} seul sur sa ligne devient un bouton\xa0; sans {lien}, le bouton vient à la fin.', max_length=10000, validators=[invitations.placeholders.validate], verbose_name='texte')),
                ('reply_to', models.EmailField(help_text='Une boîte que quelqu’un lit.', max_length=254, verbose_name='adresse de réponse')),
                ('landing_path', models.CharField(help_text='La page du portail où mène le lien, par exemple /enquetes/besoins-2027/.', max_length=500, validators=[invitations.models.validate_local_path], verbose_name='page d’arrivée')),
                ('deadline', models.DateTimeField(verbose_name='date limite')),
                ('reminders_allowed', models.PositiveSmallIntegerField(default=2, verbose_name='relances, au plus')),
                ('days_between', models.PositiveSmallIntegerField(default=7, verbose_name='jours entre deux lettres, au moins')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('scheduled_at', models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='programmée pour le')),
                ('launched_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lancée le')),
                ('action_sheet', models.ForeignKey(blank=True, limit_choices_to={'level': 'action_sheet'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='territory.objective', verbose_name='fiche-projet')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par')),
            ],
            options={
                'verbose_name': 'campagne',
                'verbose_name_plural': 'campagnes',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'scheduled', 'launching', 'running', 'closed', 'cancelled'])), name='campaign_state_is_known'), models.CheckConstraint(condition=models.Q(('family__in', ['', 'municipalities', 'associations', 'enterprises', 'partners'])), name='campaign_family_is_known'), models.CheckConstraint(condition=models.Q(('landing_path__startswith', '/'), models.Q(('landing_path__startswith', '//'), _negated=True), models.Q(('landing_path__startswith', '/\\'), _negated=True)), name='campaign_lands_on_this_portal'), models.CheckConstraint(condition=models.Q(('days_between__gte', 1)), name='campaign_reminds_a_day_apart'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('launching', 'running')), _negated=True), ('launched_at__isnull', False), _connector='OR'), name='campaign_open_was_launched'), models.CheckConstraint(condition=models.Q(models.Q(('scheduled_at__isnull', False), ('state', 'scheduled')), models.Q(models.Q(('state', 'scheduled'), _negated=True), ('scheduled_at', None)), _connector='OR'), name='campaign_scheduled_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('link_version', models.PositiveSmallIntegerField(default=1, verbose_name='version du lien')),
                ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='adresse refusée le')),
                ('reached_at', models.DateTimeField(blank=True, help_text='Par téléphone ou par la poste, quand aucune lettre ne peut lui parvenir.', null=True, verbose_name='jointe autrement le')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='actors.actor', verbose_name='acteur')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='invitations.campaign', verbose_name='campagne')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='actors.contact', verbose_name='contact')),
                ('reached_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='jointe par')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['contact__name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'contact'), name='one_invitation_a_contact'), models.CheckConstraint(condition=models.Q(('answered_at', None), models.Q(('answered_at__gte', models.F('begun_at')), ('begun_at__isnull', False)), _connector='OR'), name='invitation_is_begun_before_it_is_answered'), models.CheckConstraint(condition=models.Q(('reached_by', None), ('reached_at__isnull', False), _connector='OR'), name='invitation_reached_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('planned_at', models.DateTimeField(verbose_name='prévue le')),
                ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='écrite le')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='invitations.campaign', verbose_name='campagne')),
            ],
            options={
                'verbose_name': 'relance',
                'verbose_name_plural': 'relances',
                'ordering': ['campaign', 'number'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='one_reminder_a_number'), models.UniqueConstraint(condition=models.Q(('begun_at__isnull', False), ('sent_at', None)), fields=('campaign',), name='one_reminder_at_a_time'), models.CheckConstraint(condition=models.Q(('sent_at', None), ('begun_at__isnull', False), _connector='OR'), name='reminder_is_begun_before_it_is_sent')],
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrite le')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='invitations.invitation', verbose_name='invitation')),
                ('letter', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitation_sending', to='outbox.letter', verbose_name='lettre')),
                ('reminder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='invitations.reminder', verbose_name='relance')),
            ],
            options={
                'verbose_name': 'envoi',
                'verbose_name_plural': 'envois',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reminder', None)), fields=('invitation',), name='one_first_letter_an_invitation'), models.UniqueConstraint(fields=('invitation', 'reminder'), name='one_letter_a_reminder')],
            },
        ),
    ]
