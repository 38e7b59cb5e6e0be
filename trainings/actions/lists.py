"""Lists of people that leave the portal, each with a line in the journal."""

from django.db import transaction

from accounts import journal
from accounts.models import User
from trainings import exports
from trainings.models import TrainingSession


@transaction.atomic
def export_people(session: TrainingSession, *, by: User) -> bytes:
    """Return the people of a session as CSV, and note who took it away."""
    content, count = exports.people_csv(session)
    journal.record("session.people_exported", session, by=by, people=count)
    return content
