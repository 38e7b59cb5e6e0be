"""When a session takes registrations, and what is said when it does not. Pure: the moment is given."""

from datetime import datetime

from django.utils.translation import gettext as _

from trainings.choices import SessionState
from typography import dates


def why_closed(session, now: datetime) -> str:
    """Return why nobody can register at `now`, in a sentence for the person; "" when they can."""
    if session.state == SessionState.CANCELLED or session.cancelled_at:
        return _("Cette séance est annulée : {reason}").format(reason=session.cancellation_reason)
    if session.state == SessionState.DRAFT or session.starts_at is None:
        return _("Cette séance n’est pas encore annoncée.")
    if now >= session.starts_at or session.state in (SessionState.HELD, SessionState.CLOSED):
        return _("Cette séance a commencé le {when}.").format(when=dates.moment(session.starts_at))
    if session.opens_at and now < session.opens_at:
        return _("Les inscriptions ouvrent le {when}.").format(when=dates.moment(session.opens_at))
    if session.closes_at and now >= session.closes_at:
        return _("Les inscriptions sont closes depuis le {when}.").format(
            when=dates.moment(session.closes_at)
        )
    return ""
