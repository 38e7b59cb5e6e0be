"""In a real Chromium: no accessibility fault, no refused style or script, nothing wider than the screen."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests import axe

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.face.urls")]

VARIANTS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
OPEN = ["/composants", "/composants?erreurs", "/compte/login/", "/compte/signup/", "/nulle-part"]
OWN = [
    "/compte/",
    "/compte/email/",
    "/compte/password/change/",
    "/compte/2fa/",
    "/compte/2fa/totp/activate/",
    "/compte/2fa/webauthn/add/",
    "/compte/sessions/",
    "/compte/logout/",
]
DESK = [
    "/bureau/",
    "/bureau/essai/",
    "/bureau/essai/account/emailaddress/",
    "/bureau/essai/account/emailaddress/add/",
    "/bureau/essai/account/emailaddress/{email}/change/",
    "/bureau/essai/account/emailaddress/{email}/history/",
    "/bureau/essai/account/emailaddress/{email}/delete/",
    "/bureau/essai/auth/group/add/",
    "/bureau/essai/usersessions/usersession/",
    "/bureau/essai/usersessions/usersession/add/",
]


@pytest.fixture
def browser(chromium, live_server):
    """The session's Chromium, without a page left open by another test."""
    yield chromium
    for context in chromium.contexts:
        context.close()


def opened(browser, live_server, width, scheme, storage=None):
    """Return a fresh page that notes its complaints, and knows the rules that a scheme can break."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        storage_state=storage,
        base_url=live_server.url,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.complaints = []
    page.rules = axe.WHOLE if scheme == "light" else axe.CONTRAST
    page.on(
        "console",
        lambda message: (
            page.complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def faults(page, address) -> dict:
    """Return what is wrong with the page at this address; nothing, one hopes."""
    page.complaints.clear()
    page.goto(address)
    landed = page.evaluate("location.pathname + location.search")
    found = {
        "landed": [] if landed == address else [landed],
        "complaints": list(page.complaints),
        "wider": [page.evaluate("document.documentElement.scrollWidth - innerWidth")],
    }
    found["wider"] = [width for width in found["wider"] if width > 0]
    found["axe"] = axe.faults(page, page.rules)
    return {name: wrong for name, wrong in found.items() if wrong}


def log_in(browser, live_server, email="aline.sillon@exemple.be"):
    """Log in by password through the page itself; return the browser's cookies."""
    page = opened(browser, live_server, 1280, "light")
    page.goto("/compte/login/")
    page.get_by_text("Se connecter avec un mot de passe").click()
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill("une phrase pour essai")
    page.locator("details button[type=submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    # What touches security asks once more who is there.
    page.goto("/compte/reauthenticate/?next=/compte/")
    page.locator("#id_password").fill("une phrase pour essai")
    page.get_by_role("button", name="Confirmer").click()
    page.wait_for_url("**/compte/")
    assert page.locator("h1").inner_text() == "Mon compte"
    return page.context.storage_state()


@pytest.mark.parametrize(("width", "scheme"), VARIANTS)
def test_open_pages_have_no_fault(browser, live_server, transactional_db, width, scheme):
    page = opened(browser, live_server, width, scheme)
    assert {address: wrong for address in OPEN if (wrong := faults(page, address))} == {}


@pytest.mark.parametrize(("width", "scheme"), VARIANTS)
def test_own_pages_have_no_fault(browser, live_server, transactional_db, person, width, scheme):
    page = opened(browser, live_server, width, scheme, log_in(browser, live_server))
    assert {address: wrong for address in OWN if (wrong := faults(page, address))} == {}


@pytest.mark.parametrize(("width", "scheme"), VARIANTS)
def test_desk_has_no_fault(browser, live_server, transactional_db, person, width, scheme):
    page = opened(browser, live_server, width, scheme, log_in(browser, live_server))
    email = person.emailaddress_set.get().pk
    addresses = [address.format(email=email) for address in DESK]
    assert {address: wrong for address in addresses if (wrong := faults(page, address))} == {}


def test_second_factor_is_added_and_asked_for(browser, live_server, transactional_db, person):
    page = opened(browser, live_server, 1280, "light", log_in(browser, live_server))
    page.goto("/compte/2fa/totp/activate/")
    assert page.locator("h1").inner_text() == "Ajouter une application"
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    secret = page.locator("details code").text_content()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.locator("#id_code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Activer").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".codes li").count() == 10
    assert faults(page, "/compte/2fa/recovery-codes/") == {}
    assert faults(page, "/compte/2fa/") == {}
    spare = page.goto("/compte/2fa/recovery-codes/") and page.locator(".codes li").first.inner_text()

    page = opened(browser, live_server, 320, "dark")
    page.goto("/compte/login/")
    page.locator("summary").click()
    page.locator("#id_login").fill(person.email)
    page.locator("#id_password").fill("une phrase pour essai")
    page.locator("details button[type=submit]").click()
    page.wait_for_url("**/2fa/authenticate/")
    assert faults(page, "/compte/2fa/authenticate/") == {}
    page.locator("#id_code").fill(spare)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)
    page.goto("/compte/")
    assert page.locator("h1").inner_text() == "Mon compte"


def test_a_security_key_is_added_under_the_strict_policy(browser, live_server, transactional_db, person):
    page = opened(browser, live_server, 1280, "light", log_in(browser, live_server))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/compte/2fa/webauthn/add/")
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    assert faults(page, "/compte/2fa/webauthn/") == {}
    assert page.locator(".rows li").count() == 1

    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key["authenticatorId"]})
    session.send("WebAuthn.disable")


def test_a_key_that_does_not_answer_is_told(browser, live_server, transactional_db, person):
    page = opened(browser, live_server, 1280, "light", log_in(browser, live_server))
    page.add_init_script("navigator.credentials.create = () => Promise.reject(new Error('refus'))")
    page.goto("/compte/2fa/webauthn/add/")
    assert page.locator("[data-key-error]").is_hidden()
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.locator("[data-key-error]").wait_for(state="visible")
    assert page.complaints == []


def test_a_wrong_form_takes_the_focus(browser, live_server, transactional_db):
    page = opened(browser, live_server, 1280, "light")
    page.goto("/composants?erreurs")
    assert page.evaluate("document.activeElement.className") == "errors stack-small"


def test_a_second_click_does_not_send_twice(browser, live_server, transactional_db):
    page = opened(browser, live_server, 1280, "light")
    page.goto("/composants")
    sent = []
    page.route("**/composants", lambda route: (sent.append(1), time.sleep(0.3), route.fulfill(body="reçu")))
    page.evaluate(
        """() => { const button = document.querySelector('.form button[type=submit]');
                   button.click(); button.click(); button.click(); }"""
    )
    page.wait_for_timeout(800)
    assert sent == [1]


def test_the_menu_of_a_phone_opens_without_script(browser, live_server, transactional_db):
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=False, base_url=live_server.url
    )
    page = context.new_page()
    page.goto("/composants")
    assert page.locator("#menu").is_hidden()
    page.get_by_role("button", name="Menu").click()
    assert page.locator("#menu").is_visible()
