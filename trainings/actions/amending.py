"""What a person corrects in their own registration, by the link of their letter."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import names
from trainings.actions import questions, seats
from trainings.actions.locks import fresh, locked
from trainings.actions.offers import pass_on
from trainings.actions.refusals import Refused
from trainings.actions.telling import have_them_told
from trainings.choices import LIVE, OPEN, RegistrationState
from trainings.models import Registration, TrainingSession

OF_A_SHARE = {"organisation_text", "actor", "municipality"}
"""Fields that say whose share of the seats a person uses."""


def why_fixed(registration: Registration) -> str:
    """Return why a registration does not change any more, in a sentence for the person; "" while it does."""
    session = registration.session
    if registration.state == RegistrationState.CANCELLED:
        return _("Cette inscription est annulée : elle ne change plus.")
    if session.cancelled_at or session.state not in OPEN or session.starts_at is None:
        return _("Cette séance n’a plus lieu, ou est passée : l’inscription ne change plus.")
    if timezone.now() >= session.starts_at:
        return _("La séance a commencé ou est passée : l’inscription ne change plus.")
    return ""


@transaction.atomic
def amend(registration: Registration, *, person: seats.Person, by: User | None = None) -> list[str]:
    """Write what a person now says of themselves; return the names of the fields that changed, none twice.

    The name may be corrected: it goes on the list that is signed and on the certificate, and a slip of the keyboard
    should not cost a seat. The address may not (`person.email` is not read, nor is the consent): the link was sent
    there, which proves whose registration it is, and nobody has proved the new one; who has another address
    registers with it, and frees this seat.

    The seat, the offer or the rank stays, also where organisations or municipalities have a share of the seats and
    the person moves to one whose share is used up: nobody loses a seat for telling the truth. From now on the seat
    counts in the new share, so it may hold one too many until somebody leaves; what the old share regains is
    offered to those who wait.

    No letter leaves: there are two for one evening, and the page says that it is noted. Questions that are closed
    are not asked again, and keep their answers. Raises Refused once the session has started, for what is
    cancelled, for an answer that is missing, and where the same address has somebody else of this name.
    """
    session = locked(registration.session)
    registration = fresh(registration, session)
    if why := why_fixed(registration):
        raise Refused(_("{why} Rien n’est changé.").format(why=why))
    staff = by is not None and by.is_staff
    changed = _write(registration, person)
    if _answer(registration, questions.read_answers(session.questions.asked(), person.answers, staff=staff)):
        changed.append("answers")
    if not changed:
        return []
    journal.record("registration.amended", session, by=by, fields=changed)
    if session.share is not None and OF_A_SHARE.intersection(changed):
        # No seat is freed: near the session nobody is called each time that somebody changes their mind.
        pass_on(session, by=by, freed=False)
        have_them_told()
    return changed


def _write(registration: Registration, person: seats.Person) -> list[str]:
    """Write the person's own fields; return the names of those that are other than before."""
    name = names.clean(person.name)[:150]
    folded = names.folded(name)
    if not folded:
        raise Refused(_("Il manque un nom. Rien n’est changé."))
    wanted = {
        "name": name,
        "phone": names.clean(person.phone)[:30],
        "organisation_text": names.clean(person.organisation)[:200],
        "actor": person.actor,
        "municipality": person.municipality,
        "access_needs": names.clean(person.access_needs)[:300],
    }
    changed = [field for field, value in wanted.items() if getattr(registration, field) != value]
    if folded != registration.folded_name and _is_taken(registration.session, registration, folded):
        raise Refused(
            _("Une autre personne de ce nom est déjà inscrite avec cette adresse. Rien n’est changé.")
        )
    if changed:
        for field in changed:
            setattr(registration, field, wanted[field])
        registration.folded_name = folded
        registration.save(update_fields=[*changed, "folded_name"])
    return changed


def _is_taken(session: TrainingSession, mine: Registration, folded: str) -> bool:
    """Whether this address, or this very form, has somebody of this name already: two rows would be one person."""
    same = session.registrations.filter(email=mine.email, folded_name=folded).exclude(pk=mine.pk)
    live = Q(state__in=LIVE) & ~Q(email="")
    return same.filter(live | (Q(nonce=mine.nonce) & ~Q(nonce=""))).exists()


def _answer(registration: Registration, given: questions.Answers) -> bool:
    """Write the answers to the questions that are asked; return whether one is other than before."""
    asked = registration.answers.filter(question__closed=False)
    before = dict(asked.values_list("question", "text"))
    if before == given:
        return False
    asked.exclude(question__in=given).delete()
    for question, text in given.items():
        if before.get(question) != text:
            registration.answers.update_or_create(question_id=question, defaults={"text": text})
    return True
