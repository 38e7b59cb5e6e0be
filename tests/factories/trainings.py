"""Offers, dates and the people who come, in one line; people are plainly fictitious."""

import uuid
from datetime import date, time, timedelta

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents import images
from tests.factories.territory import MunicipalityFactory
from tests.pictures import picture
from trainings import actions, names
from trainings.choices import RegistrationState, SessionState, TrainingState
from trainings.models import (
    Certificate,
    Evaluation,
    Registration,
    RegistrationQuestion,
    SessionDay,
    Trainer,
    Training,
    TrainingDocument,
    TrainingSession,
)


class TrainingFactory(factory.django.DjangoModelFactory):
    """A published offer; `TrainingFactory(themes=[…])` gives it its themes."""

    class Meta:
        model = Training
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Cartographier les haies {n}")
    slug = factory.Sequence(lambda n: f"cartographier-les-haies-{n}")
    state = TrainingState.PUBLISHED
    summary = "On marche une heure, on relève, on rentre au chaud pour dessiner la carte."

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        if create and extracted:
            self.themes.set(extracted)


class TrainingSessionFactory(factory.django.DjangoModelFactory):
    """An announced session in three weeks, from 19:00 to 21:00; `days=[date, …]` for other days."""

    class Meta:
        model = TrainingSession
        skip_postgeneration_save = True

    training = factory.SubFactory(TrainingFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    venue = "Ferme du Tilleul"
    access_notes = "Plain-pied, toilette adaptée."
    capacity = 2

    @factory.post_generation
    def days(self, create, extracted, **kwargs):
        for day in extracted or [timezone.localdate() + timedelta(days=21)]:
            SessionDay.objects.create(session=self, date=day, start_time=time(19), end_time=time(21))

    @factory.post_generation
    def state(self, create, extracted, **kwargs):
        wanted = extracted or SessionState.PUBLISHED
        if wanted == SessionState.CANCELLED:
            self.cancelled_at, self.cancellation_reason = timezone.now(), "L’animatrice est malade."
        self.state = wanted
        self.save()


class SessionDayFactory(factory.django.DjangoModelFactory):
    """One more day of a session."""

    class Meta:
        model = SessionDay

    session = factory.SubFactory(TrainingSessionFactory)
    date = factory.Sequence(lambda n: date(2028, 1, 1) + timedelta(days=n))
    start_time = time(9, 30)
    end_time = time(16)


class RegistrationFactory(factory.django.DjangoModelFactory):
    """A person with a seat."""

    class Meta:
        model = Registration

    session = factory.SubFactory(TrainingSessionFactory)
    state = RegistrationState.CONFIRMED
    told = factory.SelfAttribute("state")
    name = factory.Sequence(lambda n: f"Basile Fictif {n}")
    folded_name = factory.LazyAttribute(lambda o: names.folded(o.name))
    email = factory.Sequence(lambda n: f"basile{n}@exemple.invalid")
    position = factory.Sequence(lambda n: n + 1)
    group = factory.LazyFunction(uuid.uuid4)
    cancelled_at = factory.LazyAttribute(
        lambda o: timezone.now() if o.state == RegistrationState.CANCELLED else None
    )


class RegistrationQuestionFactory(factory.django.DjangoModelFactory):
    """A question answered in a few words; `choices="a\nb"` offers some."""

    class Meta:
        model = RegistrationQuestion

    session = factory.SubFactory(TrainingSessionFactory)
    rank = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Quel est votre tableur {n} ?")
    kind = factory.LazyAttribute(lambda o: "choice" if o.choices else "text")
    choices = ""


class CertificateFactory(factory.django.DjangoModelFactory):
    """A valid certificate of two hours of a session of last week."""

    class Meta:
        model = Certificate

    registration = factory.SubFactory(
        RegistrationFactory, session=factory.LazyFunction(lambda: held()), attended=True
    )
    number = factory.Sequence(lambda n: f"ABCD-EFGH-{''.join('23456789'[int(c)] for c in f'{n % 4096:04o}')}")
    name = factory.SelfAttribute("registration.name")
    title = "Cartographier les haies"
    days = factory.LazyFunction(lambda: [["2026-11-10", "19:00", "21:00"]])
    minutes = 120
    issued_by = "Odile Fictive"


class EvaluationFactory(factory.django.DjangoModelFactory):
    """What somebody thought: good."""

    class Meta:
        model = Evaluation

    session = factory.LazyFunction(lambda: held())
    useful = clear = welcome = 4
    shown = True


class TrainerFactory(factory.django.DjangoModelFactory):
    """Somebody who gives a training."""

    class Meta:
        model = Trainer

    training = factory.SubFactory(TrainingFactory)
    name = factory.Sequence(lambda n: f"Odile Fictive {n}")


PDF = b"%PDF-1.4 programme"


def paper(training: Training, **told) -> TrainingDocument:
    """Return a document kept with a training, of everybody unless `private`."""
    upload = SimpleUploadedFile(told.pop("name", "programme.pdf"), told.pop("content", PDF))
    return actions.add_document(
        training, title=told.pop("title", "Le programme"), upload=upload, by=None, **told
    )


def pictured(training: Training, alt: str = "Six personnes autour d’une carte") -> Training:
    """Return the training, with a picture of 800 by 400 pixels."""
    return actions.set_image(training, picture=images.small(picture(), width=800), alt=alt, by=None)


def held(**fields) -> TrainingSession:
    """Return a session of last week that took place."""
    last_week = timezone.localdate() - timedelta(days=7)
    return TrainingSessionFactory(days=[last_week], state=SessionState.HELD, **fields)
