# The room as it opens.

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import territory.enterprise_numbers
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('territory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Actor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('kind', models.CharField(choices=[('municipality', 'commune'), ('association', 'association'), ('citizen_initiative', 'initiative citoyenne'), ('enterprise', 'entreprise'), ('public_body', 'organisme public'), ('education', 'enseignement et recherche'), ('other', 'autre')], help_text='Décide de la famille sous laquelle on le trouve.', max_length=20, verbose_name='type')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('pending', 'à relire'), ('published', 'publiée'), ('refused', 'refusée'), ('archived', 'archivée'), ('merged', 'fusionnée')], default='draft', max_length=12, verbose_name='état')),
                ('name', models.CharField(help_text='Tel que les gens le connaissent.', max_length=200, verbose_name='nom')),
                ('slug', models.SlugField(help_text='La fin de l’adresse de la fiche ; l’ancienne continue d’y mener.', max_length=220, unique=True, verbose_name='adresse courte')),
                ('legal_form', models.CharField(blank=True, help_text='Par exemple : ASBL, SRL, coopérative.', max_length=60, verbose_name='forme juridique')),
                ('enterprise_number', models.CharField(blank=True, max_length=10, validators=[territory.enterprise_numbers.validate], verbose_name='numéro d’entreprise')),
                ('street', models.CharField(blank=True, max_length=150, verbose_name='rue et numéro')),
                ('lon', models.FloatField(blank=True, help_text='Degrés, par exemple 4,87.', null=True, verbose_name='longitude')),
                ('lat', models.FloatField(blank=True, help_text='Degrés, par exemple 50,72.', null=True, verbose_name='latitude')),
                ('summary', models.CharField(blank=True, help_text='Montrée dans l’annuaire, sous le nom.', max_length=250, verbose_name='en une phrase')),
                ('description', models.TextField(blank=True, help_text='Texte simple ; une ligne vide sépare les paragraphes.', verbose_name='description')),
                ('email', models.EmailField(blank=True, help_text='Montrée à tous : de préférence celle d’un service, pas d’une personne.', max_length=254, verbose_name='adresse e-mail publique')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone public')),
                ('website', models.URLField(blank=True, verbose_name='site web')),
                ('reason', models.TextField(blank=True, help_text='Pourquoi la fiche est refusée ou archivée ; dit à la personne.', verbose_name='motif')),
                ('search_text', models.TextField(blank=True, editable=False, help_text='Nom, phrase, commune et village, sans accents : écrit à chaque enregistrement.', verbose_name='texte cherché')),
                ('sort_name', models.CharField(blank=True, editable=False, max_length=200, verbose_name='nom de tri')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('dimensions', models.ManyToManyField(blank=True, related_name='actors', to='territory.dimension', verbose_name='dimensions')),
                ('lag_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne de contact au GAL')),
                ('locality', models.ForeignKey(blank=True, help_text='Un village de la commune du siège.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actors', to='territory.locality', verbose_name='village')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='actors.actor', verbose_name='fusionnée dans')),
                ('municipalities_served', models.ManyToManyField(blank=True, help_text='Là où il agit, siège compris.', related_name='served_by', to='territory.municipality', verbose_name='communes desservies')),
                ('municipality', models.ForeignKey(blank=True, help_text='Laissez vide pour un partenaire établi hors du territoire.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actors', to='territory.municipality', verbose_name='commune du siège')),
                ('themes', models.ManyToManyField(blank=True, related_name='actors', to='territory.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'acteur',
                'verbose_name_plural': 'acteurs',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ActorSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=220, unique=True, verbose_name='ancienne adresse courte')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='actors.actor', verbose_name='acteur')),
            ],
            options={
                'verbose_name': 'ancienne adresse',
                'verbose_name_plural': 'anciennes adresses',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('name', models.CharField(max_length=150, verbose_name='nom')),
                ('function', models.CharField(blank=True, help_text='Par exemple : directrice générale, échevin.', max_length=150, verbose_name='fonction')),
                ('email', models.EmailField(blank=True, help_text='Vide pour une personne sans e-mail : elle reste joignable.', max_length=254, verbose_name='adresse e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='langue')),
                ('opted_out_at', models.DateTimeField(blank=True, null=True, verbose_name='désinscrit le')),
                ('bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='adresse refusée le')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('actors', models.ManyToManyField(blank=True, related_name='contacts', to='actors.actor', verbose_name='acteurs')),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='territory.municipality', verbose_name='commune')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contact', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='donné le')),
                ('text_version', models.CharField(help_text='Le texte que la personne a lu, par exemple « 2027-01 ».', max_length=60, verbose_name='version du texte')),
                ('source', models.CharField(help_text='Par exemple : fiche papier du 12/01/2027.', max_length=200, verbose_name='origine')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='actors.contact', verbose_name='contact')),
            ],
            options={
                'verbose_name': 'consentement',
                'verbose_name_plural': 'consentements',
                'ordering': ['-given_at'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant public')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse invitée')),
                ('role', models.CharField(choices=[('referent', 'référent'), ('editor', 'éditeur'), ('member', 'membre')], default='member', max_length=10, verbose_name='rôle')),
                ('state', models.CharField(choices=[('invited', 'invité'), ('requested', 'demandé'), ('active', 'actif'), ('revoked', 'retiré')], default='requested', max_length=10, verbose_name='état')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version du lien')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='depuis')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='actors.actor', verbose_name='acteur')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='utilisateur')),
            ],
            options={
                'verbose_name': 'membre',
                'verbose_name_plural': 'membres',
                'ordering': ['actor__sort_name', 'role', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='actor',
            index=models.Index(fields=['state', 'kind', 'municipality'], name='actor_directory'),
        ),
        migrations.AddIndex(
            model_name='actor',
            index=models.Index(fields=['state', 'sort_name', 'id'], name='actor_by_name'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['municipality', 'association', 'citizen_initiative', 'enterprise', 'public_body', 'education', 'other'])), name='actor_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'pending', 'published', 'refused', 'archived', 'merged'])), name='actor_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('slug', ''), _negated=True)), name='actor_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('enterprise_number', ''), ('enterprise_number__regex', '^[01][0-9]{9}$'), _connector='OR'), name='actor_enterprise_number_is_ten_digits'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('website', ''), ('website__regex', '^https?://'), _connector='OR'), name='actor_website_is_a_page'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__isnull', False), ('lat__range', (-90, 90)), ('lon__isnull', False), ('lon__range', (-180, 180))), _connector='OR'), name='actor_point_is_on_earth', violation_error_message='Donnez la longitude et la latitude, ou aucune des deux.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'municipality'), _negated=True), ('municipality__isnull', False), _connector='OR'), name='actor_commune_names_its_municipality', violation_error_message='Une commune indique de quelle commune il s’agit.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='actor_merged_names_into_what'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='actor_is_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'municipality'), models.Q(('state', 'merged'), _negated=True)), fields=('municipality',), name='one_actor_a_commune', violation_error_message='Cette commune a déjà sa fiche.'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('enterprise_number', ''), _negated=True), models.Q(('state', 'merged'), _negated=True)), fields=('enterprise_number',), name='one_actor_an_enterprise_number', violation_error_message='Un autre acteur porte déjà ce numéro d’entreprise.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='contact_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='contact_email_is_normalised'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('email',), name='one_contact_an_email', violation_error_message='Un autre contact a déjà cette adresse.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('text_version', ''), _negated=True)), name='consent_has_its_origin'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_is_withdrawn_after_it_is_given'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'actor'), name='one_membership_a_user_and_actor', violation_error_message='Cette personne est déjà dans la liste des membres.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('user', None)), fields=('actor', 'email'), name='one_invitation_an_email_and_actor'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('state__in', ['invited', 'revoked']), models.Q(('email', ''), _negated=True)), _connector='OR'), name='membership_has_a_user_unless_invited'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='membership_email_is_normalised'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['referent', 'editor', 'member'])), name='membership_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['invited', 'requested', 'active', 'revoked'])), name='membership_state_is_known'),
        ),
    ]
