"""Verbs: sheets are proposed, published, archived; members invited; contacts agree to be written to."""

from django.db import transaction

from accounts import journal
from accounts.models import User
from actors import figures
from actors.choices import Kind, State
from actors.models import Actor, ActorSlug
from territory.models import Municipality


@transaction.atomic
def create_communes(*, by: User | None) -> list[Actor]:
    """Give each of the LAG's municipalities its actor, published; return those made (none the second time)."""
    there = Actor.objects.filter(kind=Kind.MUNICIPALITY).exclude(state=State.MERGED)
    made = []
    for place in Municipality.objects.of_lag().exclude(pk__in=there.values("municipality")):
        commune = Actor.objects.create(
            kind=Kind.MUNICIPALITY,
            state=State.PUBLISHED,
            name=place.name,
            slug=free_slug(place.slug),
            municipality=place,
            lon=place.lon,
            lat=place.lat,
        )
        commune.municipalities_served.add(place)
        journal.record("actor.published", commune, by=by)
        made.append(commune)
    if made:
        transaction.on_commit(figures.forget_directory, robust=True)
    return made


def free_slug(wanted: str) -> str:
    """Return this address, or the first of "…-2", "…-3" that no actor has or had."""
    slug, number = wanted, 1
    while Actor.objects.filter(slug=slug).exists() or ActorSlug.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug
