"""Letters that did not surely arrive: nothing sends them again by itself, a person decides."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from invitations.actions.moves import Refused, locked_row
from invitations.models import Campaign, Sending
from outbox import actions as outbox
from outbox import nudge
from outbox.choices import Lane


@transaction.atomic
def send_again(campaign: Campaign, *, sendings: Iterable[int], by: User) -> int:
    """Put uncertain or failed letters of a campaign back on their way; return how many. Asked twice, none is.

    Each keeps its Message-ID, and is asked again, when it leaves, whether it may. Raises Refused for a campaign
    that no longer sends, and for a letter whose text is no longer kept.
    """
    locked = locked_row(campaign)
    if not locked.is_open:
        raise Refused(_("La campagne n’envoie plus de lettres. Rien n’est renvoyé."))
    doubtful = Sending.objects.needing_a_person(locked).filter(pk__in=sendings).order_by("letter")
    again = 0
    for sending in doubtful:
        try:
            outbox.resend(sending.letter, by=by)
        except outbox.IllegalMove as refusal:
            raise Refused(str(refusal)) from refusal
        again += 1
    if again:
        journal.record("campaign.sent_again", locked, by=by, letters=again)
        nudge.after_commit(Lane.BULK)
    return again
