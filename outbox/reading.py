"""A letter as staff may read it: its text and the names of its attachments, without anybody's way in."""

import email
import email.policy
import re

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from outbox.models import Letter

# A signed link lets its bearer act for the recipient, and so does a long token anywhere in an address.
_WAY_IN = re.compile(r"(?<=/lien/)[^\s\"<>]+|(?<=[/=])[\w.:-]{40,}")


def readable_text(letter: Letter) -> str:
    """Return the text of a letter as a person may read it at the desk; says why when there is none."""
    if letter.secret:
        return _("Cette lettre contient un code ou un lien de connexion\u00a0: son texte ne se lit pas ici.")
    if letter.emptied_at:
        return _("Le texte n’est plus conservé.")
    message = email.message_from_bytes(bytes(letter.message), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    text = body.get_content() if body else ""
    if body and body.get_content_subtype() == "html":
        text = strip_tags(text)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        text += "\n" + _("Pièces jointes\u00a0: {names}").format(names=", ".join(names))
    return _WAY_IN.sub("…", text).strip()
