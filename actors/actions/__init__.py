"""Verbs: sheets are proposed, published, archived; members invited; contacts agree to be written to."""

from actors.actions.confirmations import LATE_AFTER, answered, ask_for_confirmations, confirm
from actors.actions.members import (
    INVITATION_DAYS,
    accept,
    approve,
    decline,
    invite_member,
    owns,
    request_membership,
    revoke,
)
from actors.actions.organisations import (
    archive,
    create_communes,
    free_slug,
    merge,
    propose,
    publish,
    refuse,
    save,
)
from actors.actions.people import (
    add_contact,
    clear_bounce,
    give_consent,
    link_contact,
    mark_bounced,
    merge_contacts,
    opt_out,
    save_contact,
    withdraw_consent,
)
from actors.actions.sheets import Overtaken, edit, set_logo
from actors.actions.suggestions import handle, report, suggest

__all__ = [
    "INVITATION_DAYS",
    "LATE_AFTER",
    "Overtaken",
    "accept",
    "add_contact",
    "answered",
    "approve",
    "archive",
    "ask_for_confirmations",
    "clear_bounce",
    "confirm",
    "create_communes",
    "decline",
    "edit",
    "free_slug",
    "give_consent",
    "handle",
    "invite_member",
    "link_contact",
    "mark_bounced",
    "merge",
    "merge_contacts",
    "opt_out",
    "owns",
    "propose",
    "publish",
    "refuse",
    "report",
    "request_membership",
    "revoke",
    "save",
    "save_contact",
    "set_logo",
    "suggest",
    "withdraw_consent",
]
