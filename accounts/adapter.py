"""How allauth meets our users: one form of an address, names in French, a second factor for staff."""

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _

from accounts.querysets import normalise_email

# What lets its reader in: a letter rendered with one of these is secret.
_KEYS = {"code", "key"}


class AccountAdapter(DefaultAccountAdapter):
    """Addresses are stored in one form; letters say what they are, and whether they hold a code."""

    def clean_email(self, email: str) -> str:
        return normalise_email(super().clean_email(email))

    def render_mail(self, template_prefix, email, context, headers=None):
        marks = {"X-Letter-Kind": template_prefix.rpartition("/")[2].replace("_", "-")}
        if _KEYS & context.keys():
            marks["X-Secret"] = "1"
        return super().render_mail(template_prefix, email, context, headers={**(headers or {}), **marks})


class MFAAdapter(DefaultMFAAdapter):
    """What the authenticator application is shown."""

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as plain inline SVG: our policy refuses the `data:` image of the original.

        Always dark on white, whatever the scheme: readers of QR codes want it so.
        """
        code = qrcode.QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return (
            f'<svg viewBox="0 0 {len(rows)} {len(rows)}" width="240" height="240" role="img" '
            f'shape-rendering="crispEdges" aria-label="{_("QR code à viser avec l’application")}">'
            f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path fill="#000" d="{path}"/></svg>'
        )

    def get_totp_label(self, user) -> str:
        return user.email
