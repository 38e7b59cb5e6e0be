"""What trainings know of a person, and forget; what proves who came waits as long as the funders may ask.

Of a registration under legal hold remain the name, the organisation, the marks and the certificate; the
signed sheet, which other people signed too, is kept by retention.
"""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.erasure import NOBODY, Known, Part, Person
from accounts.models import User
from actors.models import Contact
from trainings import actions, names
from trainings.choices import LIVE, RegistrationState
from trainings.models import Certificate, Registration

ENTERED = "effacement"
"""Stands for who entered a registration without address: the rule that asks for it holds for the living."""


@erasure.lists
def people() -> Known:
    """Yield everybody who registered, with or without an address, but those already erased."""
    for registration in Registration.objects.exclude(name=NOBODY).filter(erase_on=None).iterator():
        yield Person().plus(emails=[registration.email], rows=[registration]), registration.registered_at


@erasure.widens
def registrations(person: Person) -> Person:
    """Add registrations of the person's contacts and accounts, and those of their address under their name.

    A couple shares an address: under another name, a registration is somebody else's.
    """
    folded = {names.folded(name) for name in person.names}
    found = Registration.objects.filter(
        Q(public_id__in=person.of(Registration))
        | Q(contact__public_id__in=person.of(Contact))
        | Q(contact=None, email__in=person.emails, folded_name__in=folded),
        registered_at__lte=person.before,
    ).select_related("contact")
    for one in found:
        if one.name == NOBODY or one.erase_on:
            continue
        rows = [one, one.contact] if one.contact else [one]
        person = person.plus(emails=[one.email], names=[one.name], rows=rows)
    return person


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Give back the seats to come, then forget each registration, or all of it but the evidence."""
    theirs = Registration.objects.filter(public_id__in=person.of(Registration)).exclude(name=NOBODY)
    erased = waits = seats = 0
    last: date | None = None
    for one in theirs.filter(state__in=LIVE).select_related("session").order_by("session", "pk"):
        if not one.session.starts_at or timezone.now() < one.session.starts_at:
            actions.cancel(one, by=None)
            seats += 1
    for one in theirs.select_for_update(of=("self",)).select_related("session").order_by("pk"):
        until = _hold(one)
        _forget(one, until)
        if until:
            waits, last = waits + 1, max(filter(None, [last, until]))
        else:
            erased += 1
    erasure.forget_labels(Registration.objects.filter(public_id__in=person.of(Registration)))
    shared = Registration.objects.filter(email__in=person.emails, registered_at__lte=person.before)
    others = 0
    for one in shared.exclude(public_id__in=person.of(Registration)):
        one.email, one.nonce, one.entered_by = "", "", one.entered_by or ENTERED
        one.link_version += 1
        one.save(update_fields=["email", "nonce", "entered_by", "link_version"])
        others += 1
    Registration.objects.filter(user__public_id__in=person.of(User)).update(user=None)
    return [
        Part(
            _("Inscriptions"),
            erased,
            waits,
            last,
            _("Présence et attestations sont des preuves\u00a0: le nom y reste jusque-là.") if waits else "",
        ),
        Part(_("Places à venir"), seats, remark=_("Rendues\u00a0: elles sont proposées à qui attend.")),
        Part(
            _("Inscriptions d’autres personnes à la même adresse"),
            others,
            remark=_("Elles gardent leur place et leur nom, sans adresse\u00a0: prévenez-les autrement."),
        ),
    ]


@erasure.finishes
def finish(today: date) -> int:
    """Forget the names whose evidence need not be kept any more."""
    over = Registration.objects.filter(erase_on__lt=today)
    count = 0
    for one in over.select_for_update():
        _forget(one, None)
        count += 1
    return count


def _hold(registration: Registration) -> date | None:
    """Return the last day on which this registration is evidence, None when it is none (any more).

    Counted in years from the end of the session; evidence is a mark, a certificate, or a seat in a session
    whose signed sheet is kept.
    """
    session = registration.session
    proves = (
        registration.marks.exists()
        or registration.attended is not None
        or registration.certificates.exists()
        or (registration.state == RegistrationState.CONFIRMED and session.signed_sheet_id)
    )
    if not proves or not session.ends_at:
        return None
    ended = timezone.localtime(session.ends_at).date()
    year = ended.year + settings.EVIDENCE_YEARS
    # The last of February where that year has no 29th.
    until = date(year, 2, 28) if (ended.month, ended.day) == (2, 29) else ended.replace(year=year)
    return until if until >= timezone.localdate() else None


def _forget(registration: Registration, until: date | None) -> None:
    """Empty a registration; `until` a day, all but the name and the organisation."""
    one = registration
    one.email = one.phone = one.access_needs = one.nonce = ""
    one.contact = one.user = one.brought_by = None
    one.answers.all().delete()
    one.entered_by = one.entered_by or ENTERED
    one.link_version += 1
    one.erase_on = until
    if until is None:
        one.name, one.folded_name, one.organisation_text = NOBODY, names.folded(NOBODY), ""
        Certificate.objects.filter(registration=one).update(name=NOBODY)
    one.told = one.state
    one.save()
