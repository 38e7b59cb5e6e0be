"""The demonstration is refused wherever somebody real might be, and then nothing is written."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from actors.models import Actor, Contact
from tests.factories.accounts import UserFactory
from tests.factories.actors import ActorFactory, ContactFactory, SubscriptionFactory
from tests.factories.territory import LAGFactory


def test_refused_outside_a_demonstration(db, settings):
    LAGFactory()
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="n’est pas une démonstration. Rien n’a changé"):
        call_command("load_demo")
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: UserFactory(email="odile@commune.be"), "des comptes qui"),
        (lambda: ContactFactory(email="odile@commune.be"), "des contacts qui"),
        (lambda: ContactFactory(email=""), "des contacts qui"),
        (ActorFactory, "des acteurs qui"),
        (lambda: SubscriptionFactory(email="odile@commune.be"), "des abonnements qui"),
    ],
)
def test_refused_where_somebody_may_be_real(db, make, what):
    LAGFactory()
    make()
    before = (User.objects.count(), Contact.objects.count(), Actor.objects.count())
    with pytest.raises(CommandError, match=what):
        call_command("load_demo")
    assert (User.objects.count(), Contact.objects.count(), Actor.objects.count()) == before


def test_refused_before_the_territory_is_loaded(db):
    with pytest.raises(CommandError, match="Chargez d’abord le territoire"):
        call_command("load_demo")


def test_refused_for_a_folder_without_a_story(db, tmp_path):
    LAGFactory()
    with pytest.raises(CommandError, match="n’a pas de dossier «\u00a0demonstration\u00a0»"):
        call_command("load_demo", folder=tmp_path)
