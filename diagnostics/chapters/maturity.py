"""Digital maturity by dimension: the commune beside the territory and the edition before. Formulas: needs.scoring."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts import Chart, palette, radar, scales, svg
from charts.strips import sign
from diagnostics import words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame, plain
from needs import figures
from needs.figures import Maturity, Score
from needs.models import Survey
from territory.models import Dimension
from typography import elision, numbers

KEY, NUMBER, NAME, BASIS = "maturity", 6, gettext_lazy("Maturité numérique"), chapter.DECLARED


def collect(frame: Frame) -> dict:
    """Return `lines`, one a dimension and a last one for the whole, scores out of 100; `sent` communes.

    A line: code, name, own, band, territory, n, previous, gap (own less previous), self_rated. For an area, own
    is the territory's mean. Gaps are computed before rounding.
    """
    communes = sent_of(frame)
    names = dict(Dimension.objects.order_by("order", "pk").values_list("code", "name"))
    if len(names) < 3:
        raise chapter.NoMatter(_("moins de trois dimensions sont définies."))
    territory = figures.territory_maturity(communes.values(), names)
    before = _of_communes(frame, frame.previous_survey) if frame.previous_survey else {}
    if frame.own:
        own, previous = communes.get(frame.own.code), before.get(frame.own.code)
    else:
        own = territory
        previous = figures.territory_maturity(before.values(), names) if before else None
    lines = [
        _line(code, name, *[one.dimensions.get(code) if one else None for one in (own, territory, previous)])
        | {"self_rated": own.self_rated.get(code) if own else None}
        for code, name in names.items()
    ]
    whole = [one.overall if one else None for one in (own, territory, previous)]
    lines.append(_line("", _("Ensemble"), *whole) | {"self_rated": None})
    return {
        "lines": lines,
        "sent": len(communes),
        "sent_before": len(before),
        "answered": own is not None,
        "criteria": own.overall.n if own and frame.own else None,
        "previous": frame.previous_survey.edition if frame.previous_survey and previous else "",
    }


def sent_of(frame: Frame) -> dict[str, Maturity]:
    """Return the maturity of each commune that sent its response; raise NoMatter when none did."""
    if not frame.together:
        raise chapter.NoMatter(_("le territoire compte trop de communes pour les montrer une à une."))
    if frame.survey is None:
        raise chapter.NoMatter(_("aucune enquête auprès des communes n’a encore été ouverte."))
    found = _of_communes(frame, frame.survey)
    if not found:
        raise chapter.NoMatter(_("aucune commune n’a encore envoyé sa réponse à l’enquête."))
    return found


def _of_communes(frame: Frame, survey: Survey) -> dict[str, Maturity]:
    codes = {place.code for place in frame.together}
    return {code: found for code, found in figures.maturities(survey).items() if code in codes}


def _line(code: str, name: str, own: Score | None, territory: Score | None, previous: Score | None) -> dict:
    now, then = _exact(own), _exact(previous)
    return {
        "code": code,
        "name": name,
        "own": plain(now, 0),
        "band": own.band if own else "",
        "territory": plain(_exact(territory), 0),
        "n": territory.n if territory else 0,
        "previous": plain(then, 0),
        "gap": plain(now - then, 0) if now is not None and then is not None else None,
        "lead": plain(now - mean, 0) if now is not None and (mean := _exact(territory)) is not None else None,
    }


def _exact(score: Score | None) -> Decimal | None:
    return score.out_of_100 if score else None


def tell(data: Mapping) -> chapter.Told:
    """Return where the commune stands beside the territory, and what changed since the edition before."""
    matter, survey, of = data[KEY], data["survey"], len(data["communes"])
    municipal, name = data["scope"]["kind"] == "municipality", data["scope"]["name"]
    *dimensions, whole = matter["lines"]
    unknown = [one["name"] for one in dimensions if one["own"] is None]
    reading = _(
        "Note sur 100\u00a0: hexagone extérieur 100, centre 0. n = {sent} communes sur {of}, {edition}."
    ).format(sent=matter["sent"], of=of, edition=survey["edition"])
    reading += _(" Comparez les sommets, jamais les aires.")
    remark = _(
        "Une note est la moyenne des critères qui concernent la commune, chacun de 0 à 4, ramenée à"
        " 100\u00a0; n.d. sous"
        " 75\u202f% de critères répondus. L’ensemble est n.d. dès qu’une dimension l’est. Semis\u00a0: sous"
        " 25\u00a0;"
        " levée\u00a0: sous 50\u00a0; épi\u00a0: sous 75\u00a0; moisson\u00a0: à partir de 75. Les communes"
        " déclarent"
        " leurs niveaux\u00a0; personne ne les vérifie. Écarts calculés avant l’arrondi."
    )
    if not matter["previous"]:
        remark += _(" Édition précédente\u00a0: n.d., il n’y en a pas de comparable.")
    elif not municipal:
        remark += _(
            " Communes ayant répondu\u00a0: {n} en {edition}, {before} en {previous}\u00a0; l’écart compare"
            " donc deux groupes de communes."
        ).format(
            n=matter["sent"],
            edition=survey["edition"],
            before=matter["sent_before"],
            previous=matter["previous"],
        )
    gaps = []
    if not matter["answered"]:
        gaps.append(
            {
                "subject": _("La maturité {of_name}").format(of_name=elision.of(name)),
                "reason": _("n.d., la commune n’a pas envoyé sa réponse à l’enquête {edition}.").format(
                    edition=survey["edition"]
                ),
            }
        )
    elif unknown:
        gaps.append(
            {
                "subject": _("La maturité en {names}").format(names=words.listed(unknown)),
                "reason": _("n.d., moins de 75\u202f% des critères répondus."),
            }
        )
    return chapter.Told(
        title=_title(data),
        remark=remark,
        captions=[
            chapter.caption(
                "6.1",
                _("{n} dimensions, sur 100").format(n=numbers.words(len(dimensions)).capitalize()),
                reading,
                _("Enquête communale {edition}, déclarations des communes.").format(
                    edition=survey["edition"]
                ),
            )
        ],
        tables=[_table(data)],
        findings=[_finding(data)] if whole["own"] is not None else [],
        gaps=gaps,
    )


def _title(data: Mapping) -> str:
    matter, name = data[KEY], data["scope"]["name"]
    *dimensions, whole = matter["lines"]
    if not matter["answered"]:
        return _("La maturité {of_name} n’est pas connue\u00a0; celle du territoire l’est").format(
            of_name=elision.of(name)
        )
    if data["scope"]["kind"] != "municipality":
        best = words.listed(_leading(dimensions, "own"))
        return _("Le territoire est le plus avancé en {best}").format(best=best)
    compared = [one for one in dimensions if one["lead"] is not None]
    ahead = sum(one["lead"] > 0 for one in compared)
    if not compared:
        return _("{name} a trop peu répondu pour être notée").format(name=name)
    if ahead == len(compared):
        return _("{name} devance la moyenne du territoire dans chaque dimension").format(name=name)
    if not ahead:
        return _("{name} ne devance la moyenne du territoire dans aucune dimension").format(name=name)
    return (
        _("{name} devance la moyenne du territoire dans {n} dimensions sur\u00a0{of}").format(
            name=name, n=ahead, of=len(compared)
        )
        if ahead > 1
        else _("{name} devance la moyenne du territoire dans une dimension sur\u00a0{of}").format(
            name=name, of=len(compared)
        )
    )


def _leading(lines: list[dict], which: str, *, least: bool = False) -> list[str]:
    """Names of the dimensions with the highest (or lowest) score, ties included."""
    known = [one for one in lines if one[which] is not None]
    if not known:
        return []
    end = (min if least else max)(one[which] for one in known)
    return [one["name"] for one in known if one[which] == end]


def _finding(data: Mapping) -> dict:
    matter, survey, scope = data[KEY], data["survey"], data["scope"]
    *dimensions, whole = matter["lines"]
    municipal = scope["kind"] == "municipality"
    bars = [[scope["label"], whole["own"], "scope"]]
    if municipal and whole["territory"] is not None:
        bars.append([_("{n} communes").format(n=whole["n"]), whole["territory"], "group"])
    if whole["previous"] is not None:
        bars.append([_("en {edition}").format(edition=matter["previous"]), whole["previous"], "region"])
    best, least = _leading(dimensions, "own"), _leading(dimensions, "own", least=True)
    text = _("Le plus avancé\u00a0: {best}. Le moins avancé\u00a0: {least}.").format(
        best=words.listed(best), least=words.listed(least)
    )
    if whole["gap"] is not None:
        text += _(" Depuis {edition}\u00a0: {gap} points.").format(
            edition=matter["previous"], gap=numbers.number(whole["gap"], sign=True)
        )
    return {
        "key": "maturity",
        "figure": numbers.number(whole["own"]),
        "caption": _("sur 100, maturité numérique déclarée, {edition}").format(edition=survey["edition"]),
        "title": _title(data) + ".",
        "text": text,
        "limit": _("Ce sont des déclarations, n = {n} communes.").format(n=matter["sent"]),
        "bars": bars,
        "decimals": 0,
        "unit": "",
        "ref": "6.1",
    }


def _table(data: Mapping) -> dict:
    matter, survey, scope = data[KEY], data["survey"], data["scope"]
    municipal = scope["kind"] == "municipality"
    header = [_("Dimension"), scope["label"] if municipal else survey["edition"], _("Palier")]
    header += [_("Territoire")] if municipal else []
    header += [_("n")]
    header += [matter["previous"], _("Écart")] if matter["previous"] else []
    header += [_("Se voit")] if municipal else []
    rows = []
    for one in matter["lines"]:
        cells = [one["own"], one["band"] or None, *([one["territory"]] if municipal else []), str(one["n"])]
        if matter["previous"]:
            gap = numbers.number(one["gap"], sign=True) if one["gap"] is not None else None
            cells += [one["previous"], gap]
        if municipal:
            seen = one["self_rated"]
            cells.append("—" if not one["code"] else None if seen is None else f"{seen}/10")
        rows.append(chapter.row(one["name"], cells))
    return chapter.table(
        "6.1",
        _("Les notes du radar"),
        header,
        rows,
        _("n\u00a0: communes dans la moyenne du territoire.")
        + (
            _(" «\u00a0Se voit\u00a0»\u00a0: note de 0 à 10 qu’elle se donne, jamais mélangée.")
            if municipal
            else ""
        ),
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return the radar."""
    matter, survey, scope = data[KEY], data["survey"], data["scope"]
    *dimensions, _whole = matter["lines"]
    series = [
        radar.Series(f"{scope['label']} {survey['edition']}", tuple(one["own"] for one in dimensions), "own")
    ]
    if scope["kind"] == "municipality":
        name = _("Moyenne de {n} communes {edition}").format(n=matter["sent"], edition=survey["edition"])
        series.append(radar.Series(name, tuple(one["territory"] for one in dimensions), "territory"))
    if matter["previous"]:
        name = f"{scope['label']} {matter['previous']}"
        series.append(radar.Series(name, tuple(one["previous"] for one in dimensions), "previous"))
    return {
        "6.1": radar.radar(
            [one["name"] for one in dimensions],
            series,
            key="f6-1",
            title=_title(data),
            maximum=100,
            decimals=0,
            width=208 if paper == "print" else None,
            paper=paper,
        )
    }


def strips(data: Mapping) -> str:
    """Return the small drawing of the sheet: a line a dimension, 0 to 100, own disc, territory's diamond."""
    tone, size = palette.PRINT, 8.0
    matter = data[KEY]
    lines = matter["lines"]
    width, pitch, left, right = 236.0, 15.5, 78.0, 170.0
    x = scales.Linear(0, 100, left, right)
    pieces = [
        svg.text(x(at), size, at, size=7.2, text_anchor="middle", fill=tone.ink_2) for at in (0, 50, 100)
    ]
    heads = [(206.0, data["survey"]["edition"]), (width, _("écart"))]
    pieces += [svg.text(at, size, head, size=7.2, text_anchor="end", font_weight=700) for at, head in heads]
    bottom = 14 + pitch * len(lines)
    pieces += [svg.line(x(at), 11, x(at), bottom, stroke=tone.grid, stroke_width=0.6) for at in (0, 50, 100)]
    for place, one in enumerate(lines):
        y = 14 + pitch * (place + 0.5)
        whole = not one["code"]
        pieces.append(svg.text(0, y + 2.8, one["name"], size=size, font_weight=700 if whole else None))
        pieces.append(svg.line(left, y, right, y, stroke=tone.ink_2, stroke_width=0.5))
        for value, kind in ((one["territory"], "group"), (one["own"], "own")):
            if value is not None and (kind == "own" or data["scope"]["kind"] == "municipality"):
                pieces.append(sign(kind, x(value), y, tone))
        pieces.append(
            svg.text(
                206,
                y + 2.8,
                numbers.number(one["own"]),
                size=8.5,
                font_weight=700,
                text_anchor="end",
                fill=tone.field,
            )
        )
        gap = numbers.number(one["gap"], sign=True) if matter["previous"] else "—"
        pieces.append(svg.text(width, y + 2.8, gap, size=size, text_anchor="end"))
    said = " ; ".join(
        f"{one['name']} {numbers.number(one['own'])}, {numbers.number(one['territory'])}" for one in lines
    )
    return svg.document(
        *pieces,
        key="sheet-maturity",
        width=width,
        height=bottom + 1,
        title=_title(data),
        description=f"{said}.",
        unit=tone.unit,
        fill=str(tone.ink),
    )
