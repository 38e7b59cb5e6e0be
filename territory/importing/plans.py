"""The tree of a plan, one objective a line: a line names its parent by its code, or its own code tells it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tabular import cells
from tabular.targets import Field, Outcome, Plan, Session, Target, Values
from territory.choices import Level
from territory.forms import ObjectivesForm
from territory.models import Objective
from typography.folding import fold

LEVELS = {
    "axe": Level.STRATEGIC,
    "os": Level.STRATEGIC,
    "objectif strategique": Level.STRATEGIC,
    "oo": Level.OPERATIONAL,
    "objectif operationnel": Level.OPERATIONAL,
    "action": Level.ACTION,
    "projet": Level.ACTION,
    "fiche projet": Level.ACTION_SHEET,
}
"""What plans call each level, folded."""
BY_DEPTH = (Level.STRATEGIC, Level.OPERATIONAL, Level.ACTION)
"""The level of an objective of which a table says nothing else than how deep it stands."""


def read_level(cell: str) -> str:
    """Return the level that a cell names."""
    if (said := fold(cell).removesuffix("s")) in LEVELS:
        return LEVELS[said]
    raise ValidationError(_("« %s » n’est pas un niveau (axe, objectif, action)") % cell[:40])


class ObjectiveSession(Session):
    """One tree. The plan's objectives are loaded once, by code."""

    def __init__(self, options: Mapping[str, Any]):
        self.plan_of = options["plan"]
        self.there = {one.code: one for one in self.plan_of.objectives.select_related("parent")}
        self.depths: dict[str, int] = {code: self._depth(one) for code, one in self.there.items()}
        self.given: dict[str, int] = {}

    def _depth(self, objective: Objective) -> int:
        depth, above = 0, objective.parent_id
        parents = {one.pk: one.parent_id for one in self.there.values()}
        while above and depth < len(parents):
            depth, above = depth + 1, parents[above]
        return depth

    def check(self, values: Values) -> list[str]:
        code = values["code"] = values["code"].rstrip(".")
        if "parent" in values:
            values["parent"] = values["parent"].rstrip(".")
        elif "." in code:
            values["parent"] = code.rpartition(".")[0]
        above = values.get("parent", "")
        if above == code:
            raise ValidationError(_("un objectif n’est pas son propre parent"))
        if above and above not in self.depths:
            raise ValidationError(
                _("le parent « %s » n’est pas plus haut dans le fichier, ni dans le plan") % above
            )
        depth = self.depths[above] + 1 if above else 0
        self.depths.setdefault(code, depth)
        values.setdefault("level", BY_DEPTH[min(depth, len(BY_DEPTH) - 1)])
        return []

    def identity(self, values: Values) -> tuple[str, ...]:
        return (str(self.plan_of.pk), values["code"])

    def plan(self, values: Values, *, line: int, known: str = "", choice: str = "") -> Plan:
        label = f"{values['code']} {values['title']}"
        if self.given.setdefault(values["code"], line) != line:
            return Plan(
                Outcome.REFUSED,
                label,
                reasons=[_("ce code est déjà à la ligne %s") % self.given[values["code"]]],
            )
        there = self.there.get(values["code"])
        facts = _facts(there) if there else {}
        changes = [
            [str(one.label), _said(name, facts.get(name, "")), _said(name, values[name])]
            for name, one in FIELDS.items()
            if name in values and name != "code" and facts.get(name, "") != values[name]
        ]
        if there is None:
            return Plan(Outcome.CREATE, label, changes=changes)
        return Plan(Outcome.CHANGE if changes else Outcome.SAME, label, str(there.pk), changes)

    def write(self, values: Values, plan: Plan, *, line: int, by) -> str:
        objective = self.there.get(values["code"]) or Objective(
            plan=self.plan_of, code=values["code"], order=line
        )
        above = values.get("parent", "")
        if above and above not in self.there:
            raise ValidationError(_("son parent « %s » n’a pas été écrit") % above)
        if above:
            objective.parent = self.there[above]
        for name in ("title", "level", "description"):
            if name in values:
                setattr(objective, name, values[name])
        objective.clean_fields()
        objective.clean()
        objective.save()
        self.there[objective.code] = objective
        return str(objective.pk)


def _facts(objective: Objective) -> dict[str, str]:
    facts = {name: getattr(objective, name) for name in ("title", "level", "description")}
    return facts | {"parent": objective.parent.code if objective.parent else ""}


def _said(name: str, value: str) -> str:
    return str(Level(value).label) if name == "level" and value else value


class Objectives(Target):
    """The tree of a commune's plan: axes, objectives, actions."""

    key = "objectives"
    label = gettext_lazy("plan (axes, objectifs, actions)")
    help = gettext_lazy("Une ligne par objectif ou action, chacun après son parent.")
    permissions = ("territory.add_objective", "territory.change_objective")
    form = ObjectivesForm
    fields = (
        Field(
            "code",
            gettext_lazy("code"),
            partial(cells.text, most=30),
            ("n°", "numéro", "identifiant", "référence", "id"),
            required=True,
        ),
        Field(
            "title",
            gettext_lazy("titre"),
            partial(cells.text, most=300),
            ("intitulé", "libellé", "objectif", "nom"),
            required=True,
        ),
        Field("level", gettext_lazy("niveau"), read_level, ("type",)),
        Field(
            "parent",
            gettext_lazy("code du parent"),
            partial(cells.text, most=30),
            ("parent", "dépend de", "code parent"),
        ),
        Field("description", gettext_lazy("description"), cells.paragraphs, ("détail", "remarque")),
    )

    def open(self, options: Mapping[str, Any]) -> ObjectiveSession:
        return ObjectiveSession(options)


OBJECTIVES = Objectives()
FIELDS = {one.name: one for one in OBJECTIVES.fields}
