"""Questions about actors, members and contacts."""

from datetime import date

from django.db import models
from django.db.models import Case, Count, Q, Value, When

from accounts.querysets import normalise_email
from actors import naming
from actors.choices import (
    FAMILY_OF,
    KINDS_OF,
    Family,
    MembershipRole,
    MembershipState,
    State,
    SubscriptionState,
)
from typography import folding

EDITING = (MembershipRole.REFERENT, MembershipRole.EDITOR)


class ActorQuerySet(models.QuerySet):
    """Questions about actors, chained."""

    def published(self):
        """Actors that everybody may see."""
        return self.filter(state=State.PUBLISHED)

    def of_family(self, family: str):
        """Actors of one family."""
        return self.filter(kind__in=KINDS_OF[family])

    def in_municipality(self, municipality):
        """Actors whose seat is in a municipality."""
        return self.filter(municipality=municipality)

    def in_area(self, area):
        """Actors whose seat is in one of an area's municipalities."""
        return self.filter(municipality__in=area.municipalities.values("pk"))

    def outside(self, municipalities):
        """Actors whose seat is in none of these municipalities, or unknown."""
        return self.filter(Q(municipality=None) | ~Q(municipality__in=municipalities))

    def matching(self, text: str):
        """Actors of whom every word typed tells something, whatever accents, case and hyphens.

        Their own words, the names of their municipality and of all its villages, their themes: see `naming`.
        """
        found = self
        for word in folding.words(text):
            found = found.filter(naming.holds(word, of_theme=self._of_themes))
        return found

    def nearest_first(self, text: str):
        """In order, those whose seat is in a village that the words mean before the others of its municipality."""
        villages = naming.villages(folding.words(text))
        if not villages:
            return self
        there = Case(When(locality__in=villages, then=Value(0)), default=Value(1))
        return self.order_by(there, "sort_name", "pk")

    def named(self, text: str):
        """Actors whose name holds every word typed, those that begin so first; none where every word is too short.

        Under `naming.SHORTEST` letters no index helps, and nearly every name would do.
        """
        words = folding.words(text)
        if max(map(len, words), default=0) < naming.SHORTEST:
            return self.none()
        found = self
        for word in words:
            # The text that is searched has the index; the name, with which it begins, has the last word.
            found = found.filter(search_text__contains=word, sort_name__contains=word)
        begins = Case(When(sort_name__startswith=folding.fold(text), then=Value(0)), default=Value(1))
        return found.order_by(begins, "sort_name", "pk")

    def called(self, text: str):
        """The one actor of this name, whatever accents and case, or of this enterprise number; else None."""
        name, digits = folding.fold(text)[:200], "".join(sign for sign in text if sign in "0123456789")
        if not name:
            return None
        number = Q(enterprise_number=digits.zfill(10)) if len(digits) in (9, 10) else Q()
        found = list(self.filter(Q(sort_name=name) | number)[:2])
        return found[0] if len(found) == 1 else None

    def _of_themes(self, themes: list[int]):
        """The primary keys of actors of some themes, as a subquery."""
        return ActorQuerySet(self.model).order_by().filter(themes__in=themes).values("pk")

    def with_places(self):
        """Each actor with its municipality and village, in the same query."""
        return self.select_related("municipality", "locality")

    def visible_to(self, user):
        """Published actors; staff see all, members theirs; a merged sheet is seen at its successor’s address."""
        if user.is_authenticated and user.is_staff:
            return self.exclude(state=State.MERGED)
        if user.is_authenticated:
            return self.exclude(state=State.MERGED).filter(
                Q(state=State.PUBLISHED) | Q(pk__in=ActorQuerySet(self.model).of_member(user).values("pk"))
            )
        return self.published()

    def editable_by(self, user):
        """Actors whose sheet this user may change: staff all, referents and editors theirs."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        mine = self.model._default_manager.filter(
            memberships__user=user,
            memberships__state=MembershipState.ACTIVE,
            memberships__role__in=EDITING,
        )
        return self.filter(pk__in=mine.values("pk"))

    def members_editable_by(self, user):
        """Actors whose members this user may invite and remove: staff all, referents theirs."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(pk__in=ActorQuerySet(self.model).of_referent(user).values("pk"))

    def spaces_visible_to(self, user):
        """Actors whose own space this user may open: managers and staff all, members theirs, others none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_manager:
            return self
        return self.filter(pk__in=ActorQuerySet(self.model).of_member(user).values("pk"))

    def of_member(self, user):
        """Actors of which this user is an active member."""
        return self.filter(memberships__user=user, memberships__state=MembershipState.ACTIVE)

    def of_referent(self, user):
        """Actors for which this user answers."""
        return self.filter(
            memberships__user=user,
            memberships__state=MembershipState.ACTIVE,
            memberships__role=MembershipRole.REFERENT,
        )

    def unconfirmed_since(self, moment):
        """Published actors whose sheet nobody confirmed since then; one younger than that is not late."""
        late = Q(confirmed_at__lt=moment) | Q(confirmed_at=None, created_at__lt=moment)
        return self.published().filter(late)

    def without_referent(self):
        """Published actors for which nobody answers."""
        return self.published().exclude(pk__in=self._answered_for())

    def _answered_for(self):
        """The primary keys of actors that have a referent, as a subquery."""
        return (
            ActorQuerySet(self.model)
            .order_by()
            .filter(memberships__state=MembershipState.ACTIVE, memberships__role=MembershipRole.REFERENT)
            .values("pk")
        )

    def to_ask_for_confirmation(self, moment):
        """Those not confirmed since `moment`, which have a referent, and were not asked since."""
        asked = Q(confirmation_asked_at=None) | Q(confirmation_asked_at__lt=moment)
        return self.unconfirmed_since(moment).filter(asked, pk__in=self._answered_for())

    def count_by_family(self) -> list[tuple[Family, int]]:
        """Return every family with its number of actors, in the families' order; one query."""
        family = Case(*(When(kind=kind, then=Value(family.value)) for kind, family in FAMILY_OF.items()))
        rows = self.order_by().values_list(family).annotate(n=Count("pk"))
        counts = dict(rows)
        return [(family, counts.get(family.value, 0)) for family in Family]

    def count_by_municipality(self) -> list[tuple[int | None, int]]:
        """Return municipality's primary key (None: no seat known here) and number of actors; one query."""
        rows = self.order_by().values_list("municipality").annotate(n=Count("pk"))
        return sorted(rows, key=lambda row: (row[0] is None, row[0] or 0))

    def count_by_theme(self) -> list[tuple[int, int]]:
        """Return theme's primary key and number of actors; an actor counts once in each of its themes."""
        rows = self.order_by().filter(themes__isnull=False).values_list("themes").annotate(n=Count("pk"))
        return sorted(rows)

    def count_by_kind_and_place(self) -> list[tuple[str, int | None, int | None, int]]:
        """Return kind, primary keys of municipality and village, number of actors; read from one index."""
        return list(self.order_by().values_list("kind", "municipality", "locality").annotate(n=Count("pk")))


class MembershipQuerySet(models.QuerySet):
    """Questions about members, chained."""

    def active(self):
        """Members who may act."""
        return self.filter(state=MembershipState.ACTIVE)

    def referents(self):
        """Active members who answer for their actor."""
        return self.active().filter(role=MembershipRole.REFERENT)

    def requested(self):
        """People who ask to speak for an actor, and wait for an answer."""
        return self.filter(state=MembershipState.REQUESTED)

    def current(self):
        """Members, invited and requesting people: everyone but those who left."""
        return self.exclude(state=MembershipState.REVOKED)

    def editable_by(self, user):
        """Memberships that this user may approve or revoke: those of the actors they answer for."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(
            actor__memberships__user=user,
            actor__memberships__state=MembershipState.ACTIVE,
            actor__memberships__role=MembershipRole.REFERENT,
        )


class SubscriptionQuerySet(models.QuerySet):
    """Questions about subscriptions to the digest, chained."""

    def active(self):
        """Those who said yes, and to whom the digest goes."""
        return self.filter(state=SubscriptionState.ACTIVE)

    def owed(self, digest):
        """Those whom a digest has yet to look at: they had said yes when its period ended; in order."""
        said_yes = self.active().filter(confirmed_at__lt=digest.until)
        return said_yes.filter(pk__gt=digest.walked_to).order_by("pk")

    def with_choices(self):
        """Each with its themes and municipalities: two more queries."""
        return self.prefetch_related("themes", "municipalities")

    def of_address(self, email: str):
        """The subscription of an address, in the one form in which addresses are stored."""
        return self.filter(email=normalise_email(email))

    def to_erase(self, *, asked_before, stopped_before):
        """Those never confirmed, and those that have been stopped long enough."""
        return self.filter(
            Q(state=SubscriptionState.PENDING, asked_at__lt=asked_before)
            | Q(state=SubscriptionState.STOPPED, stopped_at__lt=stopped_before)
        )

    def count_by_theme(self) -> list[tuple[int | None, int]]:
        """Return theme's primary key and subscriptions that chose it; (None, those who want every theme) first."""
        rows = self.order_by().values_list("themes").annotate(n=Count("pk", distinct=True))
        return sorted(rows, key=lambda row: row[0] or 0)


class ContactQuerySet(models.QuerySet):
    """Questions about contacts, chained."""

    def writable(self):
        """Contacts to whom a campaign may write: an address, a consent, neither opted out nor bounced."""
        everybody: ContactQuerySet = ContactQuerySet(self.model).order_by()
        consenting = everybody.filter(consents__isnull=False, consents__withdrawn_at=None).values("pk")
        return self.exclude(email="").filter(pk__in=consenting, opted_out_at=None, bounced_at=None)

    def matching(self, text: str):
        """Contacts of whom every word typed is in their own words, or in the name of an organisation of theirs.

        Two questions a word, joined by UNION: each is read from its own index, where an OR over two tables reads
        both whole.
        """
        everybody: ContactQuerySet = ContactQuerySet(self.model).order_by()
        found = self
        for word in folding.words(text):
            own = everybody.filter(search_text__contains=word)
            # An organisation's text has the index; its name, with which that text begins, has the last word.
            theirs = everybody.filter(actors__search_text__contains=word, actors__sort_name__contains=word)
            found = found.filter(pk__in=own.values("pk").union(theirs.values("pk")))
        return found

    def of_address(self, email: str):
        """The contact of an address, in the one form in which addresses are stored."""
        return self.filter(email=normalise_email(email)).exclude(email="")


class InteractionQuerySet(models.QuerySet):
    """Questions about what was said with people, chained."""

    def with_parties(self):
        """Each interaction with its people and actors, in two more queries whatever their number."""
        return self.select_related("staff").prefetch_related("contacts", "actors")

    def to_follow(self):
        """Those whose next step is not done, the soonest first."""
        return self.filter(next_step_on__isnull=False, next_step_done_at=None).order_by("next_step_on", "pk")

    def late(self, today: date):
        """Those whose next step was for an earlier day, and is not done."""
        return self.to_follow().filter(next_step_on__lt=today)

    def due(self, today: date):
        """Those whose next step is for this very day, and is not done."""
        return self.to_follow().filter(next_step_on=today)

    def to_reread(self):
        """Those whose free text may still name somebody who was erased."""
        return self.filter(to_reread=True).order_by("date", "pk")


class ProposalQuerySet(models.QuerySet):
    """Questions about proposals, chained."""

    def unanswered(self):
        """Those whose person was told nothing yet."""
        return self.filter(answered_at=None)


class CorrectionQuerySet(models.QuerySet):
    """Questions about errors that people report, chained."""

    def waiting(self):
        """Those that nobody dealt with."""
        return self.filter(handled_at=None)
