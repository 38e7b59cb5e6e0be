"""A page with every component, for eyes and for axe; production has none."""

from datetime import UTC, datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.admin import UserAdmin
from accounts.models import User
from smartrural.admin import Desk
from smartrural.urls import urlpatterns as project_urls

PAGE = Path(__file__).parent / "components.html"


class Registration(forms.Form):
    """One field of each kind, long French words included."""

    name = forms.CharField(label="Votre nom", widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Pour la confirmation, un rappel la veille, et rien d’autre.",
        error_messages={"invalid": "Il manque la fin de l’adresse, par exemple «\u00a0.be\u00a0»."},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    commune = forms.ChoiceField(
        label="Commune",
        choices=[
            ("", "Choisir"),
            ("a", "Val-sur-Gette"),
            ("b", "Notre-Dame-des-Sept-Douleurs-et-Saint-Sauveur"),
        ],
    )
    audience = forms.ChoiceField(
        label="Vous venez pour",
        choices=[("a", "une association"), ("b", "une entreprise"), ("c", "vous-même")],
        widget=forms.RadioSelect,
    )
    needs = forms.CharField(label="De quoi avez-vous besoin\u00a0?", widget=forms.Textarea, required=False)
    logo = forms.FileField(label="Logo", required=False, help_text="PNG ou JPEG, 2\u00a0Mo au plus.")
    consent = forms.BooleanField(label="J’accepte que ces données servent à organiser la séance.")


def components(request):
    """Show every component."""
    form = Registration(
        {"name": "Basile Moisson", "email": "basile.moisson@exemple", "audience": "b"}
        if "erreurs" in request.GET
        else None
    )
    pages = Paginator(range(31), 7)
    context = {
        "form": form,
        "page": pages.page(2),
        "day": datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        "two_days": [datetime(2026, 12, day, 18, tzinfo=UTC) for day in (8, 15)],
        "three_days": [datetime(2027, 1, day, 17, 30, tzinfo=UTC) for day in (14, 21, 28)],
        "trail": [("Accueil", "/"), ("Formations", "/composants")],
        "lag": {
            "programme": "Portail d’essai",
            "short_name": "quatre communes, une campagne",
            "name": "Une phrase qui dit ce que fait le groupe d’action locale.",
            "funders": "Cofinancé par l’Union européenne (Feader, LEADER), la Région et les communes.",
        },
        "navigation": [
            {"label": "Formations", "url": "/composants", "current": True},
            {"label": "Acteurs", "url": "/", "current": False},
            {"label": "Besoins", "url": "/", "current": False},
            {"label": "Projets", "url": "/", "current": False},
        ],
        "footer": [
            {"label": "Rester en contact", "entries": [{"label": "Écrire à l’équipe", "url": "/"}]},
            {"label": "Informations légales", "entries": [{"label": "Vie privée", "url": "/"}]},
        ],
    }
    template = engines["django"].from_string(PAGE.read_text())
    return HttpResponse(template.render(context, request))


# A desk with every widget of Django's that had to be mended: double list, autocomplete, date and hour.
desk = Desk(name="essai")
desk.register(User, UserAdmin)


@admin.register(Group, site=desk)
class GroupAdmin(admin.ModelAdmin):
    filter_horizontal = ["permissions"]
    search_fields = ["name"]


@admin.register(EmailAddress, site=desk)
class EmailAddressAdmin(admin.ModelAdmin):
    list_display = ["email", "user", "verified"]
    list_filter = ["verified", "primary"]
    search_fields = ["email"]
    autocomplete_fields = ["user"]


@admin.register(UserSession, site=desk)
class UserSessionAdmin(admin.ModelAdmin):
    list_display = ["user", "ip", "created_at"]
    date_hierarchy = "created_at"


urlpatterns = [
    path("composants", components, name="components"),
    path("bureau/essai/", desk.urls),
    *project_urls,
]
