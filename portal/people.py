"""The desk's pages of a person: their whole history, what is held of them, and their erasure."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, journal
from accounts.erasure import Person
from accounts.models import User
from accounts.proving import proven_for_file
from actors.models import Actor, Contact
from actors.querysets import ContactQuerySet
from documents import files
from portal import extracts, timelines
from portal.forms import AddressForm
from trainings import names


@never_cache
@login_required
@require_safe
def contact_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened with a person."""
    contact = _contact(request, public_id)
    user = cast(User, request.user)
    doors = {
        "extract_url": reverse("portal:contact_extract", args=[contact.public_id]),
        "erase_url": reverse("portal:contact_erasure", args=[contact.public_id])
        if user.has_perm("actors.erase_contact")
        else "",
    }
    return _timeline(request, contact, timelines.of_contact(contact, _kind(request)), doors)


@never_cache
@login_required
@require_safe
def actor_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened with an actor and its people."""
    _let_in(request, "actors.view_actor")
    actor = get_object_or_404(Actor, public_id=public_id)
    doors = {"extract_url": "", "erase_url": ""}
    return _timeline(request, actor, timelines.of_actor(actor, _kind(request)), doors)


@never_cache
@login_required
@require_POST
@proven_for_file
def contact_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything held of a person, as one JSON file to hand over; the journal says who took it."""
    contact = _contact(request, public_id)
    held = extracts.of_contact(contact)
    journal.record("contact.extracted", contact, by=cast(User, request.user))
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    return files.kept_private(response, f"donnees-{slugify(contact.name) or 'personne'}.json")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=False)
def contact_erasure(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what an erasure does and what waits, room by room; do what was shown once it is confirmed."""
    contact = _contact(request, public_id, "actors.erase_contact")
    trail = [(str(contact), reverse("portal:contact_timeline", args=[contact.public_id]))]
    return _erasure(request, Person().plus(rows=[contact]), str(contact), trail)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """Find by an address who is no contact, and what is held of them; the address is never in an address bar."""
    _let_in(request, "actors.view_contact")
    form = AddressForm(request.POST if request.method == "POST" else None)
    found, contact, email = None, None, ""
    if form.is_valid():
        email = form.cleaned_data["email"]
        contact = _contacts().of_address(email).first()
        own = names.folded(contact.name) if contact else ""
        found = [
            (name, extracts.told(extracts.of_address(email, name)))
            for name in extracts.known_as(email)
            if not own or names.folded(name) not in (own, "")
        ]
    context = {
        **admin.site.each_context(request),
        "title": _("Que garde le portail d’une adresse\u00a0?"),
        "form": form,
        "email": email,
        "contact": contact,
        "found": found,
        "may_erase": cast(User, request.user).has_perm("actors.erase_contact"),
    }
    return render(request, "portal/person.html", context)


@never_cache
@login_required
@require_POST
@proven_for_file
def person_extract(request: HttpRequest) -> HttpResponse:
    """Everything held of who is no contact, as one JSON file to hand over; the journal says who took one."""
    _let_in(request, "actors.view_contact")
    form = _named(request)
    held = extracts.of_address(form.cleaned_data["email"], form.cleaned_data["name"])
    user = cast(User, request.user)
    journal.record("person.extracted", user, by=user, things=sum(n for _label, n in extracts.told(held)))
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    return files.kept_private(response, f"donnees-{slugify(form.cleaned_data['name']) or 'personne'}.json")


@never_cache
@login_required
@require_POST
@reauthentication_required
def person_erasure(request: HttpRequest) -> HttpResponse:
    """The erasure of who is no contact: shown first, done once it is confirmed."""
    _let_in(request, "actors.erase_contact")
    form = _named(request)
    email, name = form.cleaned_data["email"], form.cleaned_data["name"]
    trail = [(_("Par l’adresse"), reverse("portal:person"))]
    whom = Person().plus(emails=[email], names=[name])
    return _erasure(request, whom, name or email, trail, hidden={"email": email, "name": name})


def _named(request: HttpRequest) -> AddressForm:
    """Return the address and name that a page of ours sent back. Raises Http404 for anything else."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form


def _erasure(
    request: HttpRequest,
    person: Person,
    called: str,
    trail: list[tuple[str, str]],
    hidden: dict[str, str] | None = None,
) -> HttpResponse:
    """Show what an erasure does; do it where the form confirms what was shown. `hidden` says whom, again."""
    user = cast(User, request.user)
    report, refusal = None, ""
    confirmed = request.method == "POST" and "vu" in request.POST
    try:
        report = actions.erase(person, by=user, dry_run=True)
        if confirmed and "compris" in request.POST:
            if request.POST.get("vu") == report.fingerprint:
                actions.erase(person, by=user)
                messages.success(
                    request,
                    _(
                        "C’est fait\u00a0: plus rien ne nomme cette personne, sauf les preuves dont le délai court."
                    ),
                )
                return redirect("admin:actors_contact_changelist")
            messages.error(request, _("Quelque chose a changé entre-temps\u00a0: relisez ce qui suit."))
        elif confirmed:
            messages.error(request, _("Cochez d’abord la case\u00a0: un effacement ne se défait pas."))
    except ValidationError as error:
        refusal = " ".join(error.messages)
    except OSError:
        refusal = _(
            "Le registre des effacements ne peut pas être écrit\u00a0: rien n’est effacé. "
            "Prévenez qui tient le serveur."
        )
    context = {
        **admin.site.each_context(request),
        "title": _("Effacer «\u00a0%s\u00a0»") % called,
        "trail": trail,
        "hidden": (hidden or {}).items(),
        "report": report,
        "refusal": refusal,
        "today": timezone.localdate(),
    }
    return render(request, "portal/erasure.html", context)


def _timeline(request: HttpRequest, thing: Actor | Contact, rows: QuerySet, doors: dict) -> HttpResponse:
    page = Paginator(rows, timelines.PER_PAGE).get_page(request.GET.get("page"))
    name = thing._meta.model_name
    context = {
        **admin.site.each_context(request),
        **doors,
        "title": _("Historique de «\u00a0%s\u00a0»") % thing,
        "thing": thing,
        "list_name": thing._meta.verbose_name_plural,
        "list_url": reverse(f"admin:actors_{name}_changelist"),
        "sheet_url": reverse(f"admin:actors_{name}_change", args=[thing.pk]),
        "note_url": f"{reverse('admin:actors_interaction_add')}?{name}s={thing.pk}",
        "kind": _kind(request),
        "kinds": timelines.Kind.choices,
        "page": page,
        "noun": _("Événements"),
        "months": timelines.by_month(timelines.events(page.object_list)),
    }
    return render(request, "portal/timeline.html", context)


def _kind(request: HttpRequest) -> str:
    """Return the kind asked for, "" for all of them and for one that there is not."""
    kind = request.GET.get("type", "")
    return kind if kind in timelines.Kind.values else ""


def _contact(request: HttpRequest, public_id: str, permission: str = "actors.view_contact") -> Contact:
    _let_in(request, permission)
    return get_object_or_404(_contacts().select_related("municipality", "user"), public_id=public_id)


def _contacts() -> ContactQuerySet:
    return Contact.objects.filter(erased_at=None, merged_into=None)


def _let_in(request: HttpRequest, permission: str) -> None:
    """Answer others than staff as if there were no such page."""
    user = cast(User, request.user)
    if not (user.is_staff and user.has_perm(permission)):
        raise Http404
