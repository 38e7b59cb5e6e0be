"""An invited person opens the link of a letter and begins, with and without JavaScript."""

import pytest

from invitations import emails
from invitations.models import Invitation
from tests.chromium import look
from tests.factories.actors import CommuneFactory
from tests.factories.invitations import InvitationFactory
from tests.factories.portal import small_territory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [False, True], ids=["without-script", "with-script"])
@pytest.mark.parametrize("width", [320, 1280])
def test_from_the_link_to_the_page(chromium, live_server, script, width):
    municipality = small_territory().area.municipalities.first()
    invitation = InvitationFactory(actor=CommuneFactory(municipality=municipality))
    path = emails.link(invitation).removeprefix("http://testserver")
    with look(chromium, live_server.url, width=width, script=script) as context:
        page = context.new_page()
        page.goto(path)
        assert page.get_by_role("heading", level=1).inner_text() == invitation.campaign.title
        page.reload()
        assert Invitation.objects.get().begun_at is None
        page.get_by_role("button", name="Commencer").click()
        page.wait_for_url("**/territoire/")
        assert Invitation.objects.get().begun_at is not None
        page.goto(path)
        page.get_by_role("button", name="Continuer").wait_for()


def test_opting_out_takes_one_button_without_script(chromium, live_server):
    contact = InvitationFactory().contact
    with look(chromium, live_server.url, script=False) as context:
        page = context.new_page()
        page.goto(emails.opt_out_link(contact).removeprefix("http://testserver"))
        page.get_by_role("button", name="Me désinscrire").click()
        page.get_by_role("heading", name="Vous êtes désinscrit").wait_for()
    contact.refresh_from_db()
    assert contact.opted_out_at is not None
