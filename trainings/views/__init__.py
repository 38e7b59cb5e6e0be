"""Public pages of trainings: the catalogue, the way into a session and out of it, and what follows."""

from trainings.views.afterwards import certificate, certificate_pdf, evaluate
from trainings.views.catalogue import archive, calendar, month, session, session_list, training
from trainings.views.papers import document, image, registration_document
from trainings.views.registering import RECEIVED, amend, my_registrations, received, register, registration

__all__ = [
    "RECEIVED",
    "amend",
    "archive",
    "calendar",
    "certificate",
    "certificate_pdf",
    "document",
    "evaluate",
    "image",
    "month",
    "my_registrations",
    "received",
    "register",
    "registration",
    "registration_document",
    "session",
    "session_list",
    "training",
]
