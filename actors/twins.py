"""Sheets that may already be the one somebody is about to propose."""

from django.db.models import Q

from actors import matching
from actors.models import Actor
from actors.querysets import ActorQuerySet
from typography.folding import MOST_WORDS

MOST_READ = 300
"""Names of one municipality that are compared, at most."""
MOST_SHOWN = 6


def close_to(actor: Actor, among: ActorQuerySet) -> list[Actor]:
    """Return the sheets with its enterprise number or its e-mail, then those of a close name in its municipality.

    At most MOST_SHOWN; two queries.
    """
    same = Q()
    if actor.enterprise_number:
        same |= Q(enterprise_number=actor.enterprise_number)
    if actor.email:
        same |= Q(email__iexact=actor.email)
    others = among.exclude(pk=actor.pk).with_places()
    found = list(others.filter(same)[:MOST_SHOWN]) if same else []
    alike = Q()
    for word in sorted(matching.words_of(actor.name))[:MOST_WORDS]:
        alike |= Q(search_text__contains=word[: matching.STEM])
    near = others.filter(alike, municipality=actor.municipality).order_by("pk")[:MOST_READ] if alike else []
    found += [one for one in near if one not in found and matching.is_close(actor.name, one.name)]
    return found[:MOST_SHOWN]
