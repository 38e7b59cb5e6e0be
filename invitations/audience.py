"""Who a campaign invites: chosen by family and municipality, and who of them cannot be written to."""

from collections.abc import Collection, Iterable

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from actors.choices import KINDS_OF
from actors.models import Actor, Consent, Contact
from territory.models import Municipality


def choose(*, families: Collection[str], municipalities: Collection[Municipality]) -> QuerySet[Contact]:
    """Contacts who stand for an actor of these families, in these municipalities; an empty list asks nothing.

    A person's municipality is their own, or that of one of their actors. Nothing chosen is nobody.
    """
    if not families and not municipalities:
        return Contact.objects.none()
    actors = Actor.objects.filter(contacts=OuterRef("pk")).order_by()
    if families:
        actors = actors.filter(kind__in=[kind for family in families for kind in KINDS_OF[family]])
    there = Q()
    if municipalities:
        there = Q(Exists(actors.filter(municipality__in=municipalities)))
        there |= Q(municipality__in=municipalities)
    return Contact.objects.filter(there, Exists(actors) if families else Q())


def unreachable(contacts: QuerySet[Contact]) -> list[tuple[str, int]]:
    """(reason in French, people) for those to whom no campaign may write; each person for one reason."""
    reasons = {
        "address": _("sans adresse e-mail"),
        "opted_out": _("désinscrits"),
        "bounced": _("adresse refusée"),
        "consent": _("sans accord écrit"),
    }
    consents = Consent.objects.filter(contact=OuterRef("pk"), withdrawn_at=None)
    counted = dict(
        contacts.annotate(
            reason=Case(
                When(email="", then=Value("address")),
                When(opted_out_at__isnull=False, then=Value("opted_out")),
                When(bounced_at__isnull=False, then=Value("bounced")),
                When(~Exists(consents), then=Value("consent")),
                default=Value(""),
            )
        )
        .order_by()
        .values_list("reason")
        .annotate(Count("pk"))
    )
    return [(label, counted[reason]) for reason, label in reasons.items() if reason in counted]


def first(contacts: QuerySet[Contact], number: int = 10) -> Iterable[Contact]:
    """The first of them by name, with what a page shows."""
    return contacts.select_related("municipality").prefetch_related("actors").order_by("name", "pk")[:number]
