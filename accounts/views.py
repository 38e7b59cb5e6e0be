"""A person's own account: one page from which everything about it is reached."""

from typing import cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User


@never_cache
@login_required
@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """« Mon compte »: address, password, second factor, sessions."""
    user = cast(User, request.user)
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    return render(
        request,
        "account/home.html",
        {
            "addresses": EmailAddress.objects.filter(user=request.user).order_by("-primary", "email"),
            "has_password": user.has_usable_password(),
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_key": Authenticator.Type.WEBAUTHN in kinds,
            "session_count": UserSession.objects.filter(user=request.user).count(),
        },
    )
