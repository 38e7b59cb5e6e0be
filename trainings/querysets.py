"""Questions about trainings, sessions and registrations: what is offered, how many seats, who waits."""

from typing import cast

from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from actors.choices import FAMILY_OF, Family
from trainings.choices import LIVE, OPEN, TAKEN, RegistrationState, SessionState, TrainingState


class TrainingQuerySet(models.QuerySet):
    """Questions about trainings, chained."""

    def published(self):
        """Trainings that everybody may see."""
        return self.filter(state=TrainingState.PUBLISHED)

    def visible_to(self, user):
        """Published trainings; staff see all."""
        return self if user.is_authenticated and user.is_staff else self.published()

    def announced_to(self, user):
        """Trainings of which some page may be read: archived ones too, whose dates stay; staff see all."""
        return self if user.is_authenticated and user.is_staff else self.exclude(state=TrainingState.DRAFT)

    def answering(self, shared_need):
        """Trainings that answer a shared need."""
        return self.filter(shared_needs=shared_need)


class TrainingDocumentQuerySet(models.QuerySet):
    """Questions about the papers of trainings, chained."""

    def public(self):
        """Papers of everybody."""
        return self.filter(document__private=False)

    def visible_to(self, user):
        """Papers of everybody, of trainings out of their draft; staff see those of the registered too."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.public().exclude(training__state=TrainingState.DRAFT)

    def of_registration(self, registration):
        """All papers of the training somebody has a seat for; none for who waits, or gave up."""
        if registration.state != RegistrationState.CONFIRMED:
            return self.none()
        return self.filter(training=registration.session.training_id)


class TrainingSessionQuerySet(models.QuerySet):
    """Questions about sessions, chained."""

    def visible_to(self, user):
        """Sessions out of their draft, of trainings that are not drafts either; staff see all."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.exclude(state=SessionState.DRAFT).exclude(training__state=TrainingState.DRAFT)

    def published_between(self, start, end):
        """Sessions first announced in [start, end), instants."""
        return self.filter(published_at__gte=start, published_at__lt=end)

    def upcoming(self):
        """Sessions that are announced and not over, cancelled ones until their day, soonest first."""
        announced = self.filter(state__in=[*OPEN, SessionState.CANCELLED])
        return announced.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")

    def past(self):
        """Sessions that are over and were not cancelled, latest first."""
        over = self.filter(ends_at__lt=timezone.now(), cancelled_at=None)
        return over.exclude(state=SessionState.DRAFT).order_by("-starts_at", "-pk")

    def for_calendars(self, since=None):
        """Announced sessions, cancelled ones too, soonest first; those that end after a moment, or all."""
        announced = self.exclude(state=SessionState.DRAFT).order_by("starts_at", "pk")
        return announced.filter(ends_at__gte=since) if since else announced

    def held(self):
        """Sessions that took place."""
        return self.filter(state__in=[SessionState.HELD, SessionState.CLOSED], cancelled_at=None)

    def unsaid(self):
        """Sessions that nobody said to have taken place, nor to be cancelled."""
        return self.filter(state__in=OPEN)

    def with_seats(self):
        """Each session with `confirmed`, `offered`, `waiting`, `free` (None: unlimited), in the same query."""
        return self.annotate(
            confirmed=self._people(RegistrationState.CONFIRMED),
            offered=self._people(RegistrationState.OFFERED),
            waiting=self._people(RegistrationState.WAITING),
        ).annotate(
            free=Case(
                When(capacity=None, then=None),
                default=Greatest(F("capacity") - F("confirmed") - F("offered"), Value(0)),
                output_field=IntegerField(),
            )
        )

    def with_free_seats(self):
        """Sessions in which somebody can still sit; needs no `with_seats` before."""
        return self.with_seats().filter(Q(free=None) | Q(free__gt=0), state__in=OPEN)

    def to_decide(self):
        """Announced sessions to come whose day of decision has come, with fewer seats taken than their minimum."""
        asked = self.filter(decide_on__lte=timezone.localdate(), starts_at__gt=timezone.now())
        few = asked.filter(state=SessionState.PUBLISHED).with_seats()
        return few.filter(confirmed__lt=F("minimum")).order_by("starts_at", "pk")

    def with_a_share_and_people_waiting(self):
        """Announced sessions to come whose seats are shared, with people who wait."""
        shared = self.filter(share__isnull=False, starts_at__gt=timezone.now(), state__in=OPEN)
        return shared.filter(
            Exists(self._registrations().filter(session=OuterRef("pk"), state=RegistrationState.WAITING))
        )

    def full_with_people_waiting(self):
        """Announced sessions without a seat left, while people wait."""
        return self.with_seats().filter(free=0, waiting__gt=0, state__in=OPEN)

    def with_offers_due(self, at):
        """Sessions still to come in which an offer has run out."""
        due = self._registrations().filter(session=OuterRef("pk")).offers_due(at)
        return self.filter(Exists(due), state__in=OPEN, starts_at__gt=at)

    def starting_between(self, start, end):
        """Announced sessions whose first day starts in (start, end], instants."""
        return self.filter(state__in=OPEN, starts_at__gt=start, starts_at__lte=end)

    def with_people_waiting(self):
        """Sessions for which somebody waits."""
        of_session = self._registrations().filter(session=OuterRef("pk"))
        return self.filter(Exists(of_session.filter(state=RegistrationState.WAITING)))

    def without_attendance(self):
        """Sessions that are over, were not cancelled, had people, and whose roll call is not finished.

        It is once everybody is said to have come or not, or once somebody was and the session is said to be held.
        """
        had = self._registrations().filter(session=OuterRef("pk"), state=RegistrationState.CONFIRMED)
        unsaid, said = had.filter(attended=None), had.filter(attended__isnull=False)
        finished = Q(state__in=[SessionState.HELD, SessionState.CLOSED]) & Exists(said)
        return self.past().filter(Exists(unsaid)).exclude(finished)

    def with_proof(self):
        """Each session with what its proof file counts, in the same query.

        `people` with a seat, of whom it was `told` whether they came, and who `came`; `certified`, certificates
        that are valid; `opinions`; `papers` that the training hands out to everybody.
        """
        of_session = self._registrations().filter(session=OuterRef("pk"), state=RegistrationState.CONFIRMED)
        certificates = _other_end(of_session.model, "certificates")._default_manager.filter(
            registration__session=OuterRef("pk"), withdrawn_at=None
        )
        opinions = _other_end(self.model, "evaluations")._default_manager.filter(
            session=OuterRef("pk"), shown=True
        )
        training = _other_end(self.model, "training")
        papers = _other_end(training, "documents")._default_manager.filter(
            training=OuterRef("training"), document__private=False
        )
        return self.annotate(
            people=_counted(of_session),
            told=_counted(of_session.filter(attended__isnull=False)),
            came=_counted(of_session.filter(attended=True)),
            certified=_counted(certificates, "registration__session"),
            opinions=_counted(opinions),
            papers=_counted(papers, "training"),
        )

    def between(self, start, end):
        """Sessions whose first day is in [start, end], local dates."""
        return self.filter(starts_at__date__gte=start, starts_at__date__lte=end)

    def of_action_sheet(self, objective):
        """Sessions accounted under a « fiche-projet »."""
        return self.filter(training__action_sheet=objective)

    def with_people_of(self, actor):
        """Sessions to which an actor's people are registered, with how many of them: `theirs`, who `came`.

        Those who only wait are not counted; a session without anybody of the actor is left out.
        """
        of_actor = self._registrations().filter(
            session=OuterRef("pk"), actor=actor, state=RegistrationState.CONFIRMED
        )
        counts = {"theirs": _counted(of_actor), "came": _counted(of_actor.filter(attended=True))}
        return self.annotate(**counts).filter(theirs__gt=0)

    def _registrations(self) -> "RegistrationQuerySet":
        return RegistrationQuerySet(_other_end(self.model, "registrations"), using=self.db)

    def _people(self, state: str):
        """Count registrations of one state in a subquery: a join would multiply the rows of other joins."""
        return _counted(self._registrations().filter(session=OuterRef("pk"), state=state))


class RegistrationQuerySet(models.QuerySet):
    """Questions about registrations, chained."""

    def live(self):
        """People who count on coming, with a seat or waiting."""
        return self.filter(state__in=LIVE)

    def confirmed(self):
        """People who have a seat."""
        return self.filter(state=RegistrationState.CONFIRMED)

    def taken(self):
        """People who hold a seat: it is theirs, or it is offered to them."""
        return self.filter(state__in=TAKEN)

    def offered(self):
        """People to whom a seat is offered."""
        return self.filter(state=RegistrationState.OFFERED)

    def offers_due(self, at):
        """People whose offer has run out at a moment."""
        return self.offered().filter(offered_until__lte=at)

    def offers_to_phone(self, at):
        """People without an address to whom a seat is offered: a call alone can tell them."""
        return self.offered().filter(email="", session__state__in=OPEN, session__starts_at__gt=at)

    def seated_before(self, moment):
        """People who have had their seat since before a moment, and know it."""
        since = Coalesce("seated_at", "registered_at")
        told = self.confirmed().filter(told=RegistrationState.CONFIRMED).exclude(email="")
        return told.alias(since=since).filter(since__lte=moment)

    def waiting(self):
        """People who wait, in the order of the queue."""
        return self.filter(state=RegistrationState.WAITING).order_by("position")

    def attended(self):
        """People who came, as far as it was said."""
        return self.filter(attended=True)

    def not_called_each_day(self, days: int):
        """People with a seat of whom, on one of so many days, nobody said whether they came."""
        return self.confirmed().alias(called=Count("marks")).filter(called__lt=days)

    def without_certificate(self):
        """People who came and hold no valid certificate."""
        valid = _other_end(self.model, "certificates")._default_manager.filter(
            registration=OuterRef("pk"), withdrawn_at=None
        )
        return self.confirmed().attended().exclude(Exists(valid))

    def to_ask_for_an_evaluation(self):
        """People who came, can be written to, and were neither asked nor have answered."""
        return self.confirmed().attended().filter(evaluation_asked=False, evaluated=False).exclude(email="")

    def untold(self, at):
        """People to whom a letter is owed: their state is not the one last written to them, or a seat is called.

        Nothing is told of what is over: a session, or an offer that ran out before its letter was written.
        """
        ahead = Q(session__ends_at=None) | Q(session__ends_at__gt=at)
        owed = ~Q(told=F("state")) | Q(call_owed=True, session__starts_at__gt=at)
        return self.filter(owed, ~Q(email=""), ahead).exclude(offered_until__lte=at)

    def with_access_needs_to_erase(self, ended_before):
        """Registrations that still say what a person needs, of sessions that ended before a moment."""
        return self.exclude(access_needs="").filter(session__ends_at__lt=ended_before)

    def of_user(self, user):
        """Registrations of a user: made signed in, or carrying an address they have proved to be theirs."""
        proved = user.emailaddress_set.filter(verified=True).values("email")
        return self.filter(Q(user=user) | Q(email__in=proved))

    def coming_first(self, at):
        """Sessions that are not over, the soonest first, then those that are, the latest first."""
        ahead = Q(session__ends_at=None) | Q(session__ends_at__gt=at)
        return self.alias(
            over=Case(When(ahead, then=0), default=1), soonest=Case(When(ahead, then=F("session__starts_at")))
        ).order_by("over", "soonest", "-session__starts_at", "pk")

    def count_by_family(self) -> list[tuple[str, int]]:
        """Return (family, people) in the order of `Family`, then ("", people) without an actor; zeros too."""
        kinds = self.order_by().values_list("actor__kind").annotate(count=Count("pk"))
        counts: dict[str, int] = {}
        for kind, count in kinds:
            family = FAMILY_OF[kind].value if kind else ""
            counts[family] = counts.get(family, 0) + count
        return [(family, counts.get(family, 0)) for family in [*Family.values, ""]]

    def count_by_municipality(self) -> list[tuple[str, int]]:
        """Return (municipality's code, people), by code, then ("", people) from outside or unknown."""
        rows = self.order_by().values_list("municipality__code").annotate(count=Count("pk"))
        counts = {code or "": count for code, count in rows}
        return [*sorted((code, n) for code, n in counts.items() if code), ("", counts.get("", 0))]


class RegistrationQuestionQuerySet(models.QuerySet):
    """Questions of the registration form, chained."""

    def asked(self):
        """Questions that are still asked, in their order."""
        return self.filter(closed=False).order_by("rank", "pk")


class RegistrationAnswerQuerySet(models.QuerySet):
    """Questions about answers to the registration form, chained."""

    def to_erase(self, ended_before):
        """Answers that were promised to go, of sessions that ended before a moment."""
        return self.filter(question__erase_answers=True, registration__session__ends_at__lt=ended_before)


class CertificateQuerySet(models.QuerySet):
    """Questions about certificates, chained."""

    def valid(self):
        """Certificates that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def of_session(self, session):
        """Certificates of a session's people, valid or not, latest first."""
        return self.filter(registration__session=session)


def _counted(rows, by: str = "session"):
    """Count rows of an outer session, 0 when there is none."""
    counts = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def _other_end(model: type[models.Model], name: str) -> type[models.Model]:
    """Return the model at the other end of a relation: querysets stand below the models."""
    return cast(type[models.Model], model._meta.get_field(name).related_model)
