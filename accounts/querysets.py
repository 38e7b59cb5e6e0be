"""Questions about users."""

from django.contrib.auth.models import BaseUserManager
from django.db import models

from accounts.choices import STAFF, Role


class UserQuerySet(models.QuerySet):
    """Questions about users, chained."""

    def active(self):
        """Users who may log in."""
        return self.filter(is_active=True)

    def staff(self):
        """Administrators and the LAG's team."""
        return self.filter(role__in=STAFF)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users by their e-mail address."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields):
        """Create a user; without `password` only a mailed code lets them in."""
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        """Create an administrator (`manage.py createsuperuser`)."""
        return self.create_user(email, password, **{"role": Role.ADMINISTRATOR, **fields})

    def get_by_natural_key(self, username: str):
        """Find a user by e-mail, whatever its case."""
        return self.get(email=normalise_email(username))


def normalise_email(email: str) -> str:
    """Return the one form in which an address is stored and compared: stripped, lower case.

    RFC 5321 lets the local part be case-sensitive; no provider met in practice does so, people type capitals.
    """
    return email.strip().lower()
