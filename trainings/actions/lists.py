"""Lists of people that leave the portal, each with a line in the journal."""

from django.db import transaction
from django.utils import timezone

from accounts import journal
from accounts.models import User
from trainings import exports, proof
from trainings.models import TrainingSession


@transaction.atomic
def export_people(session: TrainingSession, *, by: User) -> bytes:
    """Return the people of a session as CSV, and note who took it away."""
    content, count = exports.people_csv(session)
    journal.record("session.people_exported", session, by=by, people=count)
    return content


@transaction.atomic
def export_proof(session: TrainingSession, *, by: User) -> bytes:
    """Return the proof file of a session read `with_proof`, as a ZIP, and note who took it away."""
    content = proof.archive(session, made=timezone.now())
    journal.record("session.proof_exported", session, by=by)
    return content
