"""Trainings of the edition's year: sessions, people, hours, families reached, municipalities never reached."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actors.choices import Family
from charts import Chart, bars
from diagnostics import suppression, words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame, plain
from trainings import figures
from trainings.models import Registration, TrainingSession
from typography import numbers

KEY, NUMBER, NAME, BASIS = "trainings", 10, gettext_lazy("Formations"), chapter.COUNTED


def collect(frame: Frame) -> dict:
    """Return what was held in the edition's year: sessions, hours, people registered and attended.

    `communes` ([code, people or "masqué"]) and `families` ([label, people or "masqué"]) hide small cells, and
    `registered` and `attended` are "masqué" when they are small: the total of small cells would give them back;
    `unreached` are codes of municipalities from where nobody came, `local` sessions held in the commune.
    People count once a session. `attended` is None as long as no presence was said.
    """
    if not frame.together:
        raise chapter.NoMatter(_("le territoire compte trop de communes pour les montrer une à une."))
    start, end = _year(frame)
    held = TrainingSession.objects.between(start, end).held()
    if not held.exists():
        raise chapter.NoMatter(_("aucune séance n’a été tenue en {year}.").format(year=start.year))
    people = Registration.objects.confirmed().filter(session__in=held.order_by().values("pk"))
    told = people.filter(attended__isnull=False).order_by().values("session").distinct().count()
    by_commune = dict(people.count_by_municipality())
    counts = [by_commune.get(place.code, 0) for place in frame.together]
    elsewhere = people.count() - sum(counts)
    hidden = suppression.withheld([*counts, elsewhere])
    labels = {family.value: str(family.label) for family in Family} | {"": _("sans organisation connue")}
    families = people.count_by_family()
    return {
        "year": start.year,
        "sessions": held.count(),
        "local": held.filter(municipality=frame.own).count() if frame.own else None,
        "hours": plain(figures.hours(held), 1),
        "registered": _total(people.count()),
        "attended": _total(people.attended().count()) if told else None,
        "told": told,
        "communes": [[place.code, n] for place, n in zip(frame.together, hidden, strict=False)],
        "elsewhere": hidden[-1],
        "families": [
            [labels[family], n]
            for (family, _n), n in zip(
                families, suppression.withheld([n for _family, n in families]), strict=True
            )
        ],
        "unreached": [place.code for place, n in zip(frame.together, counts, strict=True) if not n],
    }


def _year(frame: Frame) -> tuple[date, date]:
    """The edition's year, whole; an edition that is no year gives the current one."""
    year = int(frame.edition) if frame.edition.isdigit() else frame.today.year
    return date(year, 1, 1), date(year, 12, 31)


def _total(n: int) -> int | str:
    return suppression.withheld([n])[0]


def sessions(n: int) -> str:
    """Return "1 séance", "12 séances"."""
    return ngettext("%s séance", "%s séances", n) % numbers.number(n)


def tell(data: Mapping) -> chapter.Told:
    """Return what was held, and who was not reached."""
    matter, names = data[KEY], dict(data["communes"])
    missed = [names[code] for code in matter["unreached"]]
    lead = _("{sessions}, {hours}, {people}.").format(
        sessions=sessions(matter["sessions"]),
        hours=_hours(matter["hours"]),
        people=_registrations(matter["registered"]),
    )
    if matter["attended"] is None:
        lead += _(" Présences n.d.\u00a0: aucune n’a été relevée.")
    else:
        lead += _(" Présences relevées\u00a0: {n}, dans {told} sur\u00a0{of}.").format(
            n=_people(matter["attended"]), told=sessions(matter["told"]), of=matter["sessions"]
        )
    if missed:
        lead += _(" Personne n’est venu de {names}.").format(names=words.listed(missed))
    return chapter.Told(
        title=_title(data, missed),
        lead=lead,
        remark=_(
            "Une personne compte une fois par séance. La commune est celle que la personne donne\u00a0; sa"
            " famille, celle de"
            " l’acteur pour lequel elle vient. Sous cinq personnes, le nombre est masqué, avec ce qui"
            " permettrait de le"
            " retrouver. Zéro est montré\u00a0: il ne désigne personne."
        ),
        captions=[
            chapter.caption(
                "10.1",
                _("D’où viennent les personnes inscrites"),
                _("Inscriptions confirmées aux séances tenues en {year}, par commune.").format(
                    year=matter["year"]
                ),
                _("Inscriptions du portail. n {n}. Masqué\u00a0: n.d. dans le dessin.").format(
                    n=f"= {numbers.number(matter['registered'])}"
                    if isinstance(matter["registered"], int)
                    else f"< {suppression.THRESHOLD}"
                ),
            )
        ],
        tables=[_table_of_communes(matter, names), _table_of_families(matter)],
        findings=[_finding(data)],
        sources=[
            chapter.source(
                _("Formations"),
                str(matter["year"]),
                len(names),
                data["lag"]["short_name"],
                _("Séances tenues, inscriptions confirmées."),
            )
        ],
    )


def _hours(hours: float) -> str:
    """Return "1 heure", "7,5 heures"."""
    return ngettext("%s heure", "%s heures", int(hours)) % numbers.number(
        hours, 0 if hours == int(hours) else 1
    )


def _people(n: int | str) -> str:
    """Return a number of people in words that also fit one that is withheld."""
    return numbers.number(n) if isinstance(n, int) else _("moins de cinq")


def _registrations(n: int | str) -> str:
    if isinstance(n, int):
        return ngettext("%s inscription confirmée", "%s inscriptions confirmées", n) % numbers.number(n)
    return _("moins de cinq inscriptions confirmées")


def _title(data: Mapping, missed: list[str]) -> str:
    matter = data[KEY]
    held = ngettext("%s séance", "%s séances", matter["sessions"]) % _feminine(matter["sessions"])
    if missed:
        reached = len(data["communes"]) - len(missed)
        return ngettext(
            "{sessions}, et des personnes de {n} commune sur\u00a0{of}",
            "{sessions}, et des personnes de {n} communes sur\u00a0{of}",
            reached,
        ).format(sessions=held.capitalize(), n=reached, of=len(data["communes"]))
    return _("{sessions}, et des personnes de toutes les communes").format(sessions=held.capitalize())


def _feminine(n: int) -> str:
    return _("une") if n == 1 else numbers.words(n)


def _finding(data: Mapping) -> dict:
    matter, names = data[KEY], dict(data["communes"])
    missed = [names[code] for code in matter["unreached"]]
    people = _registrations(matter["registered"])
    text = _("{people}, {hours}.").format(
        people=people[:1].upper() + people[1:], hours=_hours(matter["hours"])
    )
    if matter["local"]:
        text += _(" Dans la commune\u00a0: {sessions}.").format(sessions=sessions(matter["local"]))
    return {
        "key": "trainings",
        "figure": numbers.number(matter["sessions"]),
        "caption": _("séances de formation tenues, {year}").format(year=matter["year"]),
        "title": _title(data, missed) + ".",
        "text": text,
        "limit": _("Une personne compte une fois par séance."),
        "bars": [
            [_("communes touchées"), len(names) - len(missed), "scope"],
            [_("communes"), len(names), "region"],
        ],
        "decimals": 0,
        "unit": "",
        "ref": "10.1",
    }


def _table_of_communes(matter: Mapping, names: Mapping) -> dict:
    rows = [chapter.row(names[code], [n]) for code, n in matter["communes"]]
    rows.append(chapter.row(_("Ailleurs ou inconnue"), [matter["elsewhere"]]))
    rows.append(chapter.row(_("Ensemble"), [matter["registered"]]))
    return chapter.table(
        "10.1",
        _("Inscriptions par commune, {year}").format(year=matter["year"]),
        [_("Commune"), _("Inscriptions")],
        rows,
        _("Portail du GAL. Masqué\u00a0: moins de cinq, ou ce qui permettrait de le retrouver."),
    )


def _table_of_families(matter: Mapping) -> dict:
    rows = [chapter.row(label.capitalize(), [n]) for label, n in matter["families"]]
    rows.append(chapter.row(_("Ensemble"), [matter["registered"]]))
    return chapter.table(
        "10.2",
        _("Inscriptions par famille d’acteurs, {year}").format(year=matter["year"]),
        [_("Famille"), _("Inscriptions")],
        rows,
        _("Portail du GAL. Masqué\u00a0: moins de cinq, ou ce qui permettrait de le retrouver."),
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return people by municipality; a withheld count is drawn as missing."""
    names = dict(data["communes"])
    own = data["scope"]["code"]
    rows = [
        bars.Row(
            names[code],
            n if isinstance(n, int) else None,
            figure="" if isinstance(n, int) else suppression.WITHHELD,
            strong=code == own,
            fill="field" if code == own or own not in names else "other",
        )
        for code, n in data[KEY]["communes"]
    ]
    chart = bars.horizontal(
        rows,
        key="f10-1",
        title=_("D’où viennent les personnes inscrites"),
        measure=_("inscriptions"),
        paper=paper,
    )
    return {"10.1": chart}
