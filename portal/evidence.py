"""The activity report on paper, and its evidence: one ZIP with the report, its tables and each session's proof file."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents import pdf
from portal import activity
from portal.activity import Activity, exchanges
from territory.models import LAG
from trainings import proof
from typography import dates, numbers

MOST_SESSIONS = 300
MOST_OCTETS = 300 * 1024 * 1024
"""What one file carries, in sessions and in octets: it is written whole before it leaves."""


class TooMuch(Exception):
    """More sessions than one file takes; its text, in French, says what to do."""


def file_name(found: Activity, what: str, extension: str) -> str:
    """Return "activite-2027-01-01-2027-12-31-mobilite.pdf"."""
    sheet = f"-{slugify(found.sheet.title)[:50]}" if found.sheet else ""
    return f"{what}-{found.period.start.isoformat()}-{found.period.end.isoformat()}{sheet}.{extension}"


def report_html(found: Activity, *, created: datetime) -> str:
    """Return the report as it is printed."""
    context = {
        "activity": found,
        "trend": activity.trend(found, paper="print"),
        "created": created,
        "lag": LAG.objects.first(),
    }
    return render_to_string("portal/print/activity.html", context)


def report(found: Activity, *, created: datetime) -> bytes:
    """Return the report as a PDF. Raises documents.pdf.NotPrinted."""
    return pdf.render_isolated(report_html(found, created=created), created=created).content


def write(out: IO[bytes], found: Activity, *, made: datetime) -> None:
    """Write the ZIP into a file opened for writing. Raises TooMuch.

    On a machine that cannot print, the ZIP says so and holds all the rest.
    """
    if len(found.sessions) > MOST_SESSIONS:
        raise TooMuch(
            _(
                "Cette période compte {n} séances, un dossier en prend {most}\u00a0: choisissez une période plus "
                "courte, ou une fiche-projet."
            ).format(n=numbers.number(len(found.sessions)), most=MOST_SESSIONS)
        )
    if (weight := proof.weigh(found.sessions)) > MOST_OCTETS:
        raise TooMuch(
            _(
                "Les feuilles et les documents de cette période pèsent {weight}, un dossier en prend {most} : "
                "choisissez une période plus courte, ou une fiche-projet."
            ).format(weight=numbers.weight(weight), most=numbers.weight(MOST_OCTETS))
        )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:

        def put(name: str, content: bytes) -> None:
            packed.writestr(proof.entry(name, made), content)

        try:
            put("0-rapport.pdf", report(found, created=made))
        except pdf.NotPrinted as error:
            put("0-rapport-absent.txt", f"{error}\r\n".encode())
        for name, rows in (
            ("1-seances.csv", _sessions(found)),
            ("2-participation.csv", _participation(found)),
            ("3-campagnes.csv", _campaigns(found)),
            ("4-echanges.csv", _exchanges(found)),
            ("5-ce-qui-manque.csv", _lacks(found)),
        ):
            put(name, b"".join(proof.table_csv(rows)))
        for number, session in enumerate(found.sessions, start=1):
            folder = f"seances/{number:03}-{proof.file_name(session, 'seance', 'x').removesuffix('.x')}/"
            proof.pack(packed, session, made=made, folder=folder, papers=False)
        # Once each, however many sessions it had.
        for training in {one.training.pk: one.training for one in found.sessions}.values():
            proof.pack_papers(
                packed, training, made=made, folder=f"documents/{training.slug[:60]}-{training.pk}/"
            )


Rows = Iterator[Sequence[object]]


def _sessions(found: Activity) -> Rows:
    yield [
        *(_("N°"), _("Formation"), _("Formule"), _("Jours"), _("Lieu"), _("Fiche-projet")),
        *(_("Heures"), _("Inscrits"), _("Présents")),
    ]
    for number, one in enumerate(found.sessions, start=1):
        hours = sum(day.minutes for day in one.announced_days) / 60
        yield [
            *(number, one.training.title, one.get_format_display(), " · ".join(one.when), one.place),
            *(one.training.action_sheet or "", numbers.number(hours, 2), one.people, one.came),
        ]


def _participation(found: Activity) -> Rows:
    figures = found.figures
    yield [_("Par"), _("Qui ou quoi"), _("Nombre")]
    together = [
        (_("Séances tenues"), figures.sessions),
        (_("Inscriptions"), figures.registered),
        (_("Présences (une personne compte une fois par séance)"), figures.attended),
        (_("Personnes différentes"), figures.people_different),
        (_("Heures de séance"), numbers.number(figures.hours, 2)),
        (_("Heures de présence, toutes personnes ensemble"), numbers.number(figures.person_hours, 2)),
    ]
    yield from ([_("ensemble"), *row] for row in together)
    yield from ([_("présences par famille"), *row] for row in found.families)
    yield from ([_("présences par commune"), *row] for row in found.municipalities)


def _campaigns(found: Activity) -> Rows:
    yield [_("Campagne"), _("Lancée le"), _("Invités"), _("Ont répondu")]
    for one, part in found.campaigns:
        day = dates.day(one.launched_at, weekday=False) if one.launched_at else ""
        yield [one.title, day, part.invited, part.answered]


def _exchanges(found: Activity) -> Rows:
    """Say when, how and with which organisations; neither the people nor what was said, which prove nothing more."""
    yield [_("Date"), _("Type"), _("Pour le GAL"), _("Organisations"), _("Personnes")]
    for one in exchanges(found.sheet, found.period).with_parties().order_by("date", "pk"):
        actors = ", ".join(sorted(actor.name for actor in one.actors.all()))
        day = dates.day(one.date, weekday=False)
        yield [day, one.get_kind_display(), str(one.staff), actors, len(one.contacts.all())]


def _lacks(found: Activity) -> Rows:
    yield [_("Séance"), _("Il manque")]
    for lack in found.lacks:
        yield [str(lack.session), ", ".join(lack.pieces)]
    for session in found.unsaid:
        yield [str(session), _("personne n’a dit qu’elle a été tenue")]
