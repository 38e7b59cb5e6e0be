"""What follows when a training leaves its draft (its sessions are announced from that moment), or loses a document."""

from django.db.models.signals import post_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone

from documents import actions as documents
from trainings.choices import TrainingState
from trainings.models import Training, TrainingDocument, TrainingSession


@receiver(pre_save, sender=Training)
def announce_sessions(sender, instance: Training, raw: bool = False, **kwargs) -> None:
    """Let sessions that were out of their draft before their training count from now: nobody saw them earlier."""
    if raw or instance._state.adding or instance.state == TrainingState.DRAFT:
        return
    hidden = TrainingSession.objects.filter(
        training=instance.pk, training__state=TrainingState.DRAFT, published_at__isnull=False
    )
    hidden.update(published_at=timezone.now())


@receiver(post_delete, sender=TrainingDocument)
def discard_document(sender, instance: TrainingDocument, **kwargs) -> None:
    """Let the file go with the row that named it, whoever deletes it: it is nothing to anybody else."""
    documents.discard(instance.document)
