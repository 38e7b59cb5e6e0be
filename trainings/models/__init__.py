"""Offers, their dates, and the people who come."""

from trainings.models.attendance import Attendance, Certificate, duration
from trainings.models.evaluations import Evaluation
from trainings.models.messages import SessionMessage
from trainings.models.papers import TrainingDocument
from trainings.models.questions import RegistrationAnswer, RegistrationQuestion
from trainings.models.registrations import Registration
from trainings.models.sessions import LONGEST_REMINDER, SessionDay, TrainingSession
from trainings.models.trainings import PICTURE_WIDTH, Trainer, Training

__all__ = [
    "LONGEST_REMINDER",
    "PICTURE_WIDTH",
    "Attendance",
    "Certificate",
    "Evaluation",
    "Registration",
    "RegistrationAnswer",
    "RegistrationQuestion",
    "SessionDay",
    "SessionMessage",
    "Trainer",
    "Training",
    "TrainingDocument",
    "TrainingSession",
    "duration",
]
