"""Needs ranked by importance and urgency: the shared ones by name, the others counted by theme."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charts import Chart, bars
from diagnostics import suppression, words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame, plain
from needs import figures
from needs.choices import NeedState, SharedNeedState
from needs.models import Need, SharedNeed
from territory.models import Theme
from typography import numbers

KEY, NUMBER, NAME, BASIS = "needs", 8, gettext_lazy("Besoins"), chapter.DECLARED
MOST = 12
"""Needs drawn as bars; the table holds them all."""


def collect(frame: Frame) -> dict:
    """Return `needs` (published shared ones, ranked) and needs received by `themes`, small cells withheld.

    A need: title, slug, state, horizon, importance (communes that voiced it or took a stance), urgency (mean of
    its needs', 1 to 3), score (their product, computed before rounding), own (the commune's stance, "" for none).
    """
    if not frame.together:
        raise chapter.NoMatter(_("le territoire compte trop de communes pour les montrer une à une."))
    needs = sorted(
        (_need(row, frame) for row in rows_of(frame)), key=lambda one: (-one["score"], one["title"])
    )
    received = Need.objects.standing().filter(municipality__in=frame.together)
    themes = _themes(received.count_by_theme())
    if not needs and not themes:
        raise chapter.NoMatter(_("aucun besoin n’a encore été exprimé sur ce territoire."))
    return {
        "needs": needs,
        "themes": themes,
        "received": suppression.withheld([received.count()])[0],
        "communes": len(frame.together),
        "day": frame.today.isoformat(),
    }


def rows_of(frame: Frame) -> list[figures.Row]:
    """Return the published shared needs that concern a commune of the frame, with how far each goes."""
    shared = SharedNeed.objects.filter(public=True).exclude(state=SharedNeedState.CLOSED).with_communes()
    return [row for row in figures.matrix(shared, frame.together) if row.engaged]


def _need(row: figures.Row, frame: Frame) -> dict:
    shared = row.shared_need
    urgencies = [need.urgency for need in shared.needs.all() if need.state != NeedState.DECLINED]
    urgency = Decimal(sum(urgencies)) / len(urgencies) if urgencies else None
    place = frame.together.index(frame.own) if frame.own in frame.together else None
    return {
        "title": shared.title,
        "slug": shared.slug,
        "theme": shared.theme.name if shared.theme else "",
        "state": str(shared.get_state_display()),
        "horizon": str(shared.get_horizon_display()),
        "importance": row.engaged,
        "urgency": plain(urgency, 1),
        "score": plain(row.engaged * (urgency or Decimal(1)), 1),
        "own": "" if place is None else row.cells[place],
    }


def _themes(counts: Mapping[str, int]) -> list[list]:
    """Return [theme, needs or "masqué"], most first, those without a theme last; themes without a need are"
    " absent."""
    names = {theme.code: theme.name for theme in Theme.objects.all()} | {"": _("sans thème")}
    ordered = sorted(counts.items(), key=lambda pair: (pair[0] == "", -pair[1], names[pair[0]]))
    shown = suppression.withheld([n for _code, n in ordered])
    return [[names[code], n] for (code, _n), n in zip(ordered, shown, strict=True)]


def own_of(data: Mapping) -> list[dict]:
    """Return the ranked needs of the commune; of an area, all of them."""
    needs = data[KEY]["needs"]
    return [one for one in needs if one["own"]] if data["scope"]["kind"] == "municipality" else needs


def tell(data: Mapping) -> chapter.Told:
    """Return which needs come first."""
    matter = data[KEY]
    day = words.day(matter["day"])
    return chapter.Told(
        title=_title(data),
        lead=_("{n} besoins ont été reçus des communes, des acteurs et des habitants.").format(
            n=numbers.number(matter["received"])
        )
        if isinstance(matter["received"], int) and matter["received"]
        else "",
        remark=_(
            "Score = communes concernées × urgence moyenne (1 peut attendre, 2 souhaité, 3 pressant). Un"
            " rang élevé dit"
            " que beaucoup attendent, non ce qu’il faut décider. Seuls les besoins mutualisés et publiés"
            " sont nommés\u00a0;"
            " sous cinq besoins, le nombre d’un thème est masqué."
        ),
        captions=[
            chapter.caption(
                "8.1",
                _("Les besoins par importance et urgence"),
                _(
                    "Score de chaque besoin mutualisé\u00a0: communes concernées (sur {of}) × urgence moyenne."
                ).format(of=matter["communes"])
                + (
                    _(" En gras\u00a0: ceux de {name}.").format(name=data["scope"]["name"])
                    if _municipal(data)
                    else ""
                ),
                ngettext(
                    "Besoins mutualisés publiés au {day}. n = {n} besoin.",
                    "Besoins mutualisés publiés au {day}. n = {n} besoins.",
                    len(matter["needs"]),
                ).format(day=day, n=len(matter["needs"])),
            )
        ]
        if matter["needs"]
        else [],
        tables=[table for table in (_table(data), _table_of_themes(matter, day)) if table["rows"]],
        sources=[
            chapter.source(
                _("Besoins"),
                day,
                matter["communes"],
                data["lag"]["short_name"],
                _("Exprimés librement\u00a0: ils ne mesurent pas l’opinion."),
            )
        ],
    )


def _municipal(data: Mapping) -> bool:
    return data["scope"]["kind"] == "municipality"


def _title(data: Mapping) -> str:
    needs = own_of(data)
    if needs:
        return _("D’abord\u00a0: {title}").format(title=needs[0]["title"])
    if data[KEY]["needs"]:
        return _("{name} n’a pas encore pris position sur les besoins communs").format(
            name=data["scope"]["name"]
        )
    return _("Des besoins exprimés, aucun encore mis en commun")


def _table(data: Mapping) -> dict:
    said = stances()
    header = [_("Besoin"), _("Communes"), _("Urgence"), _("Score"), _("Horizon"), _("État")]
    header += [data["scope"]["label"]] if _municipal(data) else []
    rows = []
    for one in data[KEY]["needs"]:
        urgency, score = (None if one[k] is None else numbers.number(one[k], 1) for k in ("urgency", "score"))
        cells = [one["importance"], urgency, score, one["horizon"], one["state"]]
        rows.append(chapter.row(one["title"], cells + ([said[one["own"]]] if _municipal(data) else [])))
    return chapter.table(
        "8.1",
        _("Besoins mutualisés, du plus au moins pressant"),
        header,
        rows,
        _("Portail du GAL. Une position est une intention, jusqu’à une délibération."),
        text=[4, 5],
    )


def stances() -> dict[str, str]:
    """Return how a commune's part in a need is said."""
    return {
        "cofunds": _("cofinance"),
        "joins": _("rejoint"),
        "interested": _("intéressée"),
        figures.VOICED: _("l’exprime"),
        "": "—",
    }


def _table_of_themes(matter: Mapping, day: str) -> dict:
    return chapter.table(
        "8.2",
        _("Besoins reçus, par thème"),
        [_("Thème"), _("Besoins")],
        [chapter.row(name, [n]) for name, n in matter["themes"]],
        _(
            "Portail du GAL, {day}. Masqué\u00a0: moins de cinq, ou ce qui permettrait de le retrouver."
        ).format(day=day),
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return the first needs as bars."""
    needs = data[KEY]["needs"]
    if not needs:
        return {}
    rows = [
        bars.Row(
            one["title"],
            one["score"],
            strong=bool(one["own"]),
            fill="field" if one["own"] or not _municipal(data) else "other",
        )
        for one in needs[:MOST]
    ]
    chart = bars.horizontal(
        rows,
        key="f8-1",
        title=_("Les besoins par importance et urgence"),
        measure=_("score"),
        decimals=1,
        width=493 if paper == "print" else None,
        paper=paper,
    )
    return {"8.1": chart}
