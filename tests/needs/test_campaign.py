"""A survey's campaign, end to end: staff invite, a commune opens the letter's link, answers, is marked."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from actors.choices import State
from invitations import actions as invitations
from invitations.models import Campaign, Invitation
from needs import actions, figures
from needs.choices import ResponseState, SurveyState
from needs.models import Response
from outbox import nudge
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ActorFactory, CommuneFactory
from tests.factories.invitations import InvitationFactory, RunningCampaignFactory, writable_contact
from tests.factories.needs import ReferentFactory, SubmittedFactory, SurveyFactory, small_questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    return SurveyFactory(questionnaire=small_questionnaire(), title="Enquête communes 2026")


@pytest.fixture(autouse=True)
def letters_in_the_outbox(settings, monkeypatch):
    """These letters are rows, as in production; nobody is nudged."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)


def speaker(**facts):
    """Somebody whom a campaign may write to, who speaks for a commune; the commune."""
    commune = CommuneFactory(state=State.PUBLISHED)
    contact = writable_contact(**facts)
    contact.actors.add(commune)
    return contact, commune


def invited(survey, count: int = 1) -> tuple[Campaign, list[Invitation]]:
    """A launched campaign of this survey, and its invitations."""
    for _n in range(count):
        speaker()
    staff = TeamFactory()
    campaign = actions.invite(survey, by=staff)
    invitations.launch(campaign, by=staff)
    return campaign, list(campaign.invitations.all())


def follow(invitation: Invitation) -> Client:
    """Open the link of the letter of an invitation, as its person does, and press its button."""
    letter = Letter.objects.filter(about=str(invitation.public_id)).latest("pk")
    message = message_from_bytes(bytes(letter.message), policy=policy.default)
    path = re.search(r"/invitation/\S+", message.get_body(("plain",)).get_content()).group()
    client = Client()
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == invitation.campaign.landing_path
    return client


def answer(client: Client, survey, actor) -> Response:
    """Begin the response and answer its first section."""
    begun = client.post(f"/enquetes/{survey.slug}/commencer/", {"acteur": actor.slug})
    response = Response.objects.get(actor=actor)
    assert begun["Location"] == response.get_absolute_url()
    need = {"besoin": "Un agenda commun.", "besoin-horizon": "short", "besoin-pool": "yes"}
    seen = {"texte-seen": actions.mark(None), "besoin-seen": actions.mark(None), "texte": "Le taxi social."}
    client.post(f"{response.get_absolute_url()}mots/", need | seen)
    response.refresh_from_db()
    return response


def test_a_commune_invited_from_the_desk_answers_by_its_letter_and_is_marked(survey):
    contact, commune = speaker(name="Colette Haie", email="colette@commune.invalid")
    desk = logged_in(TeamFactory())
    form = f"/bureau/needs/survey/{survey.pk}/change/"
    page = desk.get(form)
    data = {name: value for name, value in posted(page).items() if value is not None}
    sent = desk.post(form, data | {"_verb_invite": "x"})
    campaign = Campaign.objects.get()
    survey.refresh_from_db()
    assert sent["Location"] == f"/bureau/invitations/campaign/{campaign.pk}/preview/"
    assert (campaign.landing_path, campaign.deadline) == (f"/enquetes/{survey.slug}/", survey.closes_at)
    assert "Enquête communes 2026" in desk.get(sent["Location"]).content.decode()
    desk.post(f"/bureau/invitations/campaign/{campaign.pk}/launch/")

    invitation = campaign.invitations.get()
    assert (invitation.contact, invitation.actor) == (contact, commune)
    client = follow(invitation)
    assert f"Répondre pour {commune.name}" in client.get(campaign.landing_path).content.decode()
    response = answer(client, survey, commune)
    assert client.get(campaign.landing_path)["Location"] == response.get_absolute_url()
    assert [one.writer for one in response.answers.all()] == [contact, contact]
    client.post(f"{response.get_absolute_url()}relire/", {"version": response.version, "publishes": "on"})

    response.refresh_from_db()
    invitation.refresh_from_db()
    assert (response.state, response.submitter_contact, response.publishes) == (
        ResponseState.SUBMITTED,
        contact,
        True,
    )
    assert invitation.answered_at is not None
    assert Letter.objects.get(kind="response.receipt").addresses == ["colette@commune.invalid"]
    assert "1 a répondu, de 1" in desk.get(form).content.decode()
    need = actions.record_need_from_answer(response.answers.get(question__code="besoin"), by=TeamFactory())
    assert (need.contact, need.author, need.publishable) == (contact, None, True)


def posted(page) -> dict:
    """What the desk's form posts unchanged."""
    form = page.context["adminform"].form
    data = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if name.endswith("_at"):
            value = timezone.localtime(value)
            data |= {f"{name}_0": f"{value:%d/%m/%Y}", f"{name}_1": f"{value:%H:%M}"}
        else:
            data[name] = field.prepare_value(value)
    return data


def test_a_reminder_goes_to_those_who_have_not_answered_whoever_answered_for_their_commune(survey):
    campaign, (first, second) = invited(survey, 2)
    colleague = writable_contact()
    colleague.actors.add(first.actor)
    actions.invite(survey, by=TeamFactory())
    response = answer(logged_in(ReferentFactory(actor=first.actor).user), survey, first.actor)
    actions.submit(response, version=response.version, by=ReferentFactory(actor=first.actor).user)
    answered = campaign.invitations.filter(answered_at__isnull=False)
    assert {one.contact for one in answered} == {first.contact, colleague}
    campaign.invitations.first().sendings.model.objects.update(written_at=timezone.now() - timedelta(days=8))
    Campaign.objects.update(launched_at=timezone.now() - timedelta(days=8))
    campaign.refresh_from_db()
    assert invitations.remind(campaign, by=None) == 1
    assert Letter.objects.filter(kind="invitation.reminder.1").get().about == str(second.public_id)


def test_a_reopened_response_opens_its_links_again(survey):
    _campaign, (invitation,) = invited(survey)
    client = follow(invitation)
    response = answer(client, survey, invitation.actor)
    actions.submit(response, version=response.version, by=None, contact=invitation.contact)
    actions.reopen(response, reason="Un chiffre manque.", by=TeamFactory())
    invitation.refresh_from_db()
    assert invitation.answered_at is None
    assert follow(invitation).get(response.get_absolute_url()).status_code == 200


def test_a_personal_link_opens_its_own_commune_and_no_other(survey):
    _campaign, (mine, theirs) = invited(survey, 2)
    other = answer(follow(theirs), survey, theirs.actor)
    client = follow(mine)
    begun = client.post(f"/enquetes/{survey.slug}/commencer/", {"acteur": theirs.actor.slug})
    assert begun.status_code == 404
    base = other.get_absolute_url()
    for path in (base, f"{base}mots/", f"{base}relire/"):
        assert client.get(path)["Location"].startswith("/compte/"), path
    assert client.post(f"{base}mots/enregistrer", {"texte": "x"}).status_code == 401
    assert other.answers.get(question__code="texte").value == "Le taxi social."


def test_an_invitation_to_something_else_opens_no_survey(survey):
    elsewhere = InvitationFactory(campaign=RunningCampaignFactory(), actor=CommuneFactory())
    client = Client()
    session = client.session
    session["invitation"] = str(elsewhere.public_id)
    session.save()
    assert client.get(f"/enquetes/{survey.slug}/")["Location"] == "/enquetes/"
    begun = client.post(f"/enquetes/{survey.slug}/commencer/", {"acteur": elsewhere.actor.slug})
    assert begun["Location"].startswith("/compte/")
    assert Response.objects.count() == 0


def test_a_link_stops_opening_the_response_when_its_campaign_is_ended(survey):
    campaign, (invitation,) = invited(survey)
    client = follow(invitation)
    response = answer(client, survey, invitation.actor)
    invitations.close(campaign, by=None)
    assert client.get(response.get_absolute_url())["Location"].startswith("/compte/")


def test_two_people_of_a_commune_one_by_link_and_one_by_account_see_both_versions(survey):
    _campaign, (invitation,) = invited(survey)
    response = answer(follow(invitation), survey, invitation.actor)
    referent = ReferentFactory(actor=invitation.actor).user
    given = actions.Given(
        response.survey.questionnaire.questions.get(code="texte"), "Autre chose.", False, actions.mark(None)
    )
    (conflict,) = actions.save_answers(response, given=[given], by=referent).conflicts
    assert conflict.theirs.writer == invitation.contact
    mine = given._replace(value="Encore.")
    assert actions.save_answers(response, given=[mine], by=None, contact=invitation.contact).conflicts == []


def test_inviting_twice_writes_to_nobody_twice_and_leaves_out_who_has_sent(survey):
    campaign, (invitation,) = invited(survey)
    _contact, done = speaker()
    SubmittedFactory(survey=survey, actor=done)
    again = actions.invite(survey, by=TeamFactory())
    assert (again, list(again.invitations.all())) == (campaign, [invitation])


def test_a_survey_that_takes_no_answers_invites_nobody():
    speaker()
    for survey in (SurveyFactory(state=SurveyState.DRAFT), SurveyFactory(state=SurveyState.CLOSED)):
        with pytest.raises(ValidationError, match="Personne n’est invité"):
            actions.invite(survey, by=TeamFactory())
    assert Campaign.objects.count() == 0


def test_the_deadline_follows_the_survey_and_closing_it_ends_the_campaign(survey):
    campaign, _invitations = invited(survey)
    survey.closes_at += timedelta(days=3)
    survey.slug = "autre-adresse"
    survey.save()
    actions.hand_down(survey, by=TeamFactory())
    campaign.refresh_from_db()
    assert (campaign.deadline, campaign.landing_path) == (survey.closes_at, "/enquetes/autre-adresse/")
    actions.close_survey(survey, by=TeamFactory())
    campaign.refresh_from_db()
    assert campaign.state == "closed"


def test_a_person_of_two_organisations_answers_for_the_one_that_is_asked(survey):
    contact, commune = speaker()
    contact.actors.add(ActorFactory(name="AAA fictive"))
    assert actions.invite(survey, by=TeamFactory()).invitations.get().actor == commune


def test_the_campaigns_of_a_survey_are_counted(survey):
    campaign, (one, _two) = invited(survey, 2)
    invitations.mark_answered(one.public_id)
    (counted,) = figures.campaigns_of(survey)
    assert counted == figures.Invited(campaign, 2, 1)
