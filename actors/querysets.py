"""Questions about actors, members and contacts."""

from django.db import models
from django.db.models import Q

from actors.choices import KINDS_OF, MembershipRole, MembershipState, State


class ActorQuerySet(models.QuerySet):
    """Questions about actors, chained."""

    def published(self):
        """Actors that everybody may see."""
        return self.filter(state=State.PUBLISHED)

    def of_family(self, family: str):
        """Actors of one family."""
        return self.filter(kind__in=KINDS_OF[family])

    def visible_to(self, user):
        """Published actors; staff see all; members see theirs."""
        if user.is_authenticated and user.is_staff:
            return self
        if user.is_authenticated:
            theirs = ActorQuerySet(self.model, using=self.db).of_member(user)
            return self.filter(Q(state=State.PUBLISHED) | Q(pk__in=theirs.values("pk")))
        return self.published()

    def of_member(self, user):
        """Actors of which this user is an active member."""
        return self.filter(memberships__user=user, memberships__state=MembershipState.ACTIVE)

    def of_referent(self, user):
        """Actors for which this user answers."""
        return self.of_member(user).filter(memberships__role=MembershipRole.REFERENT)


class ContactQuerySet(models.QuerySet):
    """Questions about contacts, chained."""

    def writable(self):
        """Contacts to whom a campaign may write: an address, a consent, neither opted out nor bounced."""
        consenting = self.filter(consents__isnull=False, consents__withdrawn_at=None)
        return consenting.exclude(email="").filter(opted_out_at=None, bounced_at=None).distinct()
