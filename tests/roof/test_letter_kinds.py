"""Every letter that leaves has a name in French for the team."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from needs.choices import NEED_NEXT
from outbox import kinds
from outbox.models import Letter
from smartrural import letters
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.outbox import write_letter

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OURS = [
    path.name.removesuffix("_subject.txt").replace("_", "-")
    for room in ("account", "mfa")
    for path in (TEMPLATES / room / "email").glob("*_subject.txt")
]
OF_TRAININGS = [
    f"registration.{path.stem}"
    for path in (TEMPLATES / "trainings" / "email").glob("*.txt")
    if not path.stem.startswith("_")
]
OF_ACTORS = re.findall(
    r'"((?:membership|proposal)\.[a-z]+|subscription\.(?!stop)[a-z]+)"',
    "".join(path.read_text() for path in Path(settings.BASE_DIR, "actors", "emails").glob("*.py")),
)
OF_NEEDS = [f"need.{state}" for states in NEED_NEXT.values() for state in states]


def test_letters_of_every_room_are_looked_at():
    assert min(len(OURS), len(OF_TRAININGS), len(OF_ACTORS), len(OF_NEEDS)) >= 5


@pytest.mark.parametrize("kind", sorted({*OURS, *OF_TRAININGS, *OF_ACTORS, *OF_NEEDS}))
def test_each_kind_that_is_written_is_named(kind):
    assert kinds.called(kind) != kind


def test_a_reminder_is_called_by_its_number_and_a_stranger_by_itself():
    assert kinds.called("invitation.reminder.2") == "relance 2"
    assert kinds.called("d’ailleurs") == "d’ailleurs"


def test_no_name_is_given_twice():
    assert len({str(name) for name in letters.NAMES.values()}) == len(letters.NAMES)


def test_the_desk_names_kinds_and_finds_the_letters_of_one(db, settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    write_letter(kind="invitation.first", subject="À répondre")
    write_letter(kind="login-code")
    client = logged_in(TeamFactory())
    page = client.get(reverse("admin:outbox_letter_changelist"), {"type": "invitation.first"})
    assert [letter.subject for letter in page.context["cl"].result_list] == ["À répondre"]
    assert [name for _kind, name in page.context["cl"].filter_specs[2].lookup_choices] == [
        "code de connexion",
        "invitation",
    ]
    assert Letter.objects.count() == 2
