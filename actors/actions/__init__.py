"""Verbs: sheets are proposed, published, archived; members invited; contacts agree to be written to."""

from actors.actions.interactions import correct, done, record, reread
from actors.actions.members import (
    INVITATION_DAYS,
    accept,
    approve,
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

__all__ = [
    "INVITATION_DAYS",
    "accept",
    "add_contact",
    "approve",
    "archive",
    "clear_bounce",
    "correct",
    "create_communes",
    "done",
    "free_slug",
    "give_consent",
    "invite_member",
    "link_contact",
    "mark_bounced",
    "merge",
    "merge_contacts",
    "opt_out",
    "owns",
    "propose",
    "publish",
    "record",
    "refuse",
    "request_membership",
    "reread",
    "revoke",
    "save",
    "save_contact",
    "withdraw_consent",
]
