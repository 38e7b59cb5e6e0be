"""The picture and the documents of trainings: open to all, but those of the registered and of drafts."""

from tests.contracts.table import Row, everyone
from tests.factories import trainings as factories
from trainings import actions, emails


def image(user, **fields):
    """The picture of a training."""
    return {"slug": factories.pictured(factories.TrainingFactory(**fields)).slug}


def document(user, *, private=False, **fields):
    """A document of a training."""
    paper = factories.paper(factories.TrainingFactory(**fields), private=private)
    return {"public_id": paper.document.public_id}


def of_a_draft(user):
    """The picture of a training that nobody announced."""
    return image(user, state="draft")


def for_the_registered(user):
    """A document of those who come."""
    return document(user, private=True)


def public_of_a_draft(user):
    """A document of everybody, of a training that nobody announced."""
    return document(user, state="draft")


def by_letter(user, *, gone=False):
    """A document of those who come, by the link of somebody's letter."""
    registration = factories.RegistrationFactory()
    paper = factories.paper(registration.session.training, private=True)
    if gone:
        actions.cancel(registration, by=None)
    token = emails.manage_url(registration).rstrip("/").rpartition("/")[2]
    return {"token": token, "public_id": paper.document.public_id}


def by_letter_once_gone(user):
    """The same once that person gave up."""
    return by_letter(user, gone=True)


STAFF = {"team": 200, "administrator": 200}
ROWS = [
    Row("trainings:image", everyone(200), build=image, page=False),
    Row("trainings:image", everyone(404, **STAFF), build=of_a_draft, page=False, label="draft"),
    Row("trainings:document", everyone(200), build=document, page=False),
    Row("trainings:document", everyone(404, **STAFF), build=for_the_registered, page=False, label="private"),
    Row("trainings:document", everyone(404, **STAFF), build=public_of_a_draft, page=False, label="draft"),
    Row("trainings:registration_document", everyone(200), build=by_letter, page=False),
    Row(
        "trainings:registration_document", everyone(404), build=by_letter_once_gone, page=False, label="gone"
    ),
]
