"""Verbs of interactions: what was said is written down, set right, its next step done."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.models import Actor, Contact, Interaction


@transaction.atomic
def record(
    interaction: Interaction, *, by: User | None, contacts: Collection[Contact], actors: Collection[Actor]
) -> Interaction:
    """Write a new interaction down with its parties; the journal tells its kind and day, no name, no text.

    Raises ValidationError without any party.
    """
    _refuse_nobody(contacts, actors)
    interaction.save()
    interaction.contacts.set(contacts)
    interaction.actors.set(actors)
    journal.record("interaction.recorded", interaction, by=by, kind=interaction.kind)
    return interaction


@transaction.atomic
def correct(
    interaction: Interaction,
    *,
    by: User | None,
    contacts: Collection[Contact],
    actors: Collection[Actor],
    changed: Iterable[str] = (),
) -> Interaction:
    """Save what was set right; `changed` names the fields. A step put to another day is to be done again.

    A text that was to be read again is taken as read once its summary was changed. Raises ValidationError
    without any party.
    """
    _refuse_nobody(contacts, actors)
    names = sorted(changed)
    if {"next_step", "next_step_on"} & set(names):
        interaction.next_step_done_at = None
    if "summary" in names:
        interaction.to_reread = False
    interaction.save()
    interaction.contacts.set(contacts)
    interaction.actors.set(actors)
    if names:
        journal.record("interaction.corrected", interaction, by=by, fields=names)
    return interaction


@transaction.atomic
def done(interaction: Interaction, *, by: User | None) -> Interaction:
    """Mark the next step as done; done twice, it keeps its first moment.

    Raises ValidationError when there is no step.
    """
    locked = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if locked.next_step_on is None:
        raise ValidationError(_("Cet échange n’a pas de prochaine étape."), code="no_step")
    if locked.next_step_done_at is None:
        locked.next_step_done_at = timezone.now()
        locked.save(update_fields=["next_step_done_at"])
        journal.record("interaction.step_done", locked, by=by)
    interaction.next_step_done_at = locked.next_step_done_at
    return locked


@transaction.atomic
def reread(interaction: Interaction, *, by: User | None) -> Interaction:
    """Say that the text names nobody who was erased."""
    if Interaction.objects.filter(pk=interaction.pk, to_reread=True).update(to_reread=False):
        journal.record("interaction.reread", interaction, by=by)
    interaction.to_reread = False
    return interaction


def _refuse_nobody(contacts: Collection[Contact], actors: Collection[Actor]) -> None:
    if not contacts and not actors:
        raise ValidationError(_("Dites avec qui\u00a0: une personne ou un acteur au moins."), code="nobody")
