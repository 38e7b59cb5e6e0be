"""Pages of « Me tenir au courant »: asked here, confirmed, changed and stopped behind the links of our letters."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, links
from actors import actions, emails
from actors.choices import SubscriptionState
from actors.forms.subscriptions import ChoicesForm, SubscriptionForm
from actors.models import Subscription
from typography import dates

SOURCE = "page « Me tenir au courant »"
"""Where a consent was given, as it is written down."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form; the answer is the same whether the address is known or not."""
    status = 200
    if request.method == "POST":
        form = SubscriptionForm(request.POST)
        if form.is_valid():
            if _may_ask(request, form.cleaned_data["email"]):
                actions.ask_subscription(
                    email=form.cleaned_data["email"], source=SOURCE, **form.choices_made()
                )
                return redirect("actors:subscription_asked")
            form.add_error(None, _too_many())
            status = 429
    else:
        form = SubscriptionForm(ticked=request.GET)
    context = {"form": form, "weekday": dates.WEEKDAYS[settings.DIGEST_WEEKDAY - 1], "trail": _trail()}
    return render(request, "actors/subscribe.html", context, status=status)


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """A letter has left: what to do with it."""
    return render(request, "actors/subscription_asked.html", {"trail": _trail()})


def _linked(purpose: str):
    """Give a view the subscription behind a link of `purpose`, None once erased; noindex, never cached.

    A link that was altered, made for something else, or older than a stop, is not found; one whose time is
    over offers a new one.
    """

    def decorate(view: Callable[[HttpRequest, Subscription | None], HttpResponse]):
        @wraps(view)
        def shown(request: HttpRequest, token: str) -> HttpResponse:
            try:
                link = links.read(purpose, token)
            except links.BadLink as error:
                raise Http404 from error
            except links.ExpiredLink as expired:
                if purpose != emails.STOP:
                    return _unlisted(_expired(request, _subscription(expired.public_id)))
                subscription = _subscription(expired.public_id)  # the right to stop has no end
            else:
                subscription = _subscription(link.public_id)
                if subscription and subscription.version != link.version and purpose != emails.STOP:
                    raise Http404
            return _unlisted(view(request, subscription))

        return never_cache(require_http_methods(["GET", "HEAD", "POST"])(shown))

    return decorate


@_linked(emails.CONFIRM)
def confirm(request: HttpRequest, subscription: Subscription | None) -> HttpResponse:
    """What was asked for; the button says yes. Opened again, it says that this is done."""
    if subscription is None:
        return _expired(request, None)
    if request.method == "POST":
        actions.confirm_subscription(subscription)
        return redirect(request.path)
    context = {"subscription": subscription, "trail": _trail()}
    if subscription.state == SubscriptionState.ACTIVE:
        context |= {"manage_url": emails.manage_link(subscription)}
        return render(request, "actors/subscription_confirmed.html", context)
    if subscription.state == SubscriptionState.STOPPED:
        return render(request, "actors/subscription_stop.html", {"done": True, "trail": _trail()})
    return render(request, "actors/subscription_confirm.html", context)


@_linked(emails.MANAGE)
def manage(request: HttpRequest, subscription: Subscription | None) -> HttpResponse:
    """What one is told about: a GET shows it, a POST changes it."""
    if subscription is None or subscription.state != SubscriptionState.ACTIVE:
        return render(request, "actors/subscription_stop.html", {"done": True, "trail": _trail()})
    form = ChoicesForm(request.POST if request.method == "POST" else None, subscription=subscription)
    if request.method == "POST" and form.is_valid():
        actions.change_subscription(subscription, **form.choices_made())
        messages.success(request, _("C’est noté : votre prochain résumé en tiendra compte."))
        return redirect(request.path)
    context = {"form": form, "stop_url": emails.stop_link(subscription), "trail": _trail()}
    return render(request, "actors/subscription_manage.html", context)


@csrf_exempt  # RFC 8058: mail programs post here without cookie; whoever holds the link may stop
@_linked(emails.STOP)
def stop(request: HttpRequest, subscription: Subscription | None) -> HttpResponse:
    """Stop by one click; posted again, the answer is the same."""
    if subscription and request.method == "POST":
        actions.stop_subscription(subscription)
    done = subscription is None or subscription.state == SubscriptionState.STOPPED
    return render(request, "actors/subscription_stop.html", {"done": done, "trail": _trail()})


# Inside --------------------------------------------------------------------------------------------------


def _subscription(public_id: str) -> Subscription | None:
    return Subscription.objects.with_choices().filter(public_id=public_id).first()


def _expired(request: HttpRequest, subscription: Subscription | None) -> HttpResponse:
    """Offer a new link, by mail to the address we know: this page names nobody, nor says whether we know one."""
    sent = request.method == "POST"
    if sent and subscription and _may_write(subscription.email):
        actions.send_subscription_link(subscription)
    context = {"sent": sent, "trail": _trail()}
    return render(request, "actors/subscription_expired.html", context, status=200 if sent else 410)


def _may_ask(request: HttpRequest, email: str) -> bool:
    """Count one more form; False where one network, or one address, has had enough of them."""
    most = settings.SUBSCRIPTIONS_PER_HOUR
    return limits.spend("subscription", limits.visitor(request), most=most, seconds=3600) and _may_write(
        email
    )


def _may_write(email: str) -> bool:
    most = settings.SUBSCRIPTION_LETTERS_PER_EMAIL_PER_DAY
    return limits.spend("subscription.to", email, most=most, seconds=86400)


def _too_many() -> str:
    return _(
        "Beaucoup de demandes sont venues d’ici, ou pour cette adresse, en peu de temps. Rien n’est enregistré, et "
        "ce que vous avez écrit reste : regardez si notre lettre est déjà arrivée, ou réessayez demain."
    )


def _trail() -> list[tuple[str, str]]:
    return [(_("Accueil"), reverse("home"))]


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a personal page out of search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response
