"""Two editions of the communes' survey: one closed, with everybody's answers; one open, on its way."""

import io
from random import Random
from typing import Any

from django.core.management import call_command
from django.utils.text import slugify

from accounts.demonstration import DOMAIN
from actors import actions as actors
from invitations import actions as invitations
from invitations.models import Campaign
from needs import actions
from needs.choices import QuestionKind, YesNo
from needs.models import Question, Questionnaire, Response, Survey
from smartrural.demonstration import cast, clock, post
from smartrural.demonstration.scene import Scene

QUESTIONNAIRE = "commune"
BEFORE = (-420, -375)
"""Days on which the closed edition opened and closed."""
NOW = (-24, 21)
SENT_NOW = {"jodoigne": -20, "perwez": -18, "beauvechain": -15, "ramillies": -11, "incourt": -7}
"""Municipality → the day on which its response to the open edition was sent."""
DRAFT_NOW = {"orp-jauche": -5}
REMINDED = -10
HALF = 6
"""Sections that an unfinished response has."""
GROWTH = 0.38
"""How likely a criterion is to gain one level from an edition to the next."""

Levels = dict[str, int]


def tell(scene: Scene) -> None:
    """Run the first edition to its end, and the second to today."""
    with scene.on(BEFORE[0] - 10):
        call_command("load_questionnaire", stdout=io.StringIO())
    questionnaire = Questionnaire.objects.published().filter(code=QUESTIONNAIRE).latest("version")
    asked = list(questionnaire.questions.select_related("section", "dimension").prefetch_related("choices"))
    communes = scene.words("communes")
    levels = {slug: _first_levels(scene.chance, told["maturite"], asked) for slug, told in communes.items()}

    before = _open(scene, questionnaire, *BEFORE, previous=None)
    campaign = _invite(scene, before, BEFORE[0])
    for rank, (slug, told) in enumerate(communes.items()):
        _answer(
            scene, before, campaign, slug, told["avant"], levels[slug], asked, sent=BEFORE[0] + 9 + 4 * rank
        )
    with scene.on(BEFORE[1] + 1):
        actions.close_survey(before, by=scene.team)

    _lose_addresses(scene)
    now = _open(scene, questionnaire, *NOW, previous=before)
    campaign = _invite(scene, now, NOW[0])
    for slug, sent in (SENT_NOW | DRAFT_NOW).items():
        if sent > REMINDED and not campaign.reminders.exists():
            with scene.on(REMINDED):
                invitations.remind(campaign, by=scene.team)
        grown = _grown(scene.chance, levels[slug])
        told = communes[slug]["maintenant"]
        _answer(scene, now, campaign, slug, told, grown, asked, sent=sent, whole=slug in SENT_NOW)
    scene.surveys = {"avant": before, "maintenant": now}


def _open(
    scene: Scene, questionnaire: Questionnaire, opens: int, closes: int, *, previous: Survey | None
) -> Survey:
    year = str(scene.day(opens).year)
    title = f"Les besoins des communes, {year}"
    survey = Survey(
        slug=slugify(title),
        title=title,
        questionnaire=questionnaire,
        edition=year,
        previous=previous,
        action_sheet=scene.objectives["SDL 1.1"],
        intro="Une réponse par commune, à plusieurs mains. Ce que vous écrivez est gardé au fur et à mesure.",
        opens_at=clock.moment(scene.day(opens), 8),
        closes_at=clock.moment(scene.day(closes), 23, 59),
    )
    survey.full_clean()
    survey.save()
    with scene.on(opens, 8, 30):
        return actions.open_survey(survey, by=scene.team)


def _invite(scene: Scene, survey: Survey, opens: int) -> Campaign:
    """Write to those who speak for the communes, and once more to those who have not answered."""
    with scene.on(opens, 9):
        campaign = actions.invite(survey, by=scene.team)
        invitations.launch(campaign, by=scene.team)
    return campaign


def _lose_addresses(scene: Scene) -> None:
    """Two more people of communes, whose letters will not arrive as they should."""
    people = (
        ("perwez", "Fulgence Fictif", "échevin, jusqu’à l’an dernier", post.GONE),
        ("beauvechain", "Ombeline Exemple", "présidente du CPAS", post.CUT),
    )
    with scene.on(NOW[0] - 6):
        for slug, name, function, fate in people:
            contact = actors.add_contact(
                name=name,
                email=f"{fate}.{slug}@{DOMAIN}",
                function=function,
                municipality=scene.municipalities[slug],
                actors=[scene.actors[slug]],
                by=scene.team,
            )
            actors.give_consent(
                contact, text_version=cast.CONSENT, source="Carte de visite fictive", by=scene.team
            )


# One response --------------------------------------------------------------------------------------------


def _answer(
    scene: Scene,
    survey: Survey,
    campaign: Campaign,
    slug: str,
    told: dict[str, Any],
    levels: Levels,
    asked: list[Question],
    *,
    sent: int,
    whole: bool = True,
) -> None:
    """Two people of a commune fill their sections on two days; the referent sends, when all is there."""
    referent, colleague = scene.referents[slug], scene.colleagues[slug]
    own = {one.contact.user_id: one for one in campaign.invitations.select_related("contact")}
    values = {one.code: _value(scene.chance, one, told, levels) for one in asked if one.asks}
    sections = list(dict.fromkeys(one.section for one in asked))
    begun = sent - 4 if whole else sent
    with scene.on(begun, 10):
        invitations.mark_begun(own[referent.pk])
        response = actions.start(survey, actor=scene.actors[slug], by=referent)
        _fill(response, asked, values, {one.pk for one in sections[:HALF]}, by=referent)
    if not whole:
        return
    with scene.on(sent - 2, 14):
        invitations.mark_begun(own[colleague.pk])
        _fill(response, asked, values, {one.pk for one in sections[HALF:]}, by=colleague)
    with scene.on(sent, 16):
        response.refresh_from_db()
        approved = scene.day(sent - 1)
        actions.submit(response, version=response.version, approved_on=approved, publishes=True, by=referent)


def _fill(
    response: Response, asked: list[Question], values: dict[str, Any], sections: set[int], *, by
) -> None:
    given = [
        actions.Given(one, value, not_concerned=value is None, seen=actions.mark(None))
        for one in asked
        if one.section_id in sections and (value := values.get(one.code, "")) != ""
    ]
    actions.save_answers(response, given=given, by=by)


def _first_levels(chance: Random, maturity: list[float], asked: list[Question]) -> Levels:
    """Return a level for each criterion, around what the commune is in its dimension."""
    codes = list(dict.fromkeys(one.dimension.code for one in asked if one.criterion and one.dimension))
    around = dict(zip(codes, maturity, strict=True))
    return {
        one.code: min(4, max(0, round(around[one.dimension.code] + chance.uniform(-0.9, 0.9))))
        for one in asked
        if one.criterion and one.dimension
    }


def _grown(chance: Random, levels: Levels) -> Levels:
    return {code: min(4, level + (chance.random() < GROWTH)) for code, level in levels.items()}


def _value(chance: Random, question: Question, told: dict[str, Any], levels: Levels) -> Any:
    """Return an answer: None for « non concerné », "" for nothing said."""
    choices = [one.code for one in question.choices.all() if not one.exclusive]
    mean = sum(levels.values()) / len(levels)
    name, _dash, number = question.code.rpartition("_")
    match question.kind:
        case QuestionKind.LEVEL:
            skipped = question.may_be_not_concerned and chance.random() < 0.03
            return None if skipped else levels[question.code]
        case QuestionKind.SCALE:
            return min(10, max(0, round(2.5 * mean + chance.uniform(-0.5, 2.5))))
        case QuestionKind.YES_NO:
            return YesNo.YES.value if chance.random() < mean / 2.6 else YesNo.NO.value
        case QuestionKind.MULTIPLE if question.code == "priorites":
            return told["priorites"]
        case QuestionKind.MULTIPLE:
            wanted = chance.sample(choices, min(question.most or 3, len(choices)))
            return [code for code in choices if code in wanted]
        case QuestionKind.SINGLE if question.code in ("fonction", "publication"):
            return choices[0]
        case QuestionKind.SINGLE:
            return choices[min(len(choices) - 1, max(0, round(mean - 1 + chance.uniform(-0.6, 0.6))))]
        case QuestionKind.NEED:
            return _need(told["besoins"], int(number) - 1)
        case QuestionKind.LONG_TEXT if name == "fait":
            return _at(told["faits"], int(number) - 1)
    return ""


def _need(needs: list[dict[str, str]], rank: int) -> dict[str, str] | str:
    need = _at(needs, rank)
    return need and {"text": need["texte"], "horizon": need["horizon"], "pool": need["mutualiser"]}


def _at(told: list, rank: int) -> Any:
    return told[rank] if rank < len(told) else ""
