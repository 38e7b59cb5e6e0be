"""Who may do what: a user's permissions are those of the group named after their role."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission


class RoleBackend(AuthenticationBackend):
    """Log in through allauth; read permissions from the role's group."""

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj):
        return (
            Permission.objects.filter(group__name=user_obj.role)
            if user_obj.role
            else Permission.objects.none()
        )
