"""What is done with sessions and the people who come; letters come after."""

from trainings.actions.agenda import PAST, ahead, announce_change, change_when_where
from trainings.actions.amending import amend, why_fixed
from trainings.actions.arrivals import arrive
from trainings.actions.attendance import keep_signed_sheet, mark_attendance
from trainings.actions.certificates import issue_certificates, withdraw_certificate
from trainings.actions.decisions import give_up, maintain
from trainings.actions.evaluations import ask_evaluations, evaluate
from trainings.actions.lists import export_people, export_proof
from trainings.actions.messages import recipients, try_message, write_message
from trainings.actions.offers import Answer, accept, expire_offers, extend, has_room, promote, together
from trainings.actions.opening import give_free_seats, open_shares
from trainings.actions.papers import (
    DOCUMENT_BYTES,
    MOST_DOCUMENTS,
    add_document,
    change_document,
    remove_document,
    set_image,
)
from trainings.actions.questions import MOST_QUESTIONS
from trainings.actions.refusals import Refused
from trainings.actions.reminders import ask_who_comes, is_asked, remind, stay
from trainings.actions.retention import ACCESS_NEEDS_KEPT, erase_access_needs, erase_answers
from trainings.actions.seats import (
    CONSENT_VERSION,
    MOST_PEOPLE,
    Person,
    Registered,
    cancel,
    change_capacity,
    register,
)
from trainings.actions.series import MOST_SESSIONS, make_series, series_days
from trainings.actions.states import cancel_session, close, confirm, hold, publish
from trainings.actions.telling import LETTERS_A_TURN, tell

__all__ = [
    "ACCESS_NEEDS_KEPT",
    "CONSENT_VERSION",
    "DOCUMENT_BYTES",
    "LETTERS_A_TURN",
    "MOST_DOCUMENTS",
    "MOST_PEOPLE",
    "Answer",
    "MOST_QUESTIONS",
    "MOST_SESSIONS",
    "PAST",
    "Person",
    "Refused",
    "Registered",
    "accept",
    "add_document",
    "ahead",
    "amend",
    "announce_change",
    "arrive",
    "ask_evaluations",
    "ask_who_comes",
    "cancel",
    "cancel_session",
    "change_capacity",
    "change_document",
    "change_when_where",
    "close",
    "confirm",
    "erase_access_needs",
    "erase_answers",
    "evaluate",
    "expire_offers",
    "extend",
    "has_room",
    "export_people",
    "export_proof",
    "give_free_seats",
    "give_up",
    "hold",
    "is_asked",
    "issue_certificates",
    "keep_signed_sheet",
    "maintain",
    "make_series",
    "mark_attendance",
    "promote",
    "open_shares",
    "publish",
    "recipients",
    "register",
    "remind",
    "remove_document",
    "set_image",
    "stay",
    "series_days",
    "tell",
    "together",
    "try_message",
    "why_fixed",
    "withdraw_certificate",
    "write_message",
]
