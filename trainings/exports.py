"""The people of a session as a table that staff take away; no cell of it is a formula."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from tabular import writing
from trainings import questioning
from trainings.models import Registration, TrainingSession


def people_csv(session: TrainingSession) -> tuple[bytes, int]:
    """Return everybody of a session, in their order of arrival, as people here open it, and how many they are."""
    people = session.registrations.select_related("actor", "municipality").order_by("position")
    rows = list(people.prefetch_related("marks", "answers"))
    days = session.named_days
    answers = questioning.table(session, rows)
    header = [
        *(_("Nom"), _("État"), _("Organisation"), _("Commune"), _("Adresse e-mail"), _("Téléphone")),
        *(_("Besoins"), _("Inscrite le"), _("Saisie par")),
        *(name for _day, name in days),
        *(question.label for question in answers.questions),
    ]
    said = {one.pk: texts for one, texts in answers.rows}
    return b"".join(writing.text(header, _rows(rows, [day.pk for day, _name in days], said))), len(rows)


def _rows(people: list[Registration], days: list[int], said: dict[int, list[str]]) -> Iterator[list[str]]:
    words = {True: _("présent"), False: _("absent"), None: ""}
    for one in people:
        marks = {mark.day_id: mark.attended for mark in one.marks.all()}
        registered = timezone.localtime(one.registered_at)
        yield [
            one.name,
            one.get_state_display() if not one.walk_in else _("sur place"),
            one.organisation,
            one.municipality.name if one.municipality else "",
            one.email,
            one.phone,
            one.access_needs,
            registered.strftime("%d/%m/%Y %H:%M"),
            one.entered_by,
            *(words[marks.get(day)] for day in days),
            *said[one.pk],
        ]
