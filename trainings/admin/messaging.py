"""The desk's page to write to the people of a session: what it would look like, a trial, and what was sent."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.nonces import NonceField
from trainings import actions, emails, wording
from trainings.admin.around import AroundTheDay
from trainings.choices import Audience


class MessageForm(forms.Form):
    """To whom, about what, in which words."""

    audience = forms.ChoiceField(label=_("À"), choices=Audience.choices, initial=Audience.SEATED)
    subject = forms.CharField(label=_("Objet"), max_length=150, validators=[wording.validate_subject])
    body = forms.CharField(
        label=_("Texte"),
        max_length=5000,
        validators=[wording.validate],
        widget=forms.Textarea({"rows": 12}),
        help_text=_(
            "Vous pouvez écrire {nom}, {formation}, {date}, {lieu} et {lien}, le lien personnel vers l’inscription."
        ),
    )
    nonce = NonceField()


class Messaging(AroundTheDay):
    """Write to the people of a session; mixed into the session's admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/message/", view(self.write), name="trainings_session_message"),
            *super().get_urls(),
        ]

    def write(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A form, its letter as somebody would read it, a trial to oneself, then one letter to each."""
        session = self._session(request, pk)
        if not self.has_change_permission(request, session):
            raise PermissionDenied
        form = MessageForm(request.POST or None)
        letter = None
        people, without = actions.recipients(session, Audience.SEATED)
        if request.method == "POST" and form.is_valid():
            written = {name: form.cleaned_data[name] for name in ("subject", "body")}
            by, audience = cast(User, request.user), form.cleaned_data["audience"]
            if "envoyer" in request.POST:
                try:
                    message, new = actions.write_message(
                        session, audience=audience, by=by, nonce=form.cleaned_data["nonce"], **written
                    )
                except actions.Refused as refusal:
                    form.add_error(None, str(refusal))
                else:
                    self._sent(request, message.letters, new)
                    return redirect("admin:trainings_session_message", pk)
            elif "essai" in request.POST:
                actions.try_message(session, by=by, **written)
                messages.success(request, gettext("L’essai part vers {address}.").format(address=by.email))
            people, without = actions.recipients(session, audience)
            # As the first of them would read it, but for the personal link, which is nobody else's to see.
            first = people[0] if people else by
            sample = emails.sample(session, name=first.name, email=first.email)
            letter = emails.message(sample, by=by, **written)
        context = {
            "title": gettext("Écrire aux participants"),
            "session": session,
            "form": form,
            "letter": letter,
            "people": people,
            "without": without,
            "sent": session.messages.all(),
        }
        return self._page(request, "message", context)

    def _sent(self, request: HttpRequest, letters: int, new: bool) -> None:
        if not new:
            messages.info(
                request, gettext("Ce message était déjà parti. Rien n’est envoyé une seconde fois.")
            )
            return
        said = ngettext("{n} lettre part.", "{n} lettres partent.", letters)
        messages.success(request, said.format(n=letters))
