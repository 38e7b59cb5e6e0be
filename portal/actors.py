"""An actor's sheet: who they are, where, what they do here (rooms above hang their part on it)."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actors.choices import SLUG_OF, MembershipRole
from actors.models import Actor, ActorSlug
from charts import geometry, maps
from charts.chart import Chart
from portal import participation
from territory.models import Municipality

_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet; a former address leads to the present one."""
    visible = Actor.objects.visible_to(request.user)
    found = (
        visible.filter(slug=slug).with_places().prefetch_related("themes", "municipalities_served").first()
    )
    if found is None:
        former = ActorSlug.objects.filter(slug=slug, actor__in=visible).select_related("actor").first()
        if former is None:
            raise Http404
        return redirect(former.actor, permanent=True)
    members = list(found.memberships.active().values_list("user", "role"))
    user = request.user.pk
    return render(
        request,
        "portal/actor.html",
        {
            "actor": found,
            "map": locator(found),
            "data": structured(found),
            "participation": participation.of(found, request.user),
            "may_enter": Actor.objects.spaces_visible_to(request.user).filter(pk=found.pk).exists(),
            "may_edit": Actor.objects.editable_by(request.user).filter(pk=found.pk).exists(),
            "has_referent": any(role == MembershipRole.REFERENT for _user, role in members),
            "member": any(member == user for member, _role in members),
            "may_invite": Actor.objects.members_editable_by(request.user).filter(pk=found.pk).exists(),
            "trail": [
                (_("Accueil"), reverse("home")),
                (_("Acteurs"), reverse("actors:directory")),
                (found.family.label.capitalize(), reverse("actors:family", args=[SLUG_OF[found.family]])),
            ],
        },
    )


def locator(actor: Actor) -> Chart | None:
    """Return the actor's municipality with its villages, neighbours around; None without an outline."""
    around = {place.pk: place for place in Municipality.objects.on_map()}
    here = around.pop(actor.municipality_id, None)
    if here is None:
        return None
    villages = [
        maps.Village(village.name, village.lon, village.lat)
        for village in here.localities.all()
        if village.lon is not None and village.lat is not None
    ]
    figure = actor.locality.name if actor.locality else ", ".join(here.postal_codes[:1])
    return maps.choropleth(
        [
            maps.Place(
                code=here.code,
                name=here.name,
                boundary=geometry.read(here.boundary.geometry),
                value=2,
                figure=figure,
                short_figure=figure,
                villages=tuple(villages),
            )
        ],
        [maps.Neighbour(place.name, geometry.read(place.boundary.geometry)) for place in around.values()],
        key="lieu",
        title=_("%(actor)s sur la carte") % {"actor": actor},
        description=actor.place,
        bounds=[0, 1, 2, 3],
        width=640,
        height=470,
    )


def structured(actor: Actor) -> SafeString:
    """Return the sheet as schema.org JSON-LD, safe inside a script element."""
    address = {
        "@type": "PostalAddress",
        "streetAddress": actor.street,
        "postalCode": actor.locality.postal_code if actor.locality else "",
        "addressLocality": actor.locality.name if actor.locality else str(actor.municipality or ""),
        "addressCountry": "BE",
    }
    facts = {
        "name": actor.name,
        "description": actor.summary,
        "url": settings.SITE_URL + actor.get_absolute_url(),
        "sameAs": actor.website,
        "email": actor.email,
        "telephone": actor.phone,
        "logo": settings.SITE_URL + actor.logo_address if actor.logo else "",
        "vatID": f"BE{actor.enterprise_number}" if actor.enterprise_number else "",
        "address": {name: value for name, value in address.items() if value} if actor.municipality else "",
    }
    known = {name: value for name, value in facts.items() if value}
    text = json.dumps(
        {"@context": "https://schema.org", "@type": "Organization", **known}, ensure_ascii=False
    )
    return mark_safe(text.translate(_IN_SCRIPT))  # noqa: S308 - <, > and & are written as \u003c
