"""Offers, their dates, and the people who come."""

from trainings.models.attendance import Attendance, Certificate, duration
from trainings.models.evaluations import Evaluation
from trainings.models.registrations import Registration
from trainings.models.sessions import LONGEST_REMINDER, SessionDay, TrainingSession
from trainings.models.trainings import Training

__all__ = [
    "LONGEST_REMINDER",
    "Attendance",
    "Certificate",
    "Evaluation",
    "Registration",
    "SessionDay",
    "Training",
    "TrainingSession",
    "duration",
]
