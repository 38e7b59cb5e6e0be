"""Cells as people fill them, read one by one. Each raises ValidationError, in French, for what it cannot read."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from tabular.reading import DAMAGED
from typography.folding import fold

NOTHING = {"", "-", "–", "—", "n d", "nd", "na", "n a", "null", "none", "x", "inconnu", "non communique"}
YES, NO = {"oui", "o", "yes", "y", "1", "vrai", "true", "x", "ok"}, {"non", "n", "no", "0", "faux", "false"}
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)")
_NUMBER = re.compile(r"[-−]?\d+([.,]\d+)?")
_GROUPED = re.compile(r"[-−]?\d{1,3}([ \u00a0\u202f’'.]\d{3})+(,\d+)?")
_web = URLValidator(schemes=["http", "https"])


def is_nothing(text: str) -> bool:
    """Say whether a cell says that there is nothing to say: empty, « - », « n.d. »."""
    return text in NOTHING or fold(text) in NOTHING


def text(cell: str, most: int = 0) -> str:
    """Return a cell on one line; refuse one whose accented letters were destroyed, or longer than `most`."""
    if DAMAGED in cell:
        raise ValidationError(
            _("« %(text)s » a perdu des lettres accentuées : demandez le fichier d’origine")
            % {"text": cell[:80]}
        )
    plain = " ".join(cell.split())
    if most and len(plain) > most:
        raise ValidationError(_("« %(text)s… » dépasse %(most)s signes") % {"text": plain[:40], "most": most})
    return plain


def paragraphs(cell: str) -> str:
    """Return a cell with its line breaks."""
    return "\n".join(text(line) for line in cell.split("\n")).strip()


def email(cell: str) -> str:
    """Return an address, lower case; « mailto: » and brackets around it are dropped."""
    found = text(cell).strip("<>;, ").removeprefix("mailto:").lower()
    try:
        validate_email(found)
    except ValidationError:
        raise ValidationError(_("« %s » n’est pas une adresse e-mail") % cell[:80]) from None
    return found


def web(cell: str) -> str:
    """Return the address of a page; one typed without its scheme is taken as https."""
    found = text(cell)
    if "://" not in found:
        found = f"https://{found}"
    scheme, rest = found.split("://", 1)
    host, slash, page = rest.partition("/")
    found = f"{scheme.lower()}://{host.lower()}{slash}{page}"
    try:
        _web(found)
    except ValidationError:
        raise ValidationError(_("« %s » n’est pas l’adresse d’une page") % cell[:80]) from None
    if len(found) > 200:
        raise ValidationError(_("l’adresse de la page dépasse 200 signes"))
    return found


def phone(cell: str) -> str:
    """Return a telephone number in digits, « + » and spaces; a first zero lost in a spreadsheet is given back.

    Belgian numbers have nine digits, ten for mobiles, their first zero included: eight or nine digits that
    begin with another lack it.
    """
    found = re.sub(r"[^\d+]", " ", text(cell).replace("(0)", ""))
    digits = re.sub(r"\D", "", found)
    if not 8 <= len(digits) <= 15:
        raise ValidationError(_("« %s » n’est pas un numéro de téléphone") % cell[:40])
    found = " ".join(found.split())
    if not found.startswith("+") and digits[0] != "0":
        found = f"0{found}" if len(digits) <= 9 else f"+{found}"
    return found[:30]


def number(cell: str, *, whole: bool = False) -> Decimal:
    """Return a number written in French or with a decimal point.

    "1.234" and "1,234" can be read in two ways when a whole number is expected: refused, rather than guessed.
    """
    found = cell.replace("\u00a0", " ").replace("\u202f", " ").strip().removesuffix("%").strip()
    if whole and re.fullmatch(r"[-−]?\d{1,3}[.,]\d{3}", found):
        raise ValidationError(
            _("« %(text)s » se lit de deux façons : écrivez %(joined)s, sans point ni virgule")
            % {"text": cell, "joined": re.sub(r"[.,]", "", found)}
        )
    if _GROUPED.fullmatch(found):
        found = re.sub(r"[ ’'.]", "", found)
    if len(found) > 25 or not _NUMBER.fullmatch(found):
        raise ValidationError(_("« %s » n’est pas un nombre") % cell[:40])
    return Decimal(found.replace("−", "-").replace(",", "."))


def year(cell: str) -> int:
    """Return the one year that a cell or a title names."""
    found = set(_YEAR.findall(cell))
    if len(found) != 1:
        raise ValidationError(_("« %s » n’est pas une année") % cell[:40])
    return int(found.pop())


def degrees(cell: str, most: int) -> float:
    """Return a longitude or a latitude, in degrees; other coordinates (metres) are refused."""
    found = float(number(cell))
    if abs(found) > most:
        raise ValidationError(_("« %s » n’est pas en degrés") % cell[:40])
    return found


def yes(cell: str) -> bool:
    """Return whether a cell says yes."""
    if (said := fold(cell)) in YES:
        return True
    if said in NO:
        return False
    raise ValidationError(_("« %s » ne dit ni oui ni non") % cell[:40])


def day(cell: str) -> date:
    """Return a day written "12/01/2027", "12.01.2027" or "2027-01-12"."""
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y"):
        try:
            return datetime.strptime(cell.strip()[:10], form).date()
        except ValueError:
            continue
    raise ValidationError(_("« %s » n’est pas une date") % cell[:40])
