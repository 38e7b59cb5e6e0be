"""Participation in the survey: which communes answered, which did not, and in which edition."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts import Chart
from diagnostics import words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame
from needs.choices import ResponseState
from needs.models import Response, Survey
from typography import numbers

KEY, NUMBER, NAME, BASIS = "participation", 5, gettext_lazy("Participation à l’enquête"), chapter.COUNTED


def collect(frame: Frame) -> dict:
    """Return `communes` ([code, state, day sent] in the frame's order; "" is not begun), `sent`,"
    " `sent_before`."""
    if not frame.together:
        raise chapter.NoMatter(_("le territoire compte trop de communes pour les montrer une à une."))
    if frame.survey is None:
        raise chapter.NoMatter(_("aucune enquête auprès des communes n’a encore été ouverte."))
    states = _states(frame, frame.survey)
    before = frame.previous_survey
    return {
        "communes": [[place.code, *states.get(place.code, ("", None))] for place in frame.together],
        "sent": _sent(states),
        "sent_before": _sent(_states(frame, before)) if before else None,
    }


def _states(frame: Frame, survey: Survey) -> dict[str, tuple[str, str | None]]:
    rows = Response.objects.filter(survey=survey, actor__municipality__in=frame.together).values_list(
        "actor__municipality__code", "state", "submitted_at"
    )
    return {
        code: (state, timezone.localdate(at).isoformat() if at and state == ResponseState.SUBMITTED else None)
        for code, state, at in rows
    }


def _sent(states: Mapping[str, tuple[str, str | None]]) -> int:
    return sum(state == ResponseState.SUBMITTED for state, _day in states.values())


def tell(data: Mapping) -> chapter.Told:
    """Return who answered, and who did not."""
    matter, survey, names = data[KEY], data["survey"], dict(data["communes"])
    of = len(names)
    missing = [names[code] for code, state, _day in matter["communes"] if state != ResponseState.SUBMITTED]
    lead = _(
        "{title}, édition {edition}, ouverte du {start} au {end}\u00a0;"
        " questionnaire «\u00a0{code}\u00a0», version {version}."
    ).format(
        title=survey["title"],
        edition=survey["edition"],
        start=words.day(survey["opens"]),
        end=words.day(survey["closes"]),
        code=survey["questionnaire"],
        version=survey["questionnaire_version"],
    )
    if matter["sent_before"] is not None:
        lead += _(" Édition {edition}\u00a0: {n} sur {of}.").format(
            edition=survey["previous"], n=matter["sent_before"], of=of
        )
    if survey["open"]:
        lead += _(
            " L’enquête est encore ouverte\u00a0: ces chiffres peuvent changer dans l’édition suivante."
        )
    return chapter.Told(
        title=_title(matter["sent"], of),
        lead=lead,
        remark=_(
            "Une commune qui n’a pas envoyé sa réponse n’entre dans aucune moyenne\u00a0; ses cases portent"
            " «\u00a0n.d.\u00a0», jamais zéro. Une réponse commencée mais non envoyée ne compte pas."
        ),
        tables=[_table(matter, names, survey)],
        gaps=[
            {
                "subject": words.listed(missing),
                "reason": _("réponse à l’enquête {edition} non envoyée, hors des moyennes.").format(
                    edition=survey["edition"]
                ),
            }
        ]
        if missing
        else [],
        sources=[
            chapter.source(
                _("Enquête communale"),
                survey["edition"],
                matter["sent"],
                data["lag"]["short_name"],
                _("Déclarations des communes, non vérifiées."),
            )
        ],
    )


def _title(sent: int, of: int) -> str:
    if sent == of:
        return _("Toutes les communes ont répondu\u00a0: {n} sur {of}").format(n=sent, of=of)
    if not sent:
        return _("Aucune commune n’a encore envoyé sa réponse\u00a0: 0 sur {of}").format(of=of)
    return (
        _("{n} communes sur\u00a0{of} ont répondu").format(n=numbers.words(sent).capitalize(), of=of)
        if sent > 1
        else _("Une commune sur {of} a répondu").format(of=of)
    )


def _table(matter: Mapping, names: Mapping, survey: Mapping) -> dict:
    said = {
        ResponseState.SUBMITTED: _("envoyée"),
        ResponseState.DRAFT: _("commencée, non envoyée"),
        ResponseState.REOPENED: _("rouverte, non renvoyée"),
        "": _("pas commencée"),
    }
    rows = [
        chapter.row(names[code], [said[state], words.day(day) if day else "—"])
        for code, state, day in matter["communes"]
    ]
    return chapter.table(
        "5.1",
        _("Réponses à l’enquête {edition}").format(edition=survey["edition"]),
        [_("Commune"), _("Réponse"), _("Envoyée le")],
        rows,
        _("Portail du GAL, réponses au jour de l’arrêt des chiffres."),
        text=[1, 2],
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Nothing: seven lines are a table."""
    return {}
