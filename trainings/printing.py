"""Papers of a session: the sheet to sign and the certificate, from templates to PDF/UA-1."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from documents import pdf
from territory.models import LAG
from trainings.choices import RegistrationState
from trainings.models import Certificate, Registration, TrainingSession

EMPTY_LINES = 6
"""Lines for those who come without having registered: with ten people, the sheet is still one page."""


def sheet_html(session: TrainingSession) -> str:
    """Return the attendance sheet: a line a person, a column a day, room to sign, empty lines."""
    people = session.registrations.confirmed().select_related("actor", "municipality")
    context = {
        "session": session,
        "days": session.announced_days,
        "people": people.order_by("folded_name", "position"),
        "empty": range(EMPTY_LINES),
        "lag": LAG.objects.first(),
    }
    return render_to_string("trainings/print/sheet.html", context)


def sheet(session: TrainingSession, *, created: datetime) -> bytes:
    """Return the attendance sheet as a PDF. Raises documents.pdf.NotPrinted."""
    return pdf.render_isolated(sheet_html(session), created=created).content


def calls(session: TrainingSession, *, created: datetime) -> bytes:
    """Return the list of people to phone as a PDF: those without an address. Raises documents.pdf.NotPrinted."""
    people = session.registrations.live().filter(email="").order_by("state", "position")
    context = {"session": session, "people": people, "lag": LAG.objects.first()}
    html = render_to_string("trainings/print/calls.html", context)
    return pdf.render_isolated(html, created=created).content


def confirmation(registration: Registration, *, created: datetime) -> bytes:
    """Return what a person without an address takes home, as a PDF. Raises documents.pdf.NotPrinted."""
    context = {
        "registration": registration,
        "session": registration.session,
        "seated": registration.state == RegistrationState.CONFIRMED,
        "lag": LAG.objects.first(),
    }
    html = render_to_string("trainings/print/confirmation.html", context)
    return pdf.render_isolated(html, created=created).content


def certificate_html(certificate: Certificate) -> str:
    """Return the certificate: what was frozen when it was issued, and where to check it."""
    address = f"{settings.SITE_URL}{certificate.get_absolute_url()}"
    context = {"certificate": certificate, "address": address, "lag": LAG.objects.first()}
    return render_to_string("trainings/print/certificate.html", context)


def certificate(issued: Certificate) -> bytes:
    """Return the certificate as a PDF, the same bytes each time. Raises documents.pdf.NotPrinted."""
    return pdf.render_isolated(certificate_html(issued), created=issued.issued_at).content
