"""Trainings in the desk: offers, dates with their days and people, registrations; every move calls an action."""

from trainings.admin.offers import TrainingAdmin
from trainings.admin.registrations import RegistrationAdmin
from trainings.admin.sessions import TrainingSessionAdmin

__all__ = ["RegistrationAdmin", "TrainingAdmin", "TrainingSessionAdmin"]
