"""Letters that did not surely arrive: nothing sends them again by itself, a person decides."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from invitations.actions.moves import Refused, locked_row
from invitations.actions.writing import write
from invitations.models import Campaign, Sending
from outbox import actions as outbox
from outbox import nudge
from outbox.choices import Lane
from outbox.choices import State as Letter


@transaction.atomic
def send_again(campaign: Campaign, *, sendings: Iterable[int], by: User) -> int:
    """Put letters of a campaign that may not have arrived on their way again; return how many.

    Asked twice, none is. To the same address, a letter keeps its text and its Message-ID, so that who gets it
    twice can tell; one that was kept back, or whose address was corrected since, is written anew. Each is asked,
    when it leaves, whether it may. Raises Refused for a campaign that no longer sends, and for a letter whose
    text is no longer kept.
    """
    locked = locked_row(campaign)
    if not locked.is_open:
        raise Refused(_("La campagne n’envoie plus de lettres. Rien n’est renvoyé."))
    doubtful = Sending.objects.needing_a_person(locked).filter(pk__in=sendings, sendable=True)
    again = 0
    for sending in doubtful.order_by("letter"):
        _send_again(locked, sending, by=by)
        again += 1
    if again:
        journal.record("campaign.sent_again", locked, by=by, letters=again)
        nudge.after_commit(Lane.BULK)
    return again


def _send_again(campaign: Campaign, sending: Sending, *, by: User) -> None:
    letter = sending.letter
    assert letter is not None  # those without a letter need none
    if letter.state == Letter.CANCELLED or sending.invitation.contact.email not in letter.addresses:
        # Its own row goes: a letter without one never leaves, whoever takes it up.
        sending.delete()
        write(campaign, [sending.invitation], reminder=sending.reminder)
        return
    try:
        outbox.resend(letter, by=by)
    except outbox.IllegalMove as refusal:
        raise Refused(str(refusal)) from refusal
