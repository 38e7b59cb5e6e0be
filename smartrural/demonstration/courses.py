"""Trainings: offers, dates around today, people who come, wait, give up; who came, where somebody said so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from actors.models import Actor
from documents import images
from smartrural.demonstration import clock, handouts
from smartrural.demonstration.scene import Scene, address
from territory.models import Locality, Municipality
from trainings import actions
from trainings.actions import Person
from trainings.choices import QuestionKind, SessionState, TrainingState
from trainings.models import (
    PICTURE_WIDTH,
    Registration,
    RegistrationQuestion,
    SessionDay,
    Trainer,
    Training,
    TrainingSession,
)

FIRST_NAMES = [
    "Aline", "Bastien", "Clara", "Damien", "Élise", "Fabien", "Gisèle", "Henri",
    "Inès", "Jules", "Karine", "Loïc", "Manon", "Nestor", "Ophélie", "Paul",
    "Quentin", "Rose", "Simon", "Tania", "Urbain", "Victoire", "Wivine", "Xavier",
    "Yolande", "Zoé", "Agathe", "Bruno", "Colette", "Désiré", "Edmée", "Félix",
]  # fmt: skip
SURNAMES = ["Fictif", "Exemple", "Imaginaire", "Essai", "Modèle", "Inventé", "Semblant", "Pseudonyme"]
ANNOUNCED = 45
"""Days before its date at which a session is announced."""
RETURNING = 4
"""One person in so many has come to something else before."""
AGO = 42
"""Registrations since then, or a few more: more than any session takes, so that nobody registers twice for one."""


@dataclass
class Crowd:
    """Everybody who may come, in an order that is always the same; who returns is from the same place as before."""

    names: list[str]
    homes: dict[str, tuple[Actor | None, Municipality | None]] = field(default_factory=dict)
    asked: int = 0

    def next(self) -> str:
        """Return who comes next: somebody new, or somebody of the last sessions."""
        self.asked += 1
        ago = AGO + self.asked // RETURNING % 3
        returns = self.asked > ago and self.asked % RETURNING == 0
        name = self.names.pop(-ago if returns else 0)
        self.names.append(name)
        return name


def tell(scene: Scene) -> None:
    """Announce every session in its time, and let people come."""
    people = _people(scene.chance)
    villages = {
        (one.municipality.slug, one.name): one for one in Locality.objects.select_related("municipality")
    }
    for told in scene.words("formations")["formation"]:
        with scene.on(-300, 11):
            training = _offer(scene, told)
        for date in told["seance"]:
            _session(scene, training, date, people, villages)


def _people(chance: Random) -> Crowd:
    names = [f"{first} {last}" for first in FIRST_NAMES for last in SURNAMES]
    chance.shuffle(names)
    return Crowd(names)


def _offer(scene: Scene, told: dict[str, Any]) -> Training:
    training = Training(
        title=told["titre"],
        slug=told["adresse"],
        state=TrainingState.PUBLISHED,
        summary=told["phrase"],
        objectives=told["objectifs"].strip(),
        programme=told["programme"].strip(),
        action_sheet=scene.objectives.get(f"SDL {told['fiche']}"),
        families=told["publics"],
        level=told["niveau"],
    )
    training.full_clean()
    training.save()
    training.themes.set(scene.themes[code] for code in told["themes"])
    training.dimensions.set(scene.dimensions[code] for code in told["dimensions"])
    for one in told.get("formateurs", []):
        trainer = Trainer(
            training=training, name=one.get("nom", ""), actor=scene.actors.get(one.get("acteur"))
        )
        trainer.full_clean()
        trainer.save()
    if "image" in told:
        drawn = images.small(handouts.hills(told["image"]["saison"]), width=PICTURE_WIDTH)
        actions.set_image(training, picture=drawn, alt=told["image"]["montre"], by=scene.team)
    for title, private in ((told.get("a_lire"), False), (told.get("support"), True)):
        if title:
            upload = SimpleUploadedFile(
                f"{training.slug}.odt",
                handouts.text(title, [training.summary, *training.programme.splitlines()]),
            )
            actions.add_document(training, title=title, upload=upload, private=private, by=scene.team)
    return training


def _session(scene: Scene, training: Training, told: dict[str, Any], people: Crowd, villages: dict) -> None:
    """One date from its announcement to where it stands today."""
    first = clock.working_day(scene.day(told["jour"]))
    offset = (first - scene.today).days
    announced = min(offset - ANNOUNCED, -5)
    with scene.on(announced, 9):
        session = _announce(scene, training, told, offset, villages)
    _register(scene, session, told, people, announced, min(offset, 0))
    if told["etat"] == SessionState.CONFIRMED:
        with scene.on(max(announced, min(offset, 0) - 1), 22):
            actions.confirm(session, by=scene.team)
    if told["etat"] == SessionState.CANCELLED:
        with scene.on(-1, 15):
            actions.cancel_session(session, reason=told["motif"], by=scene.team)
    if told["etat"] in (SessionState.HELD, SessionState.CLOSED):
        with scene.on(offset + 2, 9):
            session = actions.hold(session, by=scene.team)
            _attendance(scene, session, told["presence"])
    if told["etat"] == SessionState.CLOSED:
        _papers(scene, session, offset, told.get("avis", []))
        with scene.on(offset + 20, 9):
            actions.close(session, by=scene.team)


def _announce(
    scene: Scene, training: Training, told: dict[str, Any], offset: int, villages: dict
) -> TrainingSession:
    place = scene.municipalities.get(told.get("commune", ""))
    session = TrainingSession(
        training=training,
        format=told["formule"],
        venue=told.get("lieu", ""),
        access_notes=told.get("acces", ""),
        municipality=place,
        locality=villages[place.slug, told["village"]] if place else None,
        online_url=told.get("visioconference", ""),
        capacity=told.get("places"),
        minimum=told["minimum"],
        decide_on=scene.day(told["decision"]) if "decision" in told else None,
        trainers=told["avec"],
    )
    session.full_clean()
    session.save()
    for rank, (label, *choices) in enumerate(told.get("questions", []), start=1):
        question = RegistrationQuestion(session=session, rank=rank, label=label, choices="\n".join(choices))
        question.kind = QuestionKind.CHOICE if choices else QuestionKind.TEXT
        question.full_clean()
        question.save()
    start, end = (time.fromisoformat(hour) for hour in told["heures"])
    for number in range(told.get("jours", 1)):
        day = scene.day(offset + 7 * number) if offset > 0 else scene.day(offset - 7 * number)
        SessionDay(session=session, date=day, start_time=start, end_time=end).save()
    return actions.publish(session, by=scene.team)


def _register(
    scene: Scene, session: TrainingSession, told: dict[str, Any], people: Crowd, since: int, until: int
) -> None:
    """Let people register one after the other, or two colleagues at once, between two days; some give up.

    Who gives up does so on the eve of today: the seat is offered to the first who waits, and still to be answered.
    """
    chance, wanted = scene.chance, told["inscrits"]
    last = until - 1 - 7 * (told.get("jours", 1) - 1 if told["jour"] < 0 else 0)
    moments = sorted(
        (
            since + int(chance.random() * (last - since)),
            7 + int(chance.random() * 15),
            int(chance.random() * 60),
        )
        for _ in range(wanted)
    )
    came: list[Registration] = []
    asked = [one for one in session.questions.asked() if one.offered]
    known = list(scene.actors.items())
    while len(came) < wanted:
        together = 2 if chance.random() < 0.35 and wanted - len(came) > 1 else 1
        key, actor = chance.choice(known) if chance.random() < 0.7 else ("", None)
        group = [_person(scene, people, actor, asked) for _ in range(together)]
        with scene.on(*moments[len(came)]):
            came += actions.register(session=session, people=group, by=None).registrations
    if scene.citizen and told["etat"] in ("published", "confirmed") and told.get("places", 99) > wanted:
        citizen = Person(
            name=scene.citizen.name,
            email=scene.citizen.email,
            municipality=scene.municipalities["jodoigne"],
            consented=True,
        )
        with scene.on(last, 22, 30):
            actions.register(session=session, people=[citizen], by=scene.citizen)
    for registration in came[1 : 1 + told.get("desistements", 0)]:
        with scene.on(last, 22, 45):
            actions.cancel(registration, by=None)


def _person(scene: Scene, people: Crowd, actor, asked: Sequence[RegistrationQuestion] = ()) -> Person:
    """Return the next person, of this actor or of nobody; some come back: people learn more than one thing."""
    name = people.next()
    place = actor.municipality if actor else scene.chance.choice([*scene.municipalities.values(), None])
    actor, place = people.homes.setdefault(name, (actor, place))
    return Person(
        name=name,
        email=address(name),
        actor=actor,
        municipality=place,
        access_needs="Une place près de la porte." if scene.chance.random() < 0.04 else "",
        consented=True,
        answers={one.pk: one.offered[len(name) % len(one.offered)] for one in asked},
    )


def _attendance(scene: Scene, session: TrainingSession, percent: int) -> None:
    """Call the roll of each day: who is absent is absent on all of them."""
    confirmed = list(session.registrations.confirmed().order_by("position"))
    absent = round(len(confirmed) * (100 - percent) / 100)
    missing = set(scene.chance.sample(range(len(confirmed)), absent))
    for day in session.days.all():
        for rank, registration in enumerate(confirmed):
            actions.mark_attendance(registration, day=day, attended=rank not in missing, by=scene.team)


def _papers(scene: Scene, session: TrainingSession, offset: int, opinions: list[str]) -> None:
    """Give those who came their certificates, ask what they thought; two in three answer, some with words."""
    with scene.on(offset + 3, 10):
        actions.issue_certificates(session, by=scene.team)
        actions.ask_evaluations(session, by=scene.team)
    came = session.registrations.confirmed().filter(attended=True).order_by("position")
    for rank, registration in enumerate(came):
        if rank % 3 == 2:
            continue
        with scene.on(offset + 4 + rank % 5, 20):
            actions.evaluate(
                registration,
                useful=5 - (rank % 4 == 1),
                clear=4 + (rank % 3 == 0),
                welcome=5 - (rank % 7 == 3),
                remarks=opinions[rank // 3] if rank // 3 < len(opinions) and rank % 3 == 0 else "",
            )
