"""What follows when a training leaves its draft: its sessions are announced from that moment."""

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone

from trainings.choices import TrainingState
from trainings.models import Training, TrainingSession


@receiver(pre_save, sender=Training)
def announce_sessions(sender, instance: Training, raw: bool = False, **kwargs) -> None:
    """Let sessions that were out of their draft before their training count from now: nobody saw them earlier."""
    if raw or instance._state.adding or instance.state == TrainingState.DRAFT:
        return
    hidden = TrainingSession.objects.filter(
        training=instance.pk, training__state=TrainingState.DRAFT, published_at__isnull=False
    )
    hidden.update(published_at=timezone.now())
