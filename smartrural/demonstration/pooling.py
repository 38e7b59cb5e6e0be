"""Needs: heard in the answers, qualified, pooled; the communes say how far they go."""

from typing import Any

from needs import actions
from needs.models import Answer, Need, SharedNeed
from smartrural.demonstration.scene import Scene
from territory.models import Pillar

RECEIVED = 3
"""Needs of the open edition that nobody has qualified yet."""


def tell(scene: Scene) -> None:
    """Follow the needs of the first edition to their answer, and those of the second to the team's table."""
    folder, communes = scene.words("mutualisation"), scene.words("communes").values()
    told_of = {
        need["texte"]: need
        for told in communes
        for edition in ("avant", "maintenant")
        for need in told.get(edition, {}).get("besoins", [])
    }
    groups: dict[str, list[Need]] = {}
    alone: list[Need] = []
    with scene.on(-365, 14):
        for answer in _answers(scene, "avant"):
            need = actions.record_need_from_answer(answer, by=scene.team)
            group = told_of[need.description].get("groupe")
            (groups.setdefault(group, []) if group else alone).append(need)
    with scene.on(-350, 16):
        for need in alone:
            reason = folder["ecartes"].get(need.title)
            if reason:
                actions.decline(need, reason=reason, by=scene.team)
            else:
                _qualify(scene, need, theme=told_of[need.description]["theme"])
    for told in folder["besoin"]:
        scene.shared_needs[told["cle"]] = _pool(scene, told, groups[told["cle"]])
    with scene.on(-4, 11):
        for rank, answer in enumerate(_answers(scene, "maintenant")):
            need = actions.record_need_from_answer(answer, by=scene.team)
            if rank >= RECEIVED:
                _qualify(scene, need, theme=told_of[need.description]["theme"])


def _qualify(scene: Scene, need: Need, *, theme: str) -> None:
    need.theme = scene.themes[theme]
    need.save(update_fields=["theme"])
    actions.qualify(need, by=scene.team)


def _answers(scene: Scene, edition: str) -> list[Answer]:
    """Needs in the communes' own words, of responses that were sent."""
    survey = scene.surveys[edition]
    told = Answer.objects.filter(response__survey=survey, question__kind="need", value__isnull=False)
    return list(told.exclude(response__submitted_at=None).order_by("response__submitted_at", "pk"))


def _pool(scene: Scene, told: dict[str, Any], needs: list[Need]) -> SharedNeed:
    day = told["jour"]
    pillars = Pillar.objects.filter(code__in=told["piliers"])
    objectives = [scene.objectives[code] for code in told["objectifs"]]
    with scene.on(day - 12, 15):
        for need in needs:
            need.dimension, need.focus = scene.dimensions[told["dimension"]], told["accent"]
            need.save(update_fields=["dimension", "focus"])
            need.pillars.set(pillars)
            need.objectives.set(objectives)
            _qualify(scene, need, theme=told["theme"])
    with scene.on(day, 10):
        shared = actions.pool(needs=needs, title=told["titre"], by=scene.team)
        shared.description, shared.public = told["description"], True
        shared.save(update_fields=["description", "public"])
    for rank, (slug, stance) in enumerate(told["positions"].items(), start=1):
        with scene.on(day + 3 * rank, 20):
            place = scene.municipalities[slug]
            actions.set_position(shared, municipality=place, stance=stance, by=scene.referents[slug])
    return shared
