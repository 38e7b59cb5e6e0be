"""Letters for tests: written through the mail API, as every room does."""

from django.core.mail import EmailMultiAlternatives, get_connection

from outbox.models import Letter


def write_letter(
    *,
    to: str = "ada@commune.example",
    subject: str = "Votre inscription",
    text: str = "À jeudi !",
    lane: str = "transactional",
    secret: bool = False,
    **headers: str,
) -> Letter:
    """Send one message through Django's mail API and return its row. `headers`: `about`, `kind`."""
    marks = {"X-Lane": lane, "X-Letter-Kind": headers.get("kind", ""), "X-About": headers.get("about", "")}
    if secret:
        marks["X-Secret"] = "1"
    EmailMultiAlternatives(subject, text, "portail@gal.example", [to], headers=marks).send()
    return Letter.objects.latest("pk")


def write_many(count: int, *, lane: str, prefix: str = "habitant") -> list[Letter]:
    """Write letters to `prefix1@village.example` and on, in one go, as a campaign does."""
    before = Letter.objects.count()
    get_connection("outbox.backend.OutboxBackend").send_messages(
        [
            EmailMultiAlternatives(
                f"Invitation {number}",
                "Bonjour",
                "portail@gal.example",
                [f"{prefix}{number}@village.example"],
                headers={"X-Lane": lane},
            )
            for number in range(1, count + 1)
        ]
    )
    letters = list(Letter.objects.order_by("pk")[before:])
    assert len(letters) == count
    return letters
