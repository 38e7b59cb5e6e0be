"""Verbs of a campaign: prepared, launched, reminded, closed; and of an invitation: begun, answered, reached."""

from invitations.actions.answering import (
    NEW_LINK_PAUSE,
    mark_answered,
    mark_answered_by,
    mark_begun,
    mark_unanswered,
    send_new_link,
    who_objects,
)
from invitations.actions.doubts import send_again
from invitations.actions.launching import (
    cancel,
    close,
    launch,
    launch_due,
    schedule,
    unschedule,
    why_no_launch,
)
from invitations.actions.moves import Refused, kept_apart
from invitations.actions.preparing import hand_down, prepare, save, send_test, unprepare
from invitations.actions.reaching import (
    export_unanswered,
    mark_bounced,
    mark_reached,
    mark_unreached,
    tick_bounced,
    untick_bounced,
)
from invitations.actions.reminding import drop_reminder, plan_reminder, remind, remind_due, why_no_reminder
from invitations.actions.writing import due_for_reminder, new_people, to_remind, to_write, write_next

__all__ = [
    "NEW_LINK_PAUSE",
    "Refused",
    "cancel",
    "close",
    "drop_reminder",
    "due_for_reminder",
    "export_unanswered",
    "hand_down",
    "kept_apart",
    "launch",
    "launch_due",
    "mark_answered",
    "mark_answered_by",
    "mark_begun",
    "mark_bounced",
    "mark_reached",
    "mark_unanswered",
    "mark_unreached",
    "new_people",
    "plan_reminder",
    "prepare",
    "remind",
    "remind_due",
    "save",
    "schedule",
    "send_again",
    "send_new_link",
    "send_test",
    "tick_bounced",
    "untick_bounced",
    "to_remind",
    "to_write",
    "unprepare",
    "unschedule",
    "who_objects",
    "why_no_launch",
    "why_no_reminder",
    "write_next",
]
