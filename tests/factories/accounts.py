"""Users of each role; people are plainly fictitious."""

import time

import factory
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Erasure, JournalEntry, User

PASSWORD = "un mot de passe fictif"


class UserFactory(factory.django.DjangoModelFactory):
    """A citizen with a verified address."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.invalid")
    name = factory.Sequence(lambda n: f"Personne Fictive {n}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class ManagerFactory(UserFactory):
    role = Role.MANAGER


class TeamFactory(UserFactory):
    role = Role.TEAM


class AdministratorFactory(UserFactory):
    role = Role.ADMINISTRATOR


class JournalEntryFactory(factory.django.DjangoModelFactory):
    """A line of the journal."""

    class Meta:
        model = JournalEntry

    verb = "user.role_changed"
    object_kind = "accounts.user"
    object_id = "1"
    object_label = "Personne Fictive"
    by_label = "Odile Fictive"


class ErasureFactory(factory.django.DjangoModelFactory):
    """An erasure of which nothing waits."""

    class Meta:
        model = Erasure

    marks = factory.Sequence(lambda n: [f"{n:064x}"])
    finished_at = factory.LazyFunction(timezone.now)


def logged_in(user) -> Client:
    """Return a client of this user, who has just given a password (some pages ask for it again)."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()
    return client
