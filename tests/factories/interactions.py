"""What was said with people, plainly fictitious."""

from datetime import timedelta

import factory
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from accounts import journal
from accounts.models import User
from actors.choices import MembershipState
from actors.models import Actor, Contact, Interaction, Subscription
from imports.choices import State as ImportState
from imports.models import Import, Row
from invitations.models import Sending
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import (
    ActorFactory,
    CommuneFactory,
    ConsentFactory,
    ContactFactory,
    CorrectionFactory,
    MembershipFactory,
    ProposalFactory,
    SubscriptionFactory,
)
from tests.factories.imports import received
from tests.factories.invitations import InvitationFactory
from tests.factories.needs import AnswerFactory, NeedFactory, SubmittedFactory
from tests.factories.trainings import CertificateFactory, RegistrationFactory, TrainingSessionFactory, held
from trainings.models import Attendance


class InteractionFactory(factory.django.DjangoModelFactory):
    """A visit of today; `InteractionFactory(contacts=[…], actors=[…])` says with whom, else one contact."""

    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    date = factory.LazyFunction(timezone.localdate)
    kind = "visit"
    staff = factory.SubFactory(TeamFactory)
    summary = "On a parlé des haies et du verger partagé."

    @factory.post_generation
    def contacts(self, create, extracted, **kwargs):
        if create:
            self.contacts.set([ContactFactory()] if extracted is None else extracted)

    @factory.post_generation
    def actors(self, create, extracted, **kwargs):
        if create and extracted:
            self.actors.set(extracted)


NAME, EMAIL = "Églantine Haiefictive", "eglantine.haiefictive@exemple.invalid"


def busy_person(things: int = 1, *, name: str = NAME, email: str = EMAIL) -> Contact:
    """Make a person who did `things` times everything that a room writes down, twice where a sort has two ends.

    She has an account under her address, and one registration under it that no contact claims.
    """
    user = User.objects.filter(email=email).first() or UserFactory(name=name, email=email)
    contact = Contact.objects.filter(email=email).first() or ContactFactory(
        name=name, email=email, phone="010 00 00 99", function="échevine fictive", user=user
    )
    journal.record("contact.opted_out", contact, by=None)
    if not Subscription.objects.filter(email=email).exists():
        SubscriptionFactory(email=email)
    for _n in range(things):
        actor = CommuneFactory()
        ProposalFactory(name=name, email=email)
        CorrectionFactory(email=email, text=f"Demandez à {name}.")
        contact.actors.add(actor)
        consent = ConsentFactory(contact=contact, source=f"fiche papier de {name}")
        consent.withdrawn_at = consent.given_at + timedelta(hours=1)
        consent.save()
        journal.record("contact.changed", contact, by=user)
        MembershipFactory(user=user, actor=actor)
        MembershipFactory(user=None, actor=actor, email=email, state=MembershipState.INVITED)
        moment = timezone.now()
        invitation = InvitationFactory(
            contact=contact, actor=actor, begun_at=moment, answered_at=moment, reached_at=moment
        )
        letter = written_to(email, subject=f"Bonjour {name}")
        Letter.objects.filter(pk=letter.pk).update(last_error=f"550 <{email}> inconnu")
        Sending.objects.create(invitation=invitation, letter=letter)
        written_to(email, subject="Votre code")
        response = SubmittedFactory(actor=actor, submitter_contact=contact)
        AnswerFactory(response=response, contact=contact, value=f"Écrivez à {email}, pas à {name}.")
        NeedFactory(actor=actor, contact=contact, author=user, description=f"Appelez {name} ({email}).")
        coming = TrainingSessionFactory(capacity=5)
        RegistrationFactory(session=coming, name=name, email=email, phone="010", access_needs="boucle")
        past = held()
        came = RegistrationFactory(
            session=past, name=name, email=email, contact=contact, user=user, actor=actor, attended=True
        )
        Attendance.objects.create(registration=came, day=past.days.first(), attended=True)
        missed = RegistrationFactory(session=held(), name=name, email=email, contact=contact, attended=False)
        Attendance.objects.create(registration=missed, day=missed.session.days.first(), attended=False)
        RegistrationFactory(state="cancelled", name=name, email=email, contact=contact)
        CertificateFactory(
            registration=came,
            withdrawn_at=moment,
            withdrawn_by="Odile Fictive",
            withdrawn_reason="erreur",
        )
        InteractionFactory(
            contacts=[contact],
            actors=[actor],
            summary=f"{name} préfère {email}.",
            next_step=f"Rappeler {name}",
            next_step_on=timezone.localdate(),
        )
        imported(contact, target="contacts", label=name, values={"email": email})
    return contact


def busy_actor(things: int = 1) -> Actor:
    """Make an actor to which `things` of everything happened."""
    actor = ActorFactory()
    journal.record("actor.published", actor, by=None)
    for _n in range(things):
        InteractionFactory(actors=[actor])
        moment = timezone.now()
        invitation = InvitationFactory(actor=actor, begun_at=moment, answered_at=moment, reached_at=moment)
        Sending.objects.create(invitation=invitation, letter=written_to("ada@exemple.invalid"))
        SubmittedFactory(actor=actor)
        NeedFactory(actor=actor)
        past = held()
        came = RegistrationFactory(session=past, actor=actor, attended=True)
        Attendance.objects.create(registration=came, day=past.days.first(), attended=True)
        CertificateFactory(registration=came)
        MembershipFactory(actor=actor)
        imported(actor, target="actors", label=actor.name, values={})
    return actor


def imported(thing: Actor | Contact, *, target: str, label: str, values: dict) -> Import:
    """Make an import that wrote this thing, its file and its preview still kept."""
    run, moment = (
        received(f"Nom;Courriel\n{label};{values.get('email', '')}\n", target=target),
        timezone.now(),
    )
    Import.objects.filter(pk=run.pk).update(
        state=ImportState.DONE, confirmed_at=moment, finished_at=moment, by=None
    )
    Row.objects.create(
        run=run, line=2, outcome="create", object_id=str(thing.pk), label=label, values=values, written=True
    )
    return run


def written_to(email: str, *, subject: str = "Invitation") -> Letter:
    """Write a letter that waits in the outbox, as every room does through the mail API."""
    message = EmailMultiAlternatives(subject, f"Bonjour {email}", "portail@gal.invalid", [email])
    get_connection("outbox.backend.OutboxBackend").send_messages([message])
    return Letter.objects.latest("pk")
