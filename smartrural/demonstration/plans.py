"""The plans to which the work answers: the LAG's strategy, and one commune's programme."""

from smartrural.demonstration.scene import Scene
from territory.models import Objective, StrategicPlan


def tell(scene: Scene) -> None:
    """Write the plans with their trees."""
    for told in scene.words("plans")["plan"]:
        place = told.get("commune")
        first, last = told["annees"]
        plan = StrategicPlan(
            kind=told["type"],
            code=told["code"],
            title=told["titre"],
            municipality=scene.municipalities[place] if place else None,
            start_year=first,
            end_year=last,
            source=told["source"],
        )
        plan.full_clean()
        plan.save()
        for order, node in enumerate(told["objectifs"], start=1):
            objective = Objective(
                plan=plan,
                parent=scene.objectives.get(f"{told['cle']} {node.get('sous', '')}"),
                level=node["niveau"],
                code=node["code"],
                title=node["titre"],
                order=order,
            )
            objective.clean()
            objective.save()
            scene.objectives[f"{told['cle']} {node['code']}"] = objective
