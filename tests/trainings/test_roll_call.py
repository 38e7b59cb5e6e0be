"""The roll call in a real browser: a tap without network is kept, shown as such, and sent when it is back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, held
from trainings.models import Attendance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_taps_without_network_are_kept_over_a_reload_and_sent_again(chromium, live_server):
    session = held(capacity=2)
    aline = RegistrationFactory(session=session, name="Aline Fictive", position=1)
    basile = RegistrationFactory(session=session, name="Basile Fictif", position=2)
    address = reverse("admin:trainings_session_roll_call", args=[session.pk])
    with look(chromium, live_server.url, user=TeamFactory(), width=320) as context:
        page = context.new_page()
        page.goto(address)
        first = page.locator(f"#p-{aline.public_id}")
        second = page.locator(f"#p-{basile.public_id}")
        assert first.get_by_role("button", name="Présent").bounding_box()["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        context.set_offline(True)
        first.get_by_role("button", name="Absent").click()
        first.get_by_role("button", name="Présent").click()
        second.get_by_role("button", name="Absent").click()
        expect(page.get_by_role("status")).to_contain_text("Pas de réseau")
        expect(first.get_by_role("button", name="Présent")).to_have_class("is-present is-waiting")
        assert Attendance.objects.count() == 0
        context.set_offline(False)
        page.reload()
        expect(page.get_by_role("status")).to_contain_text("Présents\u00a0: 1 · absents\u00a0: 1")
        expect(second.get_by_role("button", name="Absent")).to_have_attribute("aria-pressed", "true")
    marks = Attendance.objects.order_by("registration__position").values_list("attended", flat=True)
    assert list(marks) == [True, False]


def test_a_page_that_is_behind_is_told_when_it_is_looked_at_again(chromium, live_server):
    session = held(capacity=1)
    registration = RegistrationFactory(session=session, name="Aline Fictive")
    address = reverse("admin:trainings_session_roll_call", args=[session.pk])
    with look(chromium, live_server.url, user=TeamFactory(), width=320) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        day = session.announced_days[0]
        Attendance.objects.create(registration=registration, day=day, attended=True)
        with page.expect_response("**/appel/?jour=*"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("button", name="Présent")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("status")).to_contain_text("Présents\u00a0: 1")


def test_a_tap_without_script_is_a_plain_post(chromium, live_server):
    registration = RegistrationFactory(session=held(), name="Aline Fictive")
    address = reverse("admin:trainings_session_roll_call", args=[registration.session_id])
    with look(chromium, live_server.url, user=TeamFactory(), width=320, script=False) as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Présent").click()
        expect(page.get_by_role("button", name="Présent")).to_have_attribute("aria-pressed", "true")
    assert Attendance.objects.get().attended is True
