"""A survey: opened, closed, its people invited, and the task handed down inside a commune."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.choices import State
from actors.models import Actor, Contact
from invitations import actions as invitations
from invitations.choices import NEXT as CAMPAIGN_NEXT
from invitations.choices import State as CampaignState
from invitations.models import Campaign, Invitation
from needs import emails
from needs.actions.moves import move
from needs.choices import SURVEY_NEXT, SurveyState
from needs.models import Response, Survey, SurveyCampaign
from territory.models import LAG

_BRACES = {ord(brace): None for brace in "{}"}
"""What a letter would take for one of its placeholders."""


@transaction.atomic
def open_survey(survey: Survey, *, by: User | None) -> Survey:
    """Open a survey; it takes answers between its dates. Its questionnaire must be published."""
    locked = Survey.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=survey.pk)
    if not locked.questionnaire.is_frozen:
        raise ValidationError(
            _("« %s » n’est pas publié : publiez le questionnaire avant d’ouvrir l’enquête.")
            % locked.questionnaire
        )
    if locked.closes_at <= timezone.now():
        raise ValidationError(_("La date de fermeture est passée : changez-la avant d’ouvrir l’enquête."))
    move(locked, SurveyState.OPEN, SURVEY_NEXT)
    locked.save(update_fields=["state"])
    journal.record("survey.opened", locked, by=by)
    return locked


@transaction.atomic
def close_survey(survey: Survey, *, by: User | None) -> Survey:
    """Close a survey: answers stay, readable, and no longer change; its campaigns end with it."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    move(locked, SurveyState.CLOSED, SURVEY_NEXT)
    locked.save(update_fields=["state"])
    journal.record("survey.closed", locked, by=by)
    for campaign in Campaign.objects.filter(survey_campaign__survey=locked):
        if CampaignState.CLOSED in CAMPAIGN_NEXT[campaign.state]:
            invitations.close(campaign, by=by)
        elif campaign.state == CampaignState.SCHEDULED:
            invitations.unschedule(campaign, by=by)
    return locked


@transaction.atomic
def invite(survey: Survey, *, by: User) -> Campaign:
    """Return the campaign that invites to a survey those who speak for its audience; nobody is written to yet.

    Asked again while a campaign is under way, it adds to it the people who are new. Organisations that have
    sent their response are left out. ValidationError when the survey takes no answers.
    """
    locked = Survey.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=survey.pk)
    if not locked.takes_answers():
        raise ValidationError(
            _("L’enquête ne prend pas de réponses en ce moment : ouvrez-la d’abord. Personne n’est invité.")
        )
    under_way = [state for state, following in CAMPAIGN_NEXT.items() if following]
    campaign = Campaign.objects.filter(survey_campaign__survey=locked, state__in=under_way).first()
    if campaign is None:
        lag = LAG.objects.first()
        title = locked.title.translate(_BRACES)[:150]
        campaign = invitations.save(
            Campaign(
                title=title,
                kind=_("Enquête"),
                family=locked.audience,
                action_sheet=locked.action_sheet,
                subject=_("Votre réponse à l’enquête %(edition)s")
                % {"edition": locked.edition.translate(_BRACES)},
                body=emails.invitation_text(title, locked.questionnaire.minutes),
                reply_to=(lag and lag.email) or by.email,
                landing_path=locked.get_absolute_url(),
                deadline=locked.closes_at,
            ),
            by=by,
        )
        SurveyCampaign.objects.create(campaign=campaign, survey=locked)
    awaited = (
        Actor.objects.filter(state=State.PUBLISHED)
        .of_family(locked.audience)
        .exclude(survey_responses__in=Response.objects.submitted().filter(survey=locked))
    )
    contacts = Contact.objects.filter(actors__in=awaited).distinct()
    invitations.prepare(campaign, contacts=contacts, by=by)
    return campaign


@transaction.atomic
def hand_down(survey: Survey, *, by: User | None) -> None:
    """Tell the campaigns of a survey its address and until when it takes answers."""
    for campaign in Campaign.objects.filter(survey_campaign__survey=survey):
        invitations.hand_down(
            campaign, deadline=survey.closes_at, landing_path=survey.get_absolute_url(), by=by
        )


def invitations_to(response: Response) -> list[Any]:
    """Public ids of the invitations that this response answers: all those of its actor, to its survey."""
    return list(
        Invitation.objects.filter(
            campaign__survey_campaign__survey=response.survey_id, actor=response.actor_id
        ).values_list("public_id", flat=True)
    )
