"""Questions about questionnaires, surveys, responses and needs."""

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from actors.choices import Family, Kind, MembershipRole, MembershipState
from invitations.choices import OPEN
from needs.choices import NeedState, QuestionnaireState, ResponseState, SharedNeedState, SurveyState

WRITERS = (MembershipRole.REFERENT, MembershipRole.EDITOR)
"""Members who answer for their actor."""


class QuestionnaireQuerySet(models.QuerySet):
    """Questions about questionnaires, chained."""

    def published(self):
        """Versions that a survey may use."""
        return self.filter(state=QuestionnaireState.PUBLISHED)

    def with_content(self):
        """With sections, questions and choices: three more queries."""
        return self.prefetch_related("sections__questions__choices", "sections__questions__dimension")


class SurveyQuerySet(models.QuerySet):
    """Questions about surveys, chained."""

    def begun(self):
        """Surveys that have been opened, and whose first day has come."""
        return self.exclude(state=SurveyState.DRAFT).filter(opens_at__lte=timezone.now())

    def of_communes(self):
        """Surveys that communes answer."""
        return self.filter(audience=Family.MUNICIPALITIES)

    def with_participation(self):
        """With `begun_count` and `sent_count`, the responses begun and sent."""
        sent = Q(responses__state=ResponseState.SUBMITTED)
        return self.annotate(begun_count=Count("responses"), sent_count=Count("responses", filter=sent))

    def taking_answers(self):
        """Surveys that may be answered now."""
        now = timezone.now()
        return self.filter(state=SurveyState.OPEN, opens_at__lte=now, closes_at__gte=now)


class ResponseQuerySet(models.QuerySet):
    """Questions about responses, chained.

    `invitation` is the one that the visitor follows, if any: its actor's response to its survey is theirs to
    write and to send, without an account, as long as its campaign is open.
    """

    def visible_to(self, user, invitation=None):
        """Responses of the actors of which the user is an active member, and the invited one; staff see all."""
        if user.is_authenticated and user.is_staff:
            return self
        return self._among(user, MembershipRole.values, invitation)

    def editable_by(self, user, invitation=None):
        """Responses whose answers one may write, whatever their state: referents, editors, who is invited."""
        return self._among(user, WRITERS, invitation)

    def submittable_by(self, user, invitation=None):
        """Responses that one may submit, whatever their state: referents, who is invited."""
        return self._among(user, (MembershipRole.REFERENT,), invitation)

    def submitted(self):
        """Responses that count: sent, and not reopened since."""
        return self.filter(state=ResponseState.SUBMITTED)

    def _among(self, user, roles, invitation):
        every = self.model._default_manager
        mine = every.none()
        if user.is_authenticated:
            memberships = user.memberships.filter(state=MembershipState.ACTIVE, role__in=roles)
            mine = every.filter(actor__memberships__in=memberships)
        theirs = every.none()
        if invitation is not None:
            theirs = every.filter(
                survey__campaigns__campaign__invitations=invitation.pk,
                survey__campaigns__campaign__state__in=OPEN,
                actor=invitation.actor_id,
            )
        return self.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=theirs.values("pk")))


class NeedQuerySet(models.QuerySet):
    """Questions about needs, chained."""

    def visible_to(self, user):
        """Staff see all; others those they wrote, and those of the actors of which they are members."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        mine = user.memberships.filter(state=MembershipState.ACTIVE).values("actor")
        return self.filter(Q(author=user) | Q(actor__in=mine))

    def standing(self):
        """Needs that were not declined."""
        return self.exclude(state=NeedState.DECLINED)

    def waiting(self):
        """Needs that nobody has read yet."""
        return self.filter(state=NeedState.SUBMITTED)

    def count_by_theme(self) -> dict[str, int]:
        """Return {theme code: needs}, "" for those without a theme; themes without a need are absent."""
        return self._count_by("theme__code")

    def count_by_dimension(self) -> dict[str, int]:
        """Return {dimension code: needs}, "" for those without a dimension."""
        return self._count_by("dimension__code")

    def count_by_state(self) -> dict[str, int]:
        """Return {state: needs}."""
        return self._count_by("state")

    def count_by_municipality(self) -> dict[str, int]:
        """Return {municipality code: needs}."""
        return self._count_by("municipality__code")

    def _count_by(self, path: str) -> dict[str, int]:
        counted = self.order_by().values_list(path).annotate(Count("pk", distinct=True)).order_by(path)
        return {code or "": count for code, count in counted}


class SharedNeedQuerySet(models.QuerySet):
    """Questions about shared needs, chained."""

    def visible_to(self, user):
        """Published ones; staff see all."""
        return self if user.is_authenticated and user.is_staff else self.filter(public=True)

    def published_between(self, start, end):
        """Published ones that are so since an instant of [start, end)."""
        return self.filter(public=True, published_at__gte=start, published_at__lt=end)

    def open(self):
        """Those that still wait for an answer."""
        return self.filter(state__in=(SharedNeedState.STUDIED, SharedNeedState.PLANNED))

    def of_actor(self, actor):
        """Those made of a need of this actor; of a commune, those about which it took a position too."""
        theirs = self.filter(needs__actor=actor)
        if actor.kind == Kind.MUNICIPALITY:
            theirs |= self.filter(positions__municipality=actor.municipality_id)
            theirs |= self.filter(needs__municipality=actor.municipality_id)
        return self.filter(pk__in=theirs.values("pk"))

    def concerning(self, municipality):
        """Those made of a need of this municipality, or about which it took a position."""
        theirs = self.filter(Q(needs__municipality=municipality) | Q(positions__municipality=municipality))
        return self.filter(pk__in=theirs.values("pk"))

    def with_communes(self):
        """With the municipalities of their needs, and their positions: four more queries."""
        return self.select_related("theme", "dimension").prefetch_related(
            "needs__municipality", "positions__municipality"
        )


class PositionQuerySet(models.QuerySet):
    """Questions about positions, chained."""

    def count_by_stance(self) -> dict[str, int]:
        """Return {stance: municipalities}."""
        counted = self.order_by().values_list("stance").annotate(Count("pk")).order_by("stance")
        return dict(counted)
