"""Days and places that change once they are announced."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import journal
from accounts.models import User
from trainings import emails
from trainings.actions.locks import live, locked
from trainings.actions.offers import cap_offers
from trainings.actions.refusals import Refused
from trainings.actions.reminders import spare
from trainings.choices import OPEN, SessionState
from trainings.models import Attendance, SessionDay, TrainingSession


@transaction.atomic
def change_when_where(
    session: TrainingSession,
    *,
    by: User,
    days: Iterable[tuple[date, time, time]] | None = None,
    **where,
) -> TrainingSession:
    """Change the days, or `venue`, `access_notes`, `municipality`, `locality`, `online_url`; mail everyone.

    A day that stays in its rank keeps its calendar entry, which moves; entries of days that go are withdrawn.
    Nothing changed: nothing is sent. Raises Refused for a session that is over.
    """
    session = locked(session)
    if session.state not in (SessionState.DRAFT, *OPEN):
        raise Refused(
            _("Une séance {state} ne change plus de date ni de lieu.").format(
                state=session.get_state_display()
            )
        )
    before = [*session.when, session.place]
    changed = [name for name, value in where.items() if getattr(session, name) != value]
    for name in changed:
        setattr(session, name, where[name])
    removed: list[SessionDay] = []
    if days is not None:
        wanted, present = sorted(days), list(session.days.all())
        if not wanted and session.state != SessionState.DRAFT:
            raise Refused(_("Gardez au moins un jour. Rien n’est changé."))
        if any(one[0] == two[0] and two[1] < one[2] for one, two in pairwise(wanted)):
            raise Refused(_("Deux heures d’un même jour se chevauchent. Rien n’est changé."))
        if wanted != [(day.date, day.start_time, day.end_time) for day in present]:
            changed.append("days")
            if session.state in OPEN and not ahead(wanted):
                raise Refused(PAST)
            removed = _set_days(session, present, wanted)
    return announce_change(session, changed=changed, removed=removed, before=before, by=by)


PAST = gettext_lazy(
    "Toutes ces dates sont passées\u00a0: relisez l’année. Rien n’est changé, et personne n’est prévenu."
)


def ahead(days: Iterable[tuple[date, time, time]]) -> bool:
    """Whether something of these days (date, start, end) is still to come, in local time."""
    now = timezone.localtime()
    return any((on, end) > (now.date(), now.time()) for on, _start, end in days)


def announce_change(
    session: TrainingSession,
    *,
    changed: Sequence[str],
    removed: Sequence[SessionDay] = (),
    before: Sequence[str] = (),
    by: User,
) -> TrainingSession:
    """Write what was changed of days and place, and mail everyone; inside the transaction that changed it.

    `before` says in lines what they were, for the letter.
    """
    if not changed:
        return session
    session.revise()
    session.save()
    journal.record("session.when_where_changed", session, by=by, changed=sorted(changed))
    if session.state in OPEN:
        cap_offers(session)
        emails.send([emails.session_changed(one, removed=removed, before=before) for one in live(session)])
        spare(session)
    return session


def _set_days(
    session: TrainingSession, present: list[SessionDay], wanted: list[tuple[date, time, time]]
) -> list[SessionDay]:
    """Make the days those wanted, rank by rank; return those that go."""
    removed = present[len(wanted) :]
    if Attendance.objects.filter(day__in=removed).exists():
        raise Refused(_("Les présences d’un de ces jours sont déjà notées : gardez-le. Rien n’est changé."))
    for day in removed:
        SessionDay.objects.filter(pk=day.pk).delete()
    kept = present[: len(wanted)]
    # Moved out of the way first: two days may exchange their dates.
    for rank, day in enumerate(kept):
        SessionDay.objects.filter(pk=day.pk).update(date=date(1, 1, 1) + timedelta(days=rank))
    for rank, (on, start, end) in enumerate(wanted):
        day = kept[rank] if rank < len(kept) else SessionDay(session=session)
        day.session, day.date, day.start_time, day.end_time = session, on, start, end
        day.save()
    return removed
