"""The team invites a referent from the desk; the person signs up with that address, and keeps the sheet."""

import re

import pytest
from playwright.sync_api import expect

from actors.choices import MembershipRole, MembershipState
from actors.models import Membership
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.portal import small_territory
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "colette.haie@exemple.invalid"


def found(pattern: str, letter) -> str:
    """Return the one thing of a letter that looks so."""
    assert letter.to == [ADDRESS]
    (thing,) = re.findall(pattern, letter.body, re.MULTILINE)
    return thing


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_desk_to_a_sheet_that_its_referent_keeps(
    chromium, live_server, mailoutbox, settings, tmp_path, script
):
    settings.MEDIA_ROOT = tmp_path / "media"
    place = small_territory().area.municipalities.first()
    actor = ActorFactory(name="Les Jardins Fictifs", slug="jardins", municipality=place, summary="Des haies.")
    logo = tmp_path / "logo.png"
    logo.write_bytes(picture())

    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        page.goto(f"/bureau/actors/actor/{actor.pk}/change/")
        page.get_by_role("link", name="Inviter un référent").click()
        expect(page.get_by_label("Référent")).to_be_checked()
        page.get_by_label("Adresse e-mail").fill(ADDRESS)
        page.get_by_role("button", name="Envoyer l’invitation").click()
        expect(page.get_by_role("status").first).to_contain_text(ADDRESS)

    with look(chromium, live_server.url, width=320, script=script) as context:
        page = context.new_page()
        page.goto(found(r"https?://[^/\s]+(/membre/lien/\S+)", mailoutbox[0]))
        page.get_by_role("main").get_by_role("link", name="M’inscrire").click()
        page.get_by_label("Adresse e-mail").fill(ADDRESS)
        page.get_by_label("Mot de passe").fill("une phrase de Colette")
        page.get_by_role("button", name="Créer mon compte").click()
        page.get_by_role("heading", name="Vérifiez votre adresse").wait_for()
        page.get_by_role("textbox", name="Code").fill(found(r"^\s*([A-Z0-9]+-?[A-Z0-9]+)\s*$", mailoutbox[1]))
        page.get_by_role("button", name="Confirmer").click()
        page.get_by_role("button", name="J’accepte l’invitation").click()
        page.wait_for_url("**/espace/jardins/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Les Jardins Fictifs")
        page.get_by_role("link", name="Tenir la fiche à jour").click()
        page.get_by_label("En une phrase").fill("Des haies et des mares.")
        page.get_by_label("Logo").set_input_files(logo)
        page.get_by_role("button", name="Enregistrer la fiche").click()
        page.wait_for_url("**/acteurs/jardins/")
        expect(page.get_by_role("main").get_by_text("Des haies et des mares.")).to_be_visible()
        expect(page.get_by_text("Fiche confirmée le")).to_be_visible()
        shown = page.get_by_role("img", name="Logo de Les Jardins Fictifs")
        shown.scroll_into_view_if_needed()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    own = Membership.objects.get()
    assert (own.user.email, own.role, own.state) == (ADDRESS, MembershipRole.REFERENT, MembershipState.ACTIVE)
