"""Who speaks for an actor."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.choices import MembershipRole, MembershipState
from actors.models.organisations import Actor
from actors.querysets import MembershipQuerySet


class Membership(models.Model):
    """A user speaks for an actor.

    While somebody is only invited, `email` is where the letter went and there is no user yet: the inviter
    never learns whether that address has an account. `version` makes older letters fail.
    """

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("utilisateur"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
    )
    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.CASCADE, related_name="memberships"
    )
    email = models.EmailField(_("adresse invitée"), blank=True)
    role = models.CharField(_("rôle"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    state = models.CharField(
        _("état"), max_length=10, choices=MembershipState, default=MembershipState.REQUESTED
    )
    statement = models.CharField(
        _("qui demande"),
        max_length=300,
        blank=True,
        help_text=_("Ce que la personne a dit d’elle en demandant à parler pour l’acteur."),
    )
    reason = models.CharField(
        _("motif du refus"), max_length=500, blank=True, help_text=_("Dit à la personne.")
    )
    version = models.PositiveIntegerField(_("version du lien"), default=1, editable=False)
    since = models.DateTimeField(_("depuis"), default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        ordering = ["actor__sort_name", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "actor"],
                name="one_membership_a_user_and_actor",
                violation_error_message=_("Cette personne est déjà dans la liste des membres."),
            ),
            models.UniqueConstraint(
                fields=["actor", "email"],
                condition=Q(user=None),
                name="one_invitation_an_email_and_actor",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False)
                | (Q(state__in=[MembershipState.INVITED, MembershipState.REVOKED]) & ~Q(email="")),
                name="membership_has_a_user_unless_invited",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="membership_email_is_normalised"),
            models.CheckConstraint(
                condition=Q(role__in=MembershipRole.values), name="membership_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MembershipState.values), name="membership_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.email} · {self.actor}"
