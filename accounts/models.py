"""Users, and the journal of what was done by whom."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF, Role
from accounts.querysets import UserManager, normalise_email


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The e-mail address is the login; there is no user name.

    The role says what the person is; what a role may do stands in the group of the same name
    (`accounts.roles`).
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("adresse e-mail"), unique=True)
    name = models.CharField(_("nom"), max_length=150, blank=True)
    role = models.CharField(
        _("rôle"),
        max_length=20,
        choices=Role,
        blank=True,
        help_text=_("Laissez vide pour un citoyen ou un membre d’un acteur."),
    )
    is_active = models.BooleanField(
        _("actif"),
        default=True,
        help_text=_("Décochez plutôt que de supprimer\u00a0: la personne ne peut plus se connecter."),
    )
    date_joined = models.DateTimeField(_("inscrit le"), default=timezone.now, editable=False)
    # The role replaces both relations (docs/decisions/0008).
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["", *Role.values]), name="user_role_is_known"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_normalised"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = normalise_email(self.email)

    @property
    def is_staff(self) -> bool:
        """True for those who enter the desk."""
        return self.role in STAFF

    @property
    def is_superuser(self) -> bool:  # type: ignore[override]
        """True for administrators: they may do everything."""
        return self.role == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        """True for those who read every figure: managers, and the staff."""
        return self.role in Role.values

    def get_full_name(self) -> str:
        """The name shown in greetings, or the address."""
        return str(self)

    def get_short_name(self) -> str:
        """The first name, or what stands before the @."""
        return self.name.split(" ")[0] if self.name else self.email.partition("@")[0]


class JournalEntry(models.Model):
    """One line of the journal: labels rather than foreign keys, so that it outlives what it tells of."""

    at = models.DateTimeField(_("le"), default=timezone.now, db_index=True)
    verb = models.CharField(_("action"), max_length=80, db_index=True)
    object_kind = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    object_label = models.CharField(_("objet"), max_length=200)
    by_label = models.CharField(_("par"), max_length=200)
    facts = models.JSONField(_("faits"), default=dict)

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} · {self.object_label}"


class Erasure(models.Model):
    """Somebody was erased: when, and the marks by which a restored copy finds them again; never who.

    Marks are keyed digests (`accounts.erasure.mark`). Rows are added, never changed but for `finished_at`; the
    register outside the database tells the same (docs/decisions/0017).
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("demandé le"), default=timezone.now, db_index=True)
    marks = models.JSONField(_("empreintes"), default=list)
    holds_until = models.DateField(
        _("preuves gardées jusqu’au"), null=True, help_text=_("Vide\u00a0: rien n’a dû attendre.")
    )
    finished_at = models.DateTimeField(_("terminé le"), null=True)

    class Meta:
        verbose_name = _("effacement")
        verbose_name_plural = _("effacements")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=False) | models.Q(finished_at__isnull=False),
                name="erasure_is_finished_unless_held",
            )
        ]

    def __str__(self) -> str:
        return str(_("Effacement"))
