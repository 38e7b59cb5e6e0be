"""The letters of a campaign: the first, the reminders, a new link, a test."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import links
from actors.models import Actor, Contact
from invitations import placeholders
from invitations.models import Campaign, Invitation, Reminder
from territory.models import LAG
from typography import dates

_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")

OPEN = "invitation.open"
"""Purpose of the personal link."""
OPT_OUT = "contact.opt_out"
"""Purpose of the link by which a person asks for no more campaigns."""

LINK_LIFE = timedelta(days=60)
"""How long a personal link works; the campaign's deadline is asked anew each time it is opened."""
OPT_OUT_LIFE = timedelta(days=3650)

FIRST, REMINDER, NEW_LINK, TEST = (
    "invitation.first",
    "invitation.reminder",
    "invitation.new_link",
    "invitation.test",
)
"""Kinds of letters; a reminder's ends with its number."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a letter in HTML; `action` is the address of a paragraph that is a button."""

    html: SafeString
    action: str = ""


def kind_of(reminder: Reminder | None) -> str:
    """Return the kind of the letters of a reminder, of the first ones for None."""
    return f"{REMINDER}.{reminder.number}" if reminder else FIRST


def link(invitation: Invitation) -> str:
    """Return the personal address at which this person, and nobody else, begins."""
    token = links.make(
        OPEN,
        invitation.public_id,
        version=invitation.link_version,
        expires=timezone.now() + LINK_LIFE,
    )
    return settings.SITE_URL + reverse("invitations:open", args=[token])


def opt_out_link(contact: Contact) -> str:
    """Return the address at which a person asks for no more campaigns."""
    token = links.make(OPT_OUT, contact.public_id, expires=timezone.now() + OPT_OUT_LIFE)
    return settings.SITE_URL + reverse("invitations:opt_out", args=[token])


def written(
    invitation: Invitation, *, reminder: Reminder | None = None, lag: LAG | None
) -> EmailMultiAlternatives:
    """Return the letter to an invited person, in the bulk lane; `invitation.campaign` and `.contact` loaded."""
    opt_out = opt_out_link(invitation.contact)
    return _letter(
        invitation.campaign,
        invitation.contact,
        invitation.actor,
        link=link(invitation),
        opt_out=opt_out,
        to=invitation.contact.email,
        kind=kind_of(reminder),
        lag=lag,
        headers={
            "X-Lane": "bulk",
            "X-About": str(invitation.public_id),
            "List-Unsubscribe": f"<{opt_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def trial(campaign: Campaign, contact: Contact, actor: Actor | None, *, to: str) -> EmailMultiAlternatives:
    """Return the letter as this contact would get it, for whoever prepares it; its links are nobody's.

    Where the link to opt out would be, words say that there is none in a trial.
    """
    return _letter(
        campaign,
        contact,
        actor,
        link=settings.SITE_URL + campaign.landing_path,
        opt_out="",
        to=to,
        kind=TEST,
        lag=LAG.objects.first(),
        headers={"X-Lane": "transactional"},
    )


def new_link(invitation: Invitation) -> EmailMultiAlternatives:
    """Return the letter that a person asked for on the page of an expired link."""
    lag = LAG.objects.first()
    context = {"campaign": invitation.campaign, "url": link(invitation), "lag": lag}
    message = EmailMultiAlternatives(
        _one_line(_("Votre nouveau lien : {title}").format(title=invitation.campaign.title)),
        render_to_string("invitations/email/new_link.txt", context).strip() + "\n",
        to=[invitation.contact.email],
        reply_to=[invitation.campaign.reply_to],
        headers={"X-Lane": "transactional", "X-Letter-Kind": NEW_LINK, "Auto-Submitted": "auto-replied"},
    )
    message.attach_alternative(render_to_string("invitations/email/new_link.html", context), "text/html")
    return message


def send(messages: Iterable[EmailMultiAlternatives]) -> None:
    """Hand letters to the outbox; an address that no letter can be sent to does not hold the others."""
    get_connection(fail_silently=True).send_messages(list(messages))


def _letter(
    campaign: Campaign,
    contact: Contact,
    actor: Actor | None,
    *,
    link: str,
    opt_out: str,
    to: str,
    kind: str,
    lag: LAG | None,
    headers: dict[str, str],
) -> EmailMultiAlternatives:
    values = _values(campaign, contact, actor, link)
    subject = _one_line(placeholders.fill(campaign.subject, values))
    context = {
        "campaign": campaign,
        "subject": subject,
        "text": placeholders.fill(_with_link(campaign.body), values),
        "paragraphs": paragraphs(campaign.body, values),
        "opt_out_url": opt_out,
        "lag": lag,
    }
    if kind.startswith(REMINDER):
        subject = _("Rappel : {subject}").format(subject=subject)
    if kind == TEST:
        subject = _("[Essai] {subject}").format(subject=subject)
    message = EmailMultiAlternatives(
        subject,
        render_to_string("invitations/email/invitation.txt", context).strip() + "\n",
        to=[to],
        reply_to=[campaign.reply_to],
        headers={"X-Letter-Kind": kind, "Auto-Submitted": "auto-generated", **headers},
    )
    message.attach_alternative(render_to_string("invitations/email/invitation.html", context), "text/html")
    return message


def paragraphs(body: str, values: dict[str, str]) -> list[Paragraph]:
    """Return a letter's text as paragraphs of HTML, everything escaped; the link alone becomes a button."""
    safe: dict[str, str] = {name: escape(value) for name, value in values.items()}
    url = safe[placeholders.LINK]
    safe[placeholders.LINK] = f'<a href="{url}">{url}</a>'
    found = []
    for block in _blocks(_with_link(body)):
        if block == f"{{{placeholders.LINK}}}":
            found.append(Paragraph(SafeString(""), action=values[placeholders.LINK]))
        else:
            html = placeholders.fill(block, safe, clean=lambda text: escape(text).replace("\n", "<br>"))
            found.append(Paragraph(mark_safe(html)))  # noqa: S308 - each piece of it is escaped above
    return found


def _values(campaign: Campaign, contact: Contact, actor: Actor | None, link: str) -> dict[str, str]:
    first, _space, rest = _one_line(contact.name).partition(" ")
    return {
        "prenom": first,
        "nom": rest,
        "organisation": _one_line(actor.name) if actor else "",
        placeholders.LINK: link,
        "date_limite": dates.day(campaign.deadline),
    }


def _with_link(body: str) -> str:
    """Add the link at the end of a text that does not hold it: no letter is a dead end."""
    body = body.replace("\r\n", "\n").strip()
    return body if f"{{{placeholders.LINK}}}" in body else f"{body}\n\n{{{placeholders.LINK}}}"


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def _one_line(text: str) -> str:
    """Whatever a name holds, a header holds one line; no-break spaces stay."""
    return " ".join(part for part in _BREAKS.split(text) if part)
