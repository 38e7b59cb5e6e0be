"""The frame of a diagnostic: its scope, what it is compared with, and the one rounding of its figures."""

from decimal import Decimal
from functools import cached_property
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from needs.models import Response, Survey
from territory.choices import AreaKind
from territory.models import LAG, Area, Municipality
from typography import numbers

TOGETHER = 9
"""Up to how many municipalities are shown one by one; beyond, a page shows none of them."""

Place = Municipality | Area


def check_scope(scope: Place) -> None:
    """Raise ValidationError, in French, for an area without municipality: nothing could be said of it."""
    if isinstance(scope, Area) and not scope.municipalities.exists():
        raise ValidationError(
            _(
                "La zone «\u00a0{area}\u00a0» ne contient aucune commune\u00a0: il n’y a rien à diagnostiquer."
                " Ajoutez-lui des communes, puis réessayez."
            ).format(area=scope),
            code="empty",
        )


class Frame:
    """The scope and what it is compared with: municipalities beside it, areas around it, editions before it.

    `communes` are the municipalities of the territory in question, however many; `together` the same when they
    are few enough to be shown one by one, else none.
    """

    def __init__(self, scope: Place, lag: LAG, *, edition: str, survey: Survey | None = None) -> None:
        self.scope, self.lag, self.edition, self._survey = scope, lag, edition, survey
        self.today = timezone.localdate()
        kinds = {AreaKind.PROVINCE: None, AreaKind.REGION: None}
        if isinstance(scope, Municipality):
            group = lag.area if lag.area.municipalities.filter(pk=scope.pk).exists() else None
            members = list(group.municipalities.current()) if group else []
            self.members = [place for place in members if place != scope]
            around = Area.objects.containing(scope)
        else:
            group = None
            members = list(scope.municipalities.current())
            self.members = members if len(members) <= TOGETHER else []
            around = Area.objects.filter(municipalities__in=members).distinct()
        self.size = len(members)
        self.communes: list[Municipality] = members or [cast(Municipality, scope)]
        self.together = self.communes if len(self.communes) <= TOGETHER else []
        self.group = group
        for kind in kinds:
            found = list(around.filter(kind=kind))
            kinds[kind] = found[0] if len(found) == 1 and found[0] != scope else None
        self.province, self.region = kinds[AreaKind.PROVINCE], kinds[AreaKind.REGION]
        everyone = self.region or (scope if isinstance(scope, Area) else None)
        self.among = everyone
        self.everyone = list(everyone.municipalities.all()) if everyone else []
        aggregates = [place for place in (group, self.province, self.region) if place]
        self.places: list[Place] = [scope, *self.members, *aggregates]
        self.on_map = self.members if isinstance(scope, Area) else [scope, *self.members]

    def described(self) -> dict:
        """What the frame itself leaves in the snapshot."""
        lag = self.lag
        return {
            "scope": self.describe(self.scope),
            "lag": {
                "name": lag.name,
                "short_name": lag.short_name,
                "programme": lag.programme,
                "funders": lag.funders,
                "credit": lag.statistics_credit,
            },
            "places": [self.describe(place) for place in self.places],
            "communes": [[place.code, place.name] for place in self.together],
            "among": len(self.everyone),
            "map": self.map(),
            "survey": self._described_survey(),
        }

    @property
    def own(self) -> Municipality | None:
        """The municipality that the diagnostic is about; None for an area."""
        return self.scope if isinstance(self.scope, Municipality) else None

    @cached_property
    def survey(self) -> Survey | None:
        """The survey that was chosen, else the latest that communes of the territory answered, else the latest."""
        if self._survey:
            return self._survey
        surveys = Survey.objects.begun().of_communes().order_by("-opens_at", "-pk")
        answered = surveys.filter(
            responses__in=Response.objects.submitted().filter(actor__municipality__in=self.communes)
        )
        return answered.first() or surveys.first()

    @cached_property
    def previous_survey(self) -> Survey | None:
        """The edition before: the one that the survey names, else the latest earlier one of its questionnaire."""
        if self.survey is None:
            return None
        earlier = (
            Survey.objects.begun()
            .of_communes()
            .filter(questionnaire__code=self.survey.questionnaire.code, opens_at__lt=self.survey.opens_at)
        )
        return self.survey.previous or earlier.order_by("-opens_at", "-pk").first()

    def _described_survey(self) -> dict | None:
        survey, before = self.survey, self.previous_survey
        if survey is None:
            return None
        return {
            "title": survey.title,
            "edition": survey.edition,
            "questionnaire": survey.questionnaire.code,
            "questionnaire_version": survey.questionnaire.version,
            "opens": timezone.localdate(survey.opens_at).isoformat(),
            "closes": timezone.localdate(survey.closes_at).isoformat(),
            "open": survey.takes_answers(),
            "previous": before.edition if before else "",
        }

    def describe(self, place: Place) -> dict:
        """A place as pages name it: code, name, label in charts and tables, and what it is to the scope."""
        role = {"scope": self.scope, "group": self.group, "province": self.province, "region": self.region}
        found = next((name for name, known in role.items() if known == place and known is not None), "member")
        name = label = str(place)
        if place == self.lag.area:
            name, label = self.lag.name, _("{n} communes").format(n=self.size)
        return {
            "code": place.code,
            "name": name,
            "label": label,
            "role": found,
            "kind": "municipality" if isinstance(place, Municipality) else place.kind,
            "municipalities": 1 if isinstance(place, Municipality) else place.municipalities.count(),
        }

    def map(self) -> list[list]:
        """Outlines of the municipalities shown one by one, thinned to about 10 m: [code, geometry]."""
        shapes = Municipality.objects.filter(pk__in=[place.pk for place in self.on_map]).with_boundary()
        return [[place.code, _thinned(place.boundary.geometry)] for place in shapes]


def _thinned(geometry: dict) -> dict:
    def thin(part):
        if isinstance(part[0], (int, float)):
            return [round(part[0], 4), round(part[1], 4)]
        return [thin(piece) for piece in part]

    return {"type": geometry["type"], "coordinates": thin(geometry["coordinates"])}


def plain(value: Decimal | None, decimals: int) -> int | float | None:
    """The one rounding: half away from zero; whole numbers without a decimal point."""
    if value is None:
        return None
    exact = numbers.rounded(value, decimals)
    return int(exact) if decimals == 0 else float(exact)
