"""What accounts know of a person, and forget: the user, its addresses and sessions, its name in the journal."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.erasure import NO_LIMIT, NOBODY, Known, Part, Person
from accounts.models import JournalEntry, User

NOWHERE = "@efface.invalid"
"""Where the address of an erased account ends: RFC 2606 keeps « .invalid » for what is no domain."""


@erasure.lists
def people() -> Known:
    """Yield every account that is not erased."""
    for user in User.objects.exclude(email__endswith=NOWHERE).iterator():
        yield Person().plus(emails=[user.email], rows=[user]), user.date_joined


@erasure.widens
def account(person: Person) -> Person:
    """Add the person's accounts: by key, by login, by an address that they proved."""
    proved = EmailAddress.objects.filter(email__in=person.emails, verified=True).values("user")
    users = User.objects.filter(
        Q(public_id__in=person.of(User)) | Q(email__in=person.emails) | Q(pk__in=proved),
        date_joined__lte=person.before,
    ).exclude(email__endswith=NOWHERE)
    for user in users:
        addresses = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        person = person.plus(emails=[user.email, *addresses], names=[user.name], rows=[user])
    return person


@erasure.erases
def forget(person: Person) -> list[Part]:
    """Close the person's accounts, with nothing left in them; take their names out of the journal.

    Raises ValidationError for somebody who has a role: it is taken away first, by an administrator. It was, where
    a register is replayed: a restored role goes with the rest.
    """
    users = list(User.objects.select_for_update().filter(public_id__in=person.of(User)).order_by("pk"))
    for user in users:
        if user.role and person.before == NO_LIMIT:
            raise ValidationError(
                _(
                    "Cette personne a un rôle ici (%(role)s)\u00a0: un administrateur le retire d’abord. "
                    "Rien n’est effacé."
                )
                % {"role": user.get_role_display()},
                code="role",
            )
    accounts = 0
    for user in users:
        if user.email.endswith(NOWHERE):
            continue
        for session in UserSession.objects.filter(user=user):
            session.end()
        UserSession.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        user.email, user.name, user.is_active = f"{user.public_id.hex}{NOWHERE}", NOBODY, False
        user.role = ""
        user.set_unusable_password()
        user.save(update_fields=["email", "name", "role", "is_active", "password"])
        accounts += 1
    EmailAddress.objects.filter(email__in=person.emails).exclude(user__in=users).filter(
        user__date_joined__lte=person.before, verified=False
    ).delete()
    erasure.forget_labels(users)
    return [Part(_("Compte"), accounts), Part(_("Lignes du journal qui la nomment"), _said_by(person))]


def _said_by(person: Person) -> int:
    """Take the person's names off what they did; a name that another account bears is left."""
    shared = User.objects.filter(name__in=person.names).values_list("name", flat=True)
    labels = [*person.emails, *(person.names - set(shared) if person.of(User) else [])]
    lines = JournalEntry.objects.filter(at__lte=person.before)
    done = lines.filter(by_label__in=labels).update(by_label=NOBODY)
    return done + lines.filter(object_label__in=person.emails).update(object_label=NOBODY)
