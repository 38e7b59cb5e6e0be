"""Questions about actors, members and contacts."""

from django.db import models
from django.db.models import Case, Count, Q, Value, When

from accounts.querysets import normalise_email
from actors import naming
from actors.choices import FAMILY_OF, KINDS_OF, Family, MembershipRole, MembershipState, State
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
