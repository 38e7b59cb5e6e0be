"""Answers that go a month after the session: new questions from now on, those already asked as they were promised.

And who wrote a colleague's name into their own form, so that the colleague is told.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trainings", "0005_opinions_shown_together")]

    operations = [
        migrations.AddField(
            model_name="registrationquestion",
            name="erase_answers",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="registrationquestion",
            name="erase_answers",
            field=models.BooleanField(
                default=True,
                help_text="30 jours après la séance, et le formulaire le dit\u00a0: santé, repas, garde… Décochez si la réponse sert encore après.",  # noqa: E501
                verbose_name="effacer les réponses",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="brought_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="brought",
                to="trainings.registration",
                verbose_name="inscrite par",
            ),
        ),
    ]
