"""A campaign before it leaves: written, its people chosen, tried on oneself."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.models import Actor, Contact
from invitations import emails
from invitations.actions.moves import illegal, locked_row
from invitations.audience import GONE
from invitations.choices import NEXT, State
from invitations.models import Campaign, Invitation


@transaction.atomic
def save(campaign: Campaign, *, by: User | None, changed: Iterable[str] = ()) -> Campaign:
    """Write a campaign that was typed or built by a room above; `changed` names its fields.

    Raises ValidationError for a text, an address or a page that no letter could carry.
    """
    new = campaign.pk is None
    if new and campaign.created_by is None:
        campaign.created_by = by
    campaign.full_clean()
    # A launch may have moved it since it was read: what is typed says nothing of the state.
    moved = {"state", "scheduled_at", "launched_at"}
    campaign.save(
        update_fields=None
        if new
        else {field.name for field in campaign._meta.concrete_fields} - moved - {"id"}
    )
    journal.record(f"campaign.{'created' if new else 'changed'}", campaign, by=by, fields=sorted(changed))
    return campaign


@transaction.atomic
def hand_down(campaign: Campaign, *, deadline: datetime, landing_path: str, by: User | None) -> None:
    """Follow what the campaign invites to: until when, at which page. A campaign that is over stays as it was."""
    locked = locked_row(campaign)
    told = (deadline, landing_path)
    if not NEXT[locked.state] or (locked.deadline, locked.landing_path) == told:
        return
    locked.deadline, locked.landing_path = told
    save(locked, by=by, changed=["deadline", "landing_path"])


@transaction.atomic
def prepare(
    campaign: Campaign,
    *,
    contacts: Iterable[Contact],
    by: User | None,
    actor: Actor | None = None,
    chosen: str = "",
) -> int:
    """Invite these contacts, without writing to them yet; return how many are new.

    A contact speaks for `actor`, else for the first of its own actors by name that is of the campaign's
    family. `chosen` says in French how they were chosen; the journal keeps it. Raises Refused once the campaign
    is over.
    """
    locked = locked_row(campaign)
    if not NEXT[locked.state]:
        raise illegal(locked, _("recevoir de nouveaux destinataires"))
    there = set(locked.invitations.values_list("contact_id", flat=True))
    new = [contact for contact in dict.fromkeys(contacts) if contact.pk not in there]
    if actor is None:
        prefetch_related_objects(new, "actors")
    Invitation.objects.bulk_create(
        [
            Invitation(campaign=locked, contact=contact, actor=actor or _speaks_for(contact, locked.family))
            for contact in new
        ],
        batch_size=500,
    )
    if new:
        journal.record(
            "campaign.prepared", locked, by=by, people=len(new), **({"chosen": chosen} if chosen else {})
        )
    return len(new)


@transaction.atomic
def unprepare(campaign: Campaign, *, by: User | None) -> int:
    """Take out of a campaign the people to whom nothing was written and who did nothing; return how many.

    Raises Refused once the campaign is over, or while its letters are being written.
    """
    locked = locked_row(campaign)
    if not NEXT[locked.state] or locked.state == State.LAUNCHING:
        raise illegal(locked, _("privée de destinataires"))
    untouched = locked.invitations.untouched()
    people = untouched.count()
    untouched.delete()
    if people:
        journal.record("campaign.unprepared", locked, by=by, people=people)
    return people


@transaction.atomic
def send_test(campaign: Campaign, *, contact: Contact, actor: Actor | None, by: User) -> None:
    """Send to whoever prepares it the letter that this contact would get."""
    emails.send([emails.trial(campaign, contact, actor, to=by.email)])
    journal.record("campaign.tested", campaign, by=by)


def _speaks_for(contact: Contact, family: str) -> Actor | None:
    """Return the first of a contact's actors by name that is of this family ("": of any) and still acts."""
    own = [actor for actor in contact.actors.all() if actor.state not in GONE]
    return next((actor for actor in own if family in ("", actor.family)), None)
