"""Public pages of trainings: the catalogue, the way into a session and out of it, and what follows."""

from trainings.views.afterwards import certificate, certificate_pdf, evaluate
from trainings.views.catalogue import archive, calendar, month, session, session_list, training
from trainings.views.registering import RECEIVED, amend, my_registrations, received, register, registration

__all__ = [
    "RECEIVED",
    "amend",
    "archive",
    "calendar",
    "certificate",
    "certificate_pdf",
    "evaluate",
    "month",
    "my_registrations",
    "received",
    "register",
    "registration",
    "session",
    "session_list",
    "training",
]
