"""Actors of the territory, by family and municipality, from the public directory."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.choices import Family
from actors.figures import Tally
from actors.models import Actor
from charts import Chart, bars
from diagnostics import words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame
from typography import numbers

KEY, NUMBER, NAME, BASIS = "actors", 4, gettext_lazy("Acteurs"), chapter.COUNTED


def collect(frame: Frame) -> dict:
    """Return `families` ([value, label]), `communes` ([code, counts by family]) when few, and `totals` by"
    " family."""
    tally = Tally.of(Actor.objects.published()).only(seats=[place.pk for place in frame.communes])
    if not tally.total:
        raise chapter.NoMatter(_("aucun acteur n’est encore publié dans l’annuaire pour ce territoire."))
    return {
        "families": [[family.value, str(family.label)] for family in Family],
        "communes": [[place.code, _counts(tally.only(seats=[place.pk]))] for place in frame.together],
        "totals": _counts(tally),
        "day": frame.today.isoformat(),
    }


def _counts(tally: Tally) -> list[int]:
    return [n for _family, n in tally.by_family()]


def _own(data: Mapping) -> list[int] | None:
    """The counts of the municipality that the diagnostic is about."""
    municipal = data["scope"]["kind"] == "municipality"
    return words.value(data[KEY]["communes"], data["scope"]["code"]) if municipal else None


def tell(data: Mapping) -> chapter.Told:
    """Return how many actors, where and of which family."""
    matter = data[KEY]
    own, totals = _own(data), matter["totals"]
    every = sum(totals)
    title = _("{n} acteurs se font connaître sur le territoire").format(n=numbers.number(every))
    if own is not None and len(data["communes"]) > 1:
        title = _("{name} compte {n} des {every} acteurs connus du territoire").format(
            name=data["scope"]["name"], n=numbers.number(sum(own)), every=numbers.number(every)
        )
    day = words.day(matter["day"])
    return chapter.Told(
        title=title,
        remark=_(
            "L’annuaire montre qui s’est fait connaître, non qui existe\u00a0: une association absente"
            " d’ici peut être"
            " active. Un acteur est compté là où il a son siège."
        ),
        captions=[
            chapter.caption(
                "4.1",
                _largest(matter),
                _(
                    "Acteurs publiés dans l’annuaire, par famille. Barre pleine\u00a0: la commune\u00a0;"
                    " fond\u00a0: le territoire."
                )
                if own is not None
                else _("Acteurs publiés dans l’annuaire, par famille."),
                _("Annuaire du GAL, {day}. n = {n} acteurs.").format(day=day, n=numbers.number(every)),
            )
        ],
        tables=[_table(data, day)] if matter["communes"] else [],
        sources=[
            chapter.source(
                _("Acteurs"),
                day,
                len(matter["communes"]) or None,
                data["lag"]["short_name"],
                _("Inscription volontaire dans l’annuaire."),
            )
        ],
    )


def _largest(matter: Mapping) -> str:
    most = max(matter["totals"])
    leading = [
        label for (_value, label), n in zip(matter["families"], matter["totals"], strict=True) if n == most
    ]
    return _("La famille la plus présente\u00a0: {family}").format(family=words.listed(leading))


def _table(data: Mapping, day: str) -> dict:
    matter, names = data[KEY], dict(data["communes"])
    rows = [chapter.row(names[code], [*counts, sum(counts)]) for code, counts in matter["communes"]]
    if len(rows) > 1:
        rows.append(chapter.row(_("Ensemble"), [*matter["totals"], sum(matter["totals"])]))
    return chapter.table(
        "4.1",
        _("Acteurs par commune et par famille"),
        [_("Commune"), *[label.capitalize() for _value, label in matter["families"]], _("Ensemble")],
        rows,
        _("Annuaire du GAL, {day}. Siège dans la commune.").format(day=day),
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return families as bars; for a municipality, its part of the territory's."""
    matter, own = data[KEY], _own(data)
    rows = []
    for place, (_value, label) in enumerate(matter["families"]):
        total = matter["totals"][place]
        if own is None:
            rows.append(bars.Row(label.capitalize(), total))
        else:
            figure = _("{n} sur {total}").format(n=numbers.number(own[place]), total=numbers.number(total))
            rows.append(bars.Row(label.capitalize(), own[place], figure=figure, total=total))
    return {
        "4.1": bars.horizontal(rows, key="f4-1", title=_largest(matter), measure=_("acteurs"), paper=paper)
    }
