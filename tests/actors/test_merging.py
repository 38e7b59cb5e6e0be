"""Two sheets, or two people, become one: whatever hangs on them moves, from rooms that this one does not know."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.urls import reverse

from accounts.models import JournalEntry
from actors import actions, merging
from actors.choices import Kind, MembershipRole, MembershipState, State
from actors.models import Actor, ActorSlug, Contact
from documents import images
from needs.models import Response
from projects.models import Partnership
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import (
    ActorFactory,
    ActorSlugFactory,
    CommuneFactory,
    ConsentFactory,
    ContactFactory,
    MembershipFactory,
)
from tests.factories.invitations import CampaignFactory, InvitationFactory
from tests.factories.needs import NeedFactory, ResponseFactory
from tests.factories.projects import PartnershipFactory, ProjectFactory
from tests.factories.territory import ThemeFactory
from tests.factories.trainings import RegistrationFactory
from tests.pictures import picture


@pytest.fixture
def pair(db):
    """The one that stays, and the one that is too many."""
    return ActorFactory(name="Les Jardins Fictifs", slug="jardins"), ActorFactory(
        name="Jardins fictifs ASBL",
        slug="jardins-asbl",
        phone="010 00 00 01",
        email="jardins@exemple.invalid",
    )


def moved(report) -> dict:
    return {move.label: (move.moved, move.there, move.stays) for move in report.moves}


def test_what_hangs_on_a_sheet_moves_from_every_room(pair):
    kept, lost = pair
    theme, shared = ThemeFactory(), ThemeFactory()
    kept.themes.add(shared)
    lost.themes.add(theme, shared)
    contact = ContactFactory(actors=[lost])
    rows = [
        RegistrationFactory(actor=lost),
        InvitationFactory(actor=lost),
        NeedFactory(actor=lost),
        ResponseFactory(actor=lost),
        PartnershipFactory(actor=lost),
    ]
    project = ProjectFactory(lead=lost)
    report = actions.merge(lost, into=kept, by=TeamFactory())
    for row in rows:
        row.refresh_from_db()
        assert row.actor_id == kept.pk, row._meta.label
    project.refresh_from_db()
    assert project.lead_id == kept.pk
    assert list(contact.actors.all()) == [kept]
    assert set(kept.themes.all()) == {theme, shared}
    assert moved(report) == {
        "Besoins (acteur)": (1, 0, []),
        "Inscriptions (acteur)": (1, 0, []),
        "Invitations (acteur)": (1, 0, []),
        "Liens avec des contacts": (1, 0, []),
        "Liens avec des thèmes": (1, 1, []),
        "Partenaires (acteur)": (1, 0, []),
        "Projets (porteur)": (1, 0, []),
        "Réponses (acteur)": (1, 0, []),
    }


def test_every_relation_of_the_registry_is_walked(db):
    """No room is named here: whatever points to an actor has a foreign key that `relations` gives."""
    from django.apps import apps

    pointing = {
        (model._meta.label, column.name)
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.get_fields()
        if isinstance(column, models.ForeignKey) and column.related_model in (Actor, Contact)
    }
    walked = {
        (model._meta.label, name) for target in (Actor, Contact) for model, name in merging.relations(target)
    }
    assert walked == pointing
    assert {("projects.Project", "lead"), ("actors.Contact_actors", "actor")} <= walked


@pytest.fixture
def upper(transactional_db):
    """A room above, that comes later: one sign an actor and colour."""
    from django.apps import apps

    class Sign(models.Model):
        actor = models.ForeignKey(Actor, on_delete=models.PROTECT)
        colour = models.CharField(max_length=10)

        class Meta:
            app_label = "actors"
            constraints = [models.UniqueConstraint(fields=["actor", "colour"], name="one_sign_a_colour")]

        def __str__(self):
            return self.colour

    with connection.schema_editor() as editor:
        editor.create_model(Sign)
    yield Sign
    with connection.schema_editor() as editor:
        editor.delete_model(Sign)
    del apps.all_models["actors"]["sign"]
    apps.clear_cache()


def test_a_room_that_comes_later_is_moved_and_its_rules_hold(upper):
    kept, lost = ActorFactory(), ActorFactory()
    for actor, colour in ((kept, "vert"), (lost, "vert"), (lost, "jaune"), (lost, "bleu")):
        upper.objects.create(actor=actor, colour=colour)
    report = actions.merge(lost, into=kept, by=TeamFactory())
    assert moved(report) == {"Signs (actor)": (2, 0, ["vert"])}
    assert sorted(upper.objects.filter(actor=kept).values_list("colour", flat=True)) == [
        "bleu",
        "jaune",
        "vert",
    ]


def test_an_answer_that_both_gave_stays_and_is_named(pair):
    kept, lost = pair
    mine = ResponseFactory(actor=kept)
    theirs = ResponseFactory(actor=lost, survey=mine.survey)
    report = actions.merge(lost, into=kept, by=TeamFactory())
    assert moved(report)["Réponses (acteur)"] == (0, 0, [str(theirs)])
    assert set(Response.objects.values_list("actor", flat=True)) == {kept.pk, lost.pk}


def test_blanks_are_filled_and_what_differs_is_told(pair):
    kept, lost = pair
    Actor.objects.filter(pk=kept.pk).update(email="accueil@exemple.invalid")
    Actor.objects.filter(pk=lost.pk).update(enterprise_number="0314595348")
    report = actions.merge(lost, into=kept, by=TeamFactory())
    kept.refresh_from_db()
    assert (kept.phone, kept.email, kept.enterprise_number) == (
        "010 00 00 01",
        "accueil@exemple.invalid",
        "0314595348",
    )
    assert report.given_up == [
        ["Adresse e-mail publique", "accueil@exemple.invalid", "jardins@exemple.invalid"]
    ]


def test_the_old_address_leads_to_the_one_that_stays_for_everybody(pair, client):
    kept, lost = pair
    ActorSlugFactory(actor=lost, slug="tres-ancien")
    actions.merge(lost, into=kept, by=TeamFactory())
    for user in (None, TeamFactory()):
        if user:
            client.force_login(user)
        for slug in ("jardins-asbl", "tres-ancien"):
            response = client.get(reverse("portal:actor", args=[slug]))
            assert (response.status_code, response["Location"]) == (301, "/acteurs/jardins/")
    lost.refresh_from_db()
    assert (lost.state, lost.merged_into) == (State.MERGED, kept)
    assert set(ActorSlug.objects.values_list("slug", "actor")) == {
        ("jardins-asbl", kept.pk),
        ("tres-ancien", kept.pk),
    }


def test_a_chain_of_merges_ends_at_the_last(pair):
    kept, lost = pair
    older = ActorFactory()
    actions.merge(older, into=lost, by=TeamFactory())
    actions.merge(lost, into=kept, by=TeamFactory())
    older.refresh_from_db()
    assert older.merged_into == kept


def test_members_of_both_keep_the_stronger_part(pair):
    kept, lost = pair
    both, only, waiting = UserFactory(), UserFactory(), UserFactory()
    MembershipFactory(user=both, actor=kept, role=MembershipRole.MEMBER)
    MembershipFactory(user=both, actor=lost, role=MembershipRole.REFERENT)
    MembershipFactory(user=only, actor=lost, role=MembershipRole.EDITOR)
    MembershipFactory(user=waiting, actor=kept, role=MembershipRole.REFERENT, state=MembershipState.REVOKED)
    MembershipFactory(user=waiting, actor=lost, role=MembershipRole.MEMBER)
    report = actions.merge(lost, into=kept, by=TeamFactory())
    assert moved(report) == {"Membres": (1, 2, [])}
    parts = kept.memberships.order_by("pk").values_list("user", "role", "state")
    assert set(parts) == {
        (both.pk, "referent", "active"),
        (only.pk, "editor", "active"),
        (waiting.pk, "member", "active"),
    }
    assert not lost.memberships.active().exists()


def test_a_preview_moves_nothing_and_says_what_a_merge_does(pair):
    kept, lost = pair
    PartnershipFactory(actor=lost)
    before = (list(Actor.objects.values()), list(Partnership.objects.values()), JournalEntry.objects.count())
    shown = actions.merge(lost, into=kept, by=TeamFactory(), dry_run=True)
    after = (list(Actor.objects.values()), list(Partnership.objects.values()), JournalEntry.objects.count())
    assert before == after
    assert shown.fingerprint == actions.merge(lost, into=kept, by=TeamFactory()).fingerprint
    entry = JournalEntry.objects.get(verb="actor.merged")
    assert (entry.object_id, entry.facts["into"]) == (str(lost.public_id), str(kept.public_id))
    assert entry.facts["Partenaires (acteur)"] == 1


def test_what_makes_no_sense_is_refused(pair):
    kept, lost = pair
    commune = CommuneFactory()
    with pytest.raises(ValidationError, match="elle-même"):
        actions.merge(lost, into=lost, by=None)
    with pytest.raises(ValidationError, match="commune"):
        actions.merge(commune, into=kept, by=None)
    actions.merge(lost, into=commune, by=None)
    with pytest.raises(ValidationError, match="déjà fusionnée"):
        actions.merge(kept, into=lost, by=None)
    assert Actor.objects.get(pk=commune.pk).kind == Kind.MUNICIPALITY


def test_two_contacts_become_one_person(db):
    actor, other = ActorFactory(), ActorFactory()
    kept = ContactFactory(name="Odile Fictive", email="", actors=[actor])
    lost = ContactFactory(name="O. Fictive", email="odile@exemple.invalid", actors=[actor, other])
    ConsentFactory(contact=lost)
    InvitationFactory(contact=lost)
    report = actions.merge_contacts(lost, into=kept, by=TeamFactory())
    kept.refresh_from_db()
    assert kept.email == "odile@exemple.invalid"
    assert set(kept.actors.all()) == {actor, other}
    assert (kept.consents.count(), kept.invitations.count()) == (1, 1)
    assert not Contact.objects.filter(pk=lost.pk).exists()
    assert moved(report)["Liens avec des acteurs"] == (1, 1, [])


def test_two_invited_to_one_campaign_leave_a_trace_that_nobody_writes_to(db):
    campaign = CampaignFactory()
    kept, lost = ContactFactory(), ContactFactory()
    for contact in (kept, lost):
        InvitationFactory(campaign=campaign, contact=contact)
    report = actions.merge_contacts(lost, into=kept, by=TeamFactory())
    lost.refresh_from_db()
    assert (lost.email, lost.merged_into) == ("", kept)
    assert [len(move.stays) for move in report.moves] == [1]


def test_who_opted_out_once_has_opted_out(db):
    kept = ConsentFactory().contact
    lost = ContactFactory(opted_out_at="2026-01-01T00:00Z")
    actions.merge_contacts(lost, into=kept, by=TeamFactory())
    kept.refresh_from_db()
    assert kept.opted_out_at is not None
    assert kept not in Contact.objects.writable()


def test_the_desk_shows_what_moves_then_does_what_it_showed(client, pair):
    kept, lost = pair
    PartnershipFactory(actor=lost)
    client.force_login(TeamFactory())
    chosen = client.post(
        reverse("admin:actors_actor_changelist"),
        {"action": "merge_chosen", "_selected_action": [kept.pk, lost.pk]},
    )
    assert chosen.status_code == 302
    address = reverse("admin:actors_actor_merge", args=[lost.pk]) + f"?dans={kept.pk}"
    page = client.get(address)
    assert "Partenaires (acteur)" in page.text
    fingerprint = page.context["report"].fingerprint
    PartnershipFactory(actor=lost)
    stale = client.post(address, {"vu": fingerprint})
    assert Actor.objects.get(pk=lost.pk).state == State.PUBLISHED
    assert "relisez ce qui suit" in stale.text
    done = client.post(address, {"vu": stale.context["report"].fingerprint})
    assert done["Location"] == reverse("admin:actors_actor_change", args=[kept.pk])
    assert Actor.objects.get(pk=lost.pk).merged_into == kept


def test_a_preview_calls_choices_by_their_names(pair):
    kept, lost = pair
    Actor.objects.filter(pk=lost.pk).update(nace_section="A", size_class="5")
    Actor.objects.filter(pk=kept.pk).update(size_class="1")
    report = actions.merge(lost, into=kept, by=TeamFactory(), dry_run=True)
    assert ["Section NACE-BEL", "A · Agriculture, sylviculture et pêche"] in report.taken
    assert ["Taille", "1 à 4 personnes", "5 à 9 personnes"] in report.given_up


# The logo


@pytest.fixture
def with_logos(pair, settings, tmp_path):
    """Both have a logo; return them with the names of their files."""
    settings.MEDIA_ROOT = tmp_path
    for actor in pair:
        actions.set_logo(actor, picture=images.small(picture(), width=320), by=TeamFactory())
        actor.refresh_from_db()
    kept, lost = pair
    return kept, lost, kept.logo.name, lost.logo.name


def test_a_logo_follows_where_there_was_none(with_logos, django_capture_on_commit_callbacks):
    kept, lost, own, theirs = with_logos
    actions.set_logo(kept, picture=None, by=TeamFactory())
    with django_capture_on_commit_callbacks(execute=True):
        report = actions.merge(lost, into=kept, by=TeamFactory())
    assert ["Logo", "celui de «\u00a0Jardins fictifs ASBL\u00a0»"] in report.taken
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.logo.name, kept.logo_width, lost.logo.name, lost.logo_width) == (theirs, 320, "", 0)
    assert kept.logo.storage.exists(theirs)


def test_the_file_of_a_logo_that_is_given_up_goes_once_the_merge_is_certain(
    with_logos, django_capture_on_commit_callbacks
):
    kept, lost, own, theirs = with_logos
    with django_capture_on_commit_callbacks(execute=True):
        report = actions.merge(lost, into=kept, by=TeamFactory())
        assert kept.logo.storage.exists(theirs)
    assert report.given_up == [["Logo", "le sien", "celui de «\u00a0Jardins fictifs ASBL\u00a0»"]]
    lost.refresh_from_db()
    assert (lost.logo.name, lost.logo_width) == ("", 0)
    assert [kept.logo.storage.exists(name) for name in (own, theirs)] == [True, False]


def test_a_preview_touches_no_file(with_logos, django_capture_on_commit_callbacks):
    kept, lost, _own, theirs = with_logos
    with django_capture_on_commit_callbacks(execute=True):
        actions.merge(lost, into=kept, by=TeamFactory(), dry_run=True)
    lost.refresh_from_db()
    assert lost.logo.name == theirs
    assert lost.logo.storage.exists(theirs)
