"""The proof file of a session: what exists, what is missing, and all of it in one ZIP."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.choices import Family
from documents.models import Document
from invitations import figures as invitations
from invitations.models import Campaign
from tabular import writing
from trainings import figures
from trainings.models import Certificate, Registration, Training, TrainingDocument, TrainingSession
from typography import dates, numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the file: whether it is there, and what there is to say of it."""

    name: str
    there: bool
    says: str


def pieces(session: TrainingSession) -> list[Piece]:
    """Return what a controller would ask for, in order, of a session read `with_proof`; no query."""
    sheet = session.signed_sheet
    few = session.opinions < figures.FEWEST
    return [
        Piece(
            _("Programme"),
            bool(session.training.programme or session.papers),
            _("Il vient de la formation.")
            if session.training.programme or session.papers
            else _("La formation n’en a pas."),
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
            session.people > 0 and session.told == session.people,
            ngettext("{told} personne sur {all}.", "{told} personnes sur {all}.", session.told).format(
                told=session.told, all=session.people
            ),
        ),
        Piece(
            _("Attestations"),
            session.certified > 0,
            ngettext("{n} valable.", "{n} valables.", session.certified).format(n=session.certified),
        ),
        Piece(
            _("Évaluation"),
            not few,
            _("Moins de {fewest} avis\u00a0: ils ne se montrent pas.").format(fewest=figures.FEWEST)
            if few
            else _("{n} avis.").format(n=session.opinions),
        ),
    ]


def archive(session: TrainingSession, *, made: datetime) -> bytes:
    """Return the ZIP of one session, read `with_proof`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        pack(packed, session, made=made)
    return out.getvalue()


def pack(
    packed: zipfile.ZipFile,
    session: TrainingSession,
    *,
    made: datetime,
    folder: str = "",
    papers: bool = True,
) -> None:
    """Put into an archive what a controller asks for.

    Contents and programme, who came on which day, counts, opinions, the signed sheet, certificates, invitations,
    and, with `papers`, what the training hands out to everybody (its programme).
    """

    def put(name: str, content: Iterable[bytes]) -> None:
        with packed.open(entry(f"{folder}{name}", made), "w") as written:
            for part in content:
                written.write(part)

    opinion = figures.opinion(session)
    put("1-sommaire.txt", [_contents(session, made).encode()])
    put("2-presences.csv", table_csv(_attendance(session)))
    put("3-participation.csv", table_csv(_participation(session)))
    put("4-evaluation.csv", table_csv(_opinion(opinion)))
    if session.signed_sheet:
        suffix = session.signed_sheet.name.rpartition(".")[2]
        _put_kept(packed, f"{folder}5-feuille-signee.{suffix}", session.signed_sheet, made)
    put("6-attestations.csv", table_csv(_certificates(session)))
    put("7-invitations.csv", table_csv(_invitations(session)))
    if papers:
        pack_papers(packed, session.training, made=made, folder=f"{folder}8-documents/")


def pack_papers(packed: zipfile.ZipFile, training: Training, *, made: datetime, folder: str) -> None:
    """Put into an archive what a training hands out to everybody."""
    for number, paper in enumerate(training.documents.public().select_related("document"), start=1):
        _put_kept(packed, f"{folder}{number:02}-{paper.document.name}", paper.document, made)


def weigh(sessions: Iterable[TrainingSession]) -> int:
    """Return the octets of the files kept with these sessions and, once each, with their trainings."""
    sessions = list(sessions)
    papers = TrainingDocument.objects.public().filter(training__in={one.training_id for one in sessions})
    handed_out = papers.aggregate(all=Sum("document__size"))["all"] or 0
    return handed_out + sum(one.signed_sheet.size for one in sessions if one.signed_sheet)


def _put_kept(packed: zipfile.ZipFile, name: str, kept: Document, made: datetime) -> None:
    """Put a kept file into an archive; one that the disk has lost is said to be, and all the rest is there."""
    try:
        content = kept.file.open("rb")
    except FileNotFoundError:
        said = _("Ce fichier n’est plus sur le disque : reprenez-le d’une sauvegarde.")
        packed.writestr(entry(f"{name}-absent.txt", made), f"{said}\r\n")
        return
    with content, packed.open(entry(name, made), "w") as written:
        for part in content.chunks():
            written.write(part)


def entry(name: str, made: datetime) -> zipfile.ZipInfo:
    """Return the head of a compressed file in an archive, dated when it was made."""
    info = zipfile.ZipInfo(name, made.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def file_name(session: TrainingSession, what: str, extension: str) -> str:
    """Return "preuves-2027-01-12-cartographier-les-haies.zip"."""
    day = f"{session.announced_days[0].date.isoformat()}-" if session.announced_days else ""
    return f"{what}-{day}{session.training.slug[:60]}.{extension}"


def table_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Return rows, of which the first is the header, as a spreadsheet of here opens them."""
    header, *body = rows
    return writing.text([str(cell) for cell in header], body)


def _contents(session: TrainingSession, made: datetime) -> str:
    found = pieces(session)
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


def _attendance(session: TrainingSession) -> Iterator[Sequence[object]]:
    days = session.announced_days
    yield [_("Nom"), _("Organisation"), _("Commune"), *(name for _day, name in session.named_days)]
    people = session.registrations.confirmed().select_related("actor", "municipality")
    words = {True: _("présent"), False: _("absent"), None: ""}
    for one in people.prefetch_related("marks").order_by("folded_name", "position"):
        marks = {mark.day_id: mark.attended for mark in one.marks.all()}
        place = one.municipality.name if one.municipality else ""
        yield [one.name, one.organisation, place, *(words[marks.get(day.pk)] for day in days)]


def _participation(session: TrainingSession) -> Iterator[Sequence[object]]:
    """Count who came: this file goes with the names, nothing in it is withheld."""
    came = Registration.objects.filter(session=session).confirmed().attended()
    labels = {**dict(Family.choices), "": _("sans organisation")}
    yield [_("Par"), _("Qui"), _("Personnes présentes")]
    yield from ([_("famille"), labels[family], n] for family, n in came.count_by_family() if n)
    places = list(came.order_by().values_list("municipality__name", flat=True))
    names = sorted({name for name in places if name})
    yield from ([_("commune"), name, places.count(name)] for name in names)
    yield [_("commune"), _("hors du territoire, ou inconnue"), places.count(None)]


def _opinion(opinion: figures.Opinion) -> Iterator[Sequence[object]]:
    yield [_("Critère"), _("Moyenne sur 5")]
    if opinion.answered is None:
        yield [_("Moins de {fewest} avis : ils ne se montrent pas.").format(fewest=figures.FEWEST), ""]
        return
    yield from ([label, numbers.number(mean, 1)] for label, mean in opinion.means)
    yield [_("Nombre d’avis"), opinion.answered]
    yield from ([_("Remarque"), text] for text in opinion.remarks)
    yield from ([_("Ce qui manque"), text] for text in opinion.missing)


def _certificates(session: TrainingSession) -> Iterator[Sequence[object]]:
    yield [_("Numéro"), _("Nom"), _("Durée"), _("Délivrée le"), _("Retirée le")]
    for one in Certificate.objects.of_session(session).order_by("name", "pk"):
        withdrawn = dates.day(one.withdrawn_at, weekday=False) if one.withdrawn_at else ""
        yield [one.number, one.name, one.duration, dates.day(one.issued_at, weekday=False), withdrawn]


def _invitations(session: TrainingSession) -> Iterator[Sequence[object]]:
    """Count the campaigns that led to this session or to its training, of those that were launched."""
    yield [_("Campagne"), _("Lancée le"), _("Invités"), _("Ont répondu")]
    landing = [session.get_absolute_url(), session.training.get_absolute_url()]
    campaigns = Campaign.objects.filter(landing_path__in=landing, launched_at__isnull=False)
    counted = invitations.totals(campaigns)
    nobody = invitations.Participation("", {})
    if not campaigns:
        yield [_("Aucune campagne n’a mené à cette séance."), "", "", ""]
    for one in campaigns.order_by("launched_at", "pk"):
        part, day = counted.get(one.pk, nobody), one.launched_at and dates.day(one.launched_at, weekday=False)
        yield [one.title, day or "", part.invited, part.answered]
