"""The words between braces that a message to participants may hold. Pure: no database."""

from functools import partial

from invitations import placeholders

KNOWN = ("nom", "formation", "date", "lieu", placeholders.LINK)
"""The person, the training, when, where, and the personal link to the registration."""

validate = partial(placeholders.validate, known=KNOWN)
validate_subject = partial(placeholders.validate_subject, known=KNOWN)
fill = placeholders.fill
