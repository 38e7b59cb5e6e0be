"""Criteria of maturity: how many communes stand at each level, the two that lead and the two that trail."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts import Chart, grids
from diagnostics import words
from diagnostics.chapters import chapter, maturity
from diagnostics.frame import Frame, plain
from needs.choices import Level
from needs.models import Answer, Question, Response
from typography import numbers

KEY, NUMBER, NAME, BASIS = "criteria", 7, gettext_lazy("Critères"), chapter.DECLARED
MOST = 32
"""Criteria that one page can hold; beyond, the table alone."""
ENDS = 2
"""How many criteria are named at each end, ties included."""


def collect(frame: Frame) -> dict:
    """Return `criteria` in the questionnaire's order: levels ([communes at 0 … 4]), n, mean, own level.

    `own` is a level, "s.o." when the commune is not concerned, None when it did not answer. No commune is named
    but the diagnostic's own: their agreement to be shown by name is recorded nowhere.
    """
    maturity.sent_of(frame)
    survey = frame.survey
    if survey is None:
        raise chapter.NoMatter("")
    sent = Response.objects.submitted().filter(survey=survey, actor__municipality__in=frame.together)
    questions = list(
        Question.objects.filter(questionnaire=survey.questionnaire_id, criterion=True)
        .select_related("dimension")
        .order_by("dimension__order", "section__order", "order", "pk")
    )
    if not questions:
        raise chapter.NoMatter(_("le questionnaire de cette enquête n’a pas de critère."))
    own_response = sent.filter(actor__municipality=frame.own).first() if frame.own else None
    levels: dict[int, Counter] = {question.pk: Counter() for question in questions}
    own: dict[int, int | str] = {}
    for answer in Answer.objects.filter(response__in=sent, question__in=questions):
        given = "s.o." if answer.not_concerned else answer.value
        if given is None:
            continue
        levels[answer.question_id][given] += 1
        if own_response and answer.response_id == own_response.pk:
            own[answer.question_id] = given
    criteria = [_criterion(question, levels[question.pk], own.get(question.pk)) for question in questions]
    return {"criteria": criteria, "sent": sent.count(), **_ends(levels, questions)}


def _criterion(question: Question, counted: Counter, own: int | str | None) -> dict:
    mean = _mean(counted)
    exact = None if mean is None else Decimal(mean.numerator) / mean.denominator
    return {
        "code": question.code,
        "label": question.label,
        "dimension": question.dimension.name if question.dimension else "",
        "levels": [counted[level] for level in Level.values],
        "n": sum(counted[level] for level in Level.values),
        "not_concerned": counted["s.o."],
        "mean": plain(exact, 1),
        "own": own,
    }


def _mean(counted: Counter) -> Fraction | None:
    n = sum(counted[level] for level in Level.values)
    return Fraction(sum(level * counted[level] for level in Level.values), n) if n else None


def _ends(levels: Mapping[int, Counter], questions: list[Question]) -> dict:
    """Return the codes of the strongest and of the weakest by exact mean, ties included; none when too few."""
    means = [
        (mean, question.code) for question in questions if (mean := _mean(levels[question.pk])) is not None
    ]
    ordered = sorted({mean for mean, _code in means})
    if len(means) < 2 * ENDS or len(ordered) < 2 * ENDS:
        return {"strongest": [], "weakest": []}
    ranked = sorted(mean for mean, _code in means)
    low, high = ranked[ENDS - 1], ranked[-ENDS]
    return {
        "strongest": [code for mean, code in sorted(means, key=lambda pair: -pair[0]) if mean >= high],
        "weakest": [code for mean, code in sorted(means, key=lambda pair: pair[0]) if mean <= low],
    }


def tell(data: Mapping) -> chapter.Told:
    """Return which criteria lead and which trail."""
    matter, survey = data[KEY], data["survey"]
    labels = {one["code"]: one["label"] for one in matter["criteria"]}
    strongest, weakest = ([labels[code] for code in matter[end]] for end in ("strongest", "weakest"))
    lead = ""
    if strongest:
        lead = _("Les plus avancés\u00a0: {strong}. Les moins avancés\u00a0: {weak}.").format(
            strong=_quoted(strongest), weak=_quoted(weakest)
        )
    municipal = data["scope"]["kind"] == "municipality"
    framed = _(" Encadré\u00a0: {name}.").format(name=data["scope"]["name"]) if municipal else ""
    shown = len(matter["criteria"]) <= MOST
    return chapter.Told(
        title=_title(data),
        lead=lead,
        remark=_(
            "Niveaux\u00a0: 0 rien encore, 1 on en parle, 2 un essai, 3 en place, 4 partagé. Une moyenne de"
            " niveaux dit ce"
            " qui mène, non ce qui est acquis. Les communes n’y figurent pas par leur nom\u00a0: leur"
            " accord n’est pas"
            " enregistré. n.d. et «\u00a0s.o.\u00a0» (sans objet) restent hors de la moyenne."
        ),
        captions=[
            chapter.caption(
                "7.1",
                _("Communes à chaque niveau, par critère"),
                _(
                    "Nombre de communes à chaque niveau, de 0 à 4, {edition}\u00a0; moyenne des niveaux et n."
                ).format(edition=survey["edition"])
                + framed
                + _(
                    " Triangle vers le haut\u00a0: les plus avancés\u00a0; vers le bas\u00a0: les moins"
                    " avancés."
                ),
                _("Enquête communale {edition}. n = {n} communes.").format(
                    edition=survey["edition"], n=matter["sent"]
                ),
            )
        ]
        if shown
        else [],
        tables=[_table(data)],
    )


def _title(data: Mapping) -> str:
    criteria = data[KEY]["criteria"]
    settled = sum(one["mean"] is not None and one["mean"] >= 2 for one in criteria)
    return _("{n} critères sur\u00a0{of} atteignent le niveau de l’essai en moyenne").format(
        n=numbers.words(settled).capitalize(), of=len(criteria)
    )


def _quoted(labels: list[str]) -> str:
    return words.listed(f"«\u00a0{label}\u00a0»" for label in labels)


def _table(data: Mapping) -> dict:
    matter = data[KEY]
    municipal = data["scope"]["kind"] == "municipality"
    header = [_("Critère"), *[str(level) for level in Level.values], _("s.o."), _("Moyenne")]
    header += [data["scope"]["label"]] if municipal else []
    rows = []
    for one in matter["criteria"]:
        mean = numbers.number(one["mean"], 1) if one["mean"] is not None else None
        cells = [*one["levels"], one["not_concerned"], mean]
        rows.append(chapter.row(one["label"], cells + ([one["own"]] if municipal else [])))
    return chapter.table(
        "A.8",
        _("Communes à chaque niveau, par critère"),
        header,
        rows,
        _("Enquête communale {edition}, n = {n} communes. s.o.\u00a0: sans objet.").format(
            edition=data["survey"]["edition"], n=matter["sent"]
        ),
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return the heat map, when a page can hold it."""
    matter = data[KEY]
    if len(matter["criteria"]) > MOST:
        return {}
    leans = dict.fromkeys(matter["strongest"], "up") | dict.fromkeys(matter["weakest"], "down")
    lines = [
        grids.Line(
            one["label"],
            tuple(one["levels"]),
            (numbers.number(one["mean"], 1), str(one["n"])),
            framed=one["own"] if isinstance(one["own"], int) else None,
            lean=leans.get(one["code"], ""),
            group=one["dimension"],
        )
        for one in matter["criteria"]
    ]
    return {
        "7.1": grids.heat(
            lines,
            [str(level) for level in Level.values],
            [_("moyenne"), "n"],
            key="f7-1",
            title=_("Communes à chaque niveau, par critère"),
            maximum=max(matter["sent"], 1),
            paper=paper,
        )
    }
