"""Letters of this room: the text that invites to a survey, the receipt of a response, what becomes of a need."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from actors.models import Contact
from needs.choices import NeedState
from needs.models import Need, Response, SharedNeed
from territory.models import LAG
from typography import elision


def invitation_text(title: str, minutes: int) -> str:
    """Return the text of a campaign that invites to a survey, with its placeholders; staff change it freely."""
    return _(
        "Bonjour {{prenom}},\n\n"
        "Nous préparons la suite du programme avec vous. L’enquête « {title} » demande à {{organisation}} "
        "où elle en est et ce qui lui manque.\n\n"
        "{{lien}}\n\n"
        "Comptez {minutes} minutes environ. Vous pouvez vous arrêter, reprendre sur un autre appareil et y travailler "
        "à plusieurs : rien n’est perdu. Merci de répondre avant le {{date_limite}}."
    ).format(title=title, minutes=minutes)


def step(needs: Sequence[Need], *, shared_need: SharedNeed | None = None) -> list[EmailMultiAlternatives]:
    """Return the letters that tell authors how far their needs are; one an address, whatever it wrote.

    All these needs are in the same state; `shared_need` is where they are pooled. Nobody without a working
    address is written to.
    """
    told: dict[str, list[Need]] = {}
    for need in needs:
        if address := _address(need):
            told.setdefault(address, []).append(need)
    lag = LAG.objects.first() if told else None
    return [_step(address, theirs, shared_need, lag) for address, theirs in told.items()]


def send(letters: Sequence[EmailMultiAlternatives]) -> None:
    """Hand letters to the outbox; an address that no letter can be sent to does not hold the others."""
    if letters:
        get_connection(fail_silently=True).send_messages(list(letters))


def _address(need: Need) -> str:
    """Where the author of a need reads: their account's address, else the contact's; "" when neither works."""
    if need.author:
        return need.author.email if need.author.is_active else ""
    return need.contact.email if need.contact and not need.contact.bounced_at else ""


def _step(
    address: str, needs: list[Need], shared_need: SharedNeed | None, lag: LAG | None
) -> EmailMultiAlternatives:
    public = shared_need if shared_need and shared_need.public else None
    path = public.get_absolute_url() if public else reverse("needs:shared_need_list")
    context = {
        "needs": needs,
        "state": needs[0].state,
        "reason": needs[0].reason,
        "shared_need": shared_need,
        "communes": len({one.municipality_id for one in shared_need.needs.all()}) if shared_need else 0,
        "public": bool(public),
        "url": settings.SITE_URL + path,
        "lag": lag,
    }
    title = needs[0].title if len(needs) == 1 else _("vos %s besoins") % len(needs)
    subject = {
        NeedState.QUALIFIED: _("Nous avons bien compris : %(title)s"),
        NeedState.POOLED: _("Vous n’êtes pas seuls : %(title)s"),
        NeedState.PLANNED: _("Une réponse se prépare : %(title)s"),
        NeedState.ANSWERED: _("Une réponse existe : %(title)s"),
        NeedState.DECLINED: _("Nous n’y répondrons pas : %(title)s"),
    }[NeedState(needs[0].state)] % {"title": title}
    letter = EmailMultiAlternatives(
        " ".join(subject.splitlines()),
        render_to_string("needs/email/step.txt", context).strip() + "\n",
        to=[address],
        reply_to=lag.reply_to if lag else None,
        headers={
            "X-Lane": "transactional",
            "X-Letter-Kind": f"need.{needs[0].state}",
            "X-About": str(needs[0].public_id),
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("needs/email/step.html", context), "text/html")
    return letter


def receipt(response: Response, *, to: User | Contact) -> EmailMultiAlternatives:
    """Return the receipt of a submitted response, for whoever submitted it."""
    url = settings.SITE_URL + response.get_absolute_url() if isinstance(to, User) else ""
    of_actor = elision.of(str(response.actor))
    lag = LAG.objects.first()
    context = {"response": response, "of_actor": of_actor, "url": url, "lag": lag}
    # A title may hold anything; a subject holds one line.
    told = _("Bien reçue : la réponse %(of_actor)s") % {"of_actor": of_actor}
    subject = " ".join(told.splitlines())
    letter = EmailMultiAlternatives(
        subject,
        render_to_string("needs/email/receipt.txt", context),
        to=[to.email],
        reply_to=lag.reply_to if lag else None,
        headers={"X-Lane": "transactional", "X-Letter-Kind": "response.receipt"},
    )
    letter.attach_alternative(render_to_string("needs/email/receipt.html", context), "text/html")
    return letter
