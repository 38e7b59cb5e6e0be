"""The proof file of a session: what exists, what is missing, and all of it in one ZIP."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from actors.choices import Family
from trainings import figures
from trainings.models import Certificate, Registration, TrainingSession
from typography import dates, numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the file: whether it is there, and what there is to say of it."""

    name: str
    there: bool
    says: str


def pieces(
    session: TrainingSession, *, opinion: figures.Opinion, certificates: Sequence[Certificate]
) -> list[Piece]:
    """Return what a controller would ask for, in order; one query besides what is given."""
    people = session.registrations.confirmed().aggregate(
        all=Count("pk"), told=Count("pk", filter=Q(attended__isnull=False))
    )
    valid = sum(1 for certificate in certificates if certificate.withdrawn_at is None)
    sheet = session.signed_sheet
    return [
        Piece(
            _("Programme"),
            bool(session.training.programme),
            _("Il vient de la formation.") if session.training.programme else _("La formation n’en a pas."),
        ),
        Piece(
            _("Fiche-projet"),
            session.training.action_sheet is not None,
            str(session.training.action_sheet or _("La formation n’est rattachée à aucune fiche.")),
        ),
        Piece(
            _("Feuille signée"),
            sheet is not None,
            _("Reçue le {when}.").format(when=dates.moment(sheet.uploaded_at))
            if sheet
            else _("Numérisez la feuille signée et envoyez-la ici."),
        ),
        Piece(
            _("Appel"),
            people["all"] > 0 and people["told"] == people["all"],
            _("{told} personnes sur {all}.").format(**people),
        ),
        Piece(_("Attestations"), valid > 0, _("{n} valables.").format(n=valid)),
        Piece(
            _("Évaluation"),
            opinion.answered is not None,
            _("{n} avis.").format(n=opinion.answered)
            if opinion.answered
            else _("Moins de {fewest} avis : ils ne se montrent pas.").format(fewest=figures.FEWEST),
        ),
    ]


def archive(session: TrainingSession, *, made: datetime) -> bytes:
    """Return the ZIP: its contents, the programme, who came on which day, counts, opinions, the signed sheet."""
    out, opinion = io.BytesIO(), figures.opinion(session)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:

        def put(name: str, content: bytes) -> None:
            packed.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)

        put("1-sommaire.txt", _contents(session, opinion, made).encode())
        put("2-presences.csv", table_csv(_attendance(session)))
        put("3-participation.csv", table_csv(_participation(session)))
        put("4-evaluation.csv", table_csv(_opinion(opinion)))
        if session.signed_sheet:
            with session.signed_sheet.file.open("rb") as scan:
                suffix = session.signed_sheet.name.rpartition(".")[2]
                put(f"5-feuille-signee.{suffix}", scan.read())
    return out.getvalue()


def file_name(session: TrainingSession, what: str, extension: str) -> str:
    """Return "preuves-2027-01-12-cartographier-les-haies.zip"."""
    day = f"{session.announced_days[0].date.isoformat()}-" if session.announced_days else ""
    return f"{what}-{day}{session.training.slug[:60]}.{extension}"


def table_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as a spreadsheet of here opens them: semicolons, byte order mark, no text taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_harmless(str(cell)) for cell in row])
    return "\ufeff".encode() + out.getvalue().encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _contents(session: TrainingSession, opinion: figures.Opinion, made: datetime) -> str:
    certificates = list(Certificate.objects.of_session(session))
    found = pieces(session, opinion=opinion, certificates=certificates)
    lines = [
        str(session.training),
        *session.when,
        session.place,
        _("Dossier composé le {when}").format(when=dates.moment(made)),
        "",
        *(f"[{'x' if piece.there else ' '}] {piece.name}, {piece.says}" for piece in found),
    ]
    if session.training.programme:
        lines += ["", _("Programme"), session.training.programme]
    return "\r\n".join(lines) + "\r\n"


def _attendance(session: TrainingSession) -> Iterable[Iterable[object]]:
    days = session.announced_days
    yield [_("Nom"), _("Organisation"), _("Commune"), *(name for _day, name in session.named_days)]
    people = session.registrations.confirmed().select_related("actor", "municipality")
    words = {True: _("présent"), False: _("absent"), None: ""}
    for one in people.prefetch_related("marks").order_by("folded_name", "position"):
        marks = {mark.day_id: mark.attended for mark in one.marks.all()}
        place = one.municipality.name if one.municipality else ""
        yield [one.name, one.organisation, place, *(words[marks.get(day.pk)] for day in days)]


def _participation(session: TrainingSession) -> Iterable[Iterable[object]]:
    """Count who came: this file goes with the names, nothing in it is withheld."""
    came = Registration.objects.filter(session=session).confirmed().attended()
    labels = {**dict(Family.choices), "": _("sans organisation")}
    yield [_("Famille"), _("Personnes présentes")]
    yield from ([labels[family], n] for family, n in came.count_by_family() if n)
    yield []
    yield [_("Commune"), _("Personnes présentes")]
    places = came.order_by().values_list("municipality__name", flat=True)
    names = sorted({name for name in places if name})
    yield from ([name, list(places).count(name)] for name in names)
    yield [_("hors du territoire, ou inconnue"), list(places).count(None)]


def _opinion(opinion: figures.Opinion) -> Iterable[Iterable[object]]:
    yield [_("Critère"), _("Moyenne sur 5")]
    if opinion.answered is None:
        yield [_("Moins de {fewest} avis : ils ne se montrent pas.").format(fewest=figures.FEWEST), ""]
        return
    yield from ([label, numbers.number(mean, 1)] for label, mean in opinion.means)
    yield [_("Nombre d’avis"), opinion.answered]
    yield from ([_("Remarque"), text] for text in opinion.remarks)
    yield from ([_("Ce qui manque"), text] for text in opinion.missing)
