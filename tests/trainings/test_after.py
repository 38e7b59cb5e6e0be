"""Around the day: who was there, the sheet, certificates, opinions, the proof file."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import page
import pypdf
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from invitations import actions as invitations
from needs.models import Need
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory
from tests.factories.trainings import (
    CertificateFactory,
    EvaluationFactory,
    RegistrationFactory,
    SessionDayFactory,
    TrainingSessionFactory,
    held,
)
from tests.responses import let_go
from trainings import actions, emails, figures, printing, proof
from trainings.actions import Refused
from trainings.models import (
    Attendance,
    Certificate,
    Evaluation,
    Registration,
    TrainingSession,
    duration,
)
from typography import dates

JSON = {"Accept": "application/json"}


@pytest.fixture
def odile(db):
    """Somebody of the LAG's team."""
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(client, odile):
    """A client of the LAG's team."""
    client.force_login(odile)
    return client


def two_days():
    """Return a session of two days of two hours last week, that took place."""
    today = timezone.localdate()
    return TrainingSessionFactory(days=[today - timedelta(days=8), today - timedelta(days=7)], state="held")


def came(odile, **fields):
    """Return somebody who was there on every day of a session that is over."""
    session = fields.pop("session", None) or held()
    registration = RegistrationFactory(session=session, **fields)
    for day in session.days.all():
        actions.mark_attendance(registration, day=day, attended=True, by=odile)
    registration.refresh_from_db()
    return registration


def follow(desk, session, **data):
    """Press a button of the page « Après la séance »; return what the page then says."""
    address = reverse("admin:trainings_session_follow", args=[session.pk])
    response = desk.post(address, data, follow=True)
    return [str(message) for message in response.context["messages"]]


# By phone ------------------------------------------------------------------------------------------------


def test_a_name_and_a_number_are_a_seat(desk):
    session = TrainingSessionFactory()
    address = reverse("admin:trainings_session_people", args=[session.pk])
    line = {"name": "Denis Fictif", "phone": "010 00 00 00", "nonce": "a" * 32}
    assert desk.post(address, line).status_code == 302
    assert desk.post(address, line).status_code == 302
    denis = Registration.objects.get()
    assert (denis.name, denis.phone, denis.state) == ("Denis Fictif", "010 00 00 00", "confirmed")


def test_a_line_without_a_number_is_asked_for_it_and_keeps_the_name(desk):
    session = TrainingSessionFactory()
    response = desk.post(
        reverse("admin:trainings_session_people", args=[session.pk]), {"name": "Denis Fictif"}
    )
    assert response.context["form"].errors["phone"] == [
        "À quel numéro la prévenir si la séance change\u00a0?"
    ]
    assert 'value="Denis Fictif"' in response.content.decode()
    assert Registration.objects.count() == 0


# The roll call -------------------------------------------------------------------------------------------


def test_the_same_mark_twice_is_one_and_one_line_of_the_journal(odile):
    registration = RegistrationFactory(session=held())
    day = registration.session.days.get()
    for _time in range(2):
        actions.mark_attendance(registration, day=day, attended=True, by=odile)
    assert Attendance.objects.get().attended is True
    entry = JournalEntry.objects.get(verb="session.attendance_marked")
    assert entry.object_id == str(registration.session.public_id)
    assert entry.facts == {
        "position": registration.position,
        "day": day.date.isoformat(),
        "before": None,
        "after": True,
    }


@pytest.mark.parametrize(
    ("marks", "attended"),
    [([True, False], True), ([False, False], False), ([False, None], False), ([None, None], None)],
)
def test_who_came_on_one_day_attended_and_who_came_on_none_did_not(odile, marks, attended):
    session = two_days()
    registration = RegistrationFactory(session=session)
    for day, mark in zip(session.announced_days, marks, strict=True):
        actions.mark_attendance(registration, day=day, attended=not mark, by=odile)
        actions.mark_attendance(registration, day=day, attended=mark, by=odile)
    registration.refresh_from_db()
    assert registration.attended is attended


def test_who_waits_who_is_elsewhere_and_a_day_to_come_are_refused(odile):
    session = TrainingSessionFactory()
    seated = RegistrationFactory(session=session, position=1)
    waiting = RegistrationFactory(session=held(), state="waiting")
    for registration, day in [
        (seated, session.days.get()),
        (seated, held().days.get()),
        (waiting, waiting.session.days.get()),
    ]:
        with pytest.raises(Refused):
            actions.mark_attendance(registration, day=day, attended=True, by=odile)
    assert Attendance.objects.count() == 0


def test_two_people_who_mark_one_list_do_not_undo_each_other(desk):
    session = held(capacity=3)
    aline, basile, clara = (RegistrationFactory(session=session, position=n) for n in (1, 2, 3))
    day = session.days.get()
    address = reverse("admin:trainings_session_roll_call", args=[session.pk])

    def tap(who, state):
        data = {"jour": day.public_id, "marque": f"{who.public_id} {state}"}
        return desk.post(address, data, headers=JSON).json()

    desk.get(address)  # both lists are open, nobody is marked
    tap(aline, "present")
    tap(basile, "absent")
    told = tap(clara, "present")
    assert told == {
        "marks": {
            str(aline.public_id): "present",
            str(basile.public_id): "absent",
            str(clara.public_id): "present",
        },
        "text": "Présents\u00a0: 2 · absents\u00a0: 1 · à dire\u00a0: 0",
        "late": False,
    }
    tap(aline, "inconnu")
    assert list(day.marks.order_by("registration").values_list("attended", flat=True)) == [False, True]


def test_a_tap_without_script_leads_back_to_the_person(desk):
    session = two_days()
    registration = RegistrationFactory(session=session)
    day = session.announced_days[0]
    address = reverse("admin:trainings_session_roll_call", args=[session.pk])
    response = desk.post(address, {"jour": day.public_id, "marque": f"{registration.public_id} present"})
    assert response["Location"] == f"{address}?jour={day.public_id}#p-{registration.public_id}"
    html = desk.get(f"{address}?jour={day.date.isoformat()}").content.decode()
    assert html.count('aria-pressed="true">Présent') == 1
    other = desk.get(address).content.decode()  # the last day that has come
    assert other.count('aria-pressed="true">À dire') == 1


@pytest.mark.parametrize("state", ["toggle", "", "present present"])
def test_a_tap_that_says_no_state_changes_nothing(desk, state):
    registration = RegistrationFactory(session=held())
    address = reverse("admin:trainings_session_roll_call", args=[registration.session_id])
    data = {"jour": registration.session.days.get().public_id, "marque": f"{registration.public_id} {state}"}
    assert desk.post(address, data, headers=JSON).status_code == 409
    assert Attendance.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_roll_call_asks_the_same_queries_for_one_and_three(desk, django_assert_num_queries, count):
    session = held(capacity=3)
    for position in range(1, count + 1):
        RegistrationFactory(session=session, position=position)
    with django_assert_num_queries(9):
        desk.get(reverse("admin:trainings_session_roll_call", args=[session.pk]))


def test_a_day_on_which_the_roll_was_called_stays(odile):
    today = timezone.localdate()
    session = TrainingSessionFactory(days=[today + timedelta(days=1), today + timedelta(days=7)])
    registration = RegistrationFactory(session=session)
    Attendance.objects.create(registration=registration, day=session.announced_days[1], attended=True)
    first = session.announced_days[0]
    with pytest.raises(Refused, match="déjà notées"):
        actions.change_when_where(session, days=[(first.date, first.start_time, first.end_time)], by=odile)


def test_certificates_are_not_given_on_an_unfinished_roll_call_without_a_word(desk, odile):
    session = held(capacity=2)
    aline, basile = (RegistrationFactory(session=session, position=n) for n in (1, 2))
    day = session.days.get()
    address = reverse("admin:trainings_session_after", args=[session.pk])
    actions.mark_attendance(aline, day=day, attended=True, by=odile)
    assert "1 personne n’a pas été appelée pour chaque jour" in desk.get(address).text
    actions.mark_attendance(basile, day=day, attended=False, by=odile)
    assert "n’a pas été appelée" not in desk.get(address).text


def test_one_tap_does_not_finish_a_roll_call(odile):
    session = TrainingSessionFactory(days=[timezone.localdate() - timedelta(days=2)], capacity=2)
    aline, basile = (RegistrationFactory(session=session, position=n) for n in (1, 2))
    forgotten = TrainingSession.objects.without_attendance()
    for registration, left in ((aline, [session]), (basile, [])):
        assert list(forgotten.all()) == [session]
        actions.mark_attendance(registration, day=session.days.get(), attended=True, by=odile)
        assert list(forgotten.all()) == left
    said_held = held(capacity=2)
    RegistrationFactory(session=said_held, position=1, attended=True)
    RegistrationFactory(session=said_held, position=2)
    assert list(forgotten.all()) == []


# Papers --------------------------------------------------------------------------------------------------


def pages_of(content, tmp_path) -> list[str]:
    """Return the text of each page of a PDF that a validator found to be PDF/UA-1."""
    path = tmp_path / "papier.pdf"
    path.write_bytes(content)
    assert page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1).is_compliant
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages]


def read(content, tmp_path) -> str:
    """Return the text of a PDF that a validator found to be PDF/UA-1."""
    return " ".join(pages_of(content, tmp_path))


def test_the_sheet_has_a_line_a_person_a_column_a_day_and_the_funders(desk, tmp_path):
    LAGFactory(funders="Avec le soutien de l’Union européenne et de la Wallonie.")
    session = TrainingSessionFactory(days=[date(2026, 1, 12), date(2026, 1, 19)])
    RegistrationFactory(session=session, name="Aline Fictive")
    response = desk.get(reverse("admin:trainings_session_sheet", args=[session.pk]))
    text = read(response.content, tmp_path)
    for words in ("Aline Fictive", "12/01/2026", "19/01/2026", "Union européenne"):
        assert words in text
    html = printing.sheet_html(session)
    assert html.count("<tr>") == 1 + 1 + printing.EMPTY_LINES
    let_go(response)


def printed_sheet(people: int, tmp_path) -> list[str]:
    """Return the text of each page of a sheet for so many people over two days."""
    LAGFactory(funders="Avec le soutien de l’Union européenne et de la Wallonie.")
    session = TrainingSessionFactory(days=[date(2026, 1, 12), date(2026, 1, 19)])
    for position in range(1, people + 1):
        RegistrationFactory(session=session, position=position, name=f"Personne Fictive {position}")
    return pages_of(printing.sheet(session, created=timezone.now()), tmp_path)


def test_a_sheet_of_ten_people_is_one_page(db, tmp_path):
    assert len(printed_sheet(10, tmp_path)) == 1


@pytest.mark.parametrize("people", [13, 16, 30])
def test_each_page_of_the_sheet_names_the_funders_and_no_signature_stands_alone(db, tmp_path, people):
    pages = printed_sheet(people, tmp_path)
    assert len(pages) == 2
    assert [text.count("Avec le soutien de l’Union européenne") for text in pages] == [1, 1]
    assert ["Qui anime la séance" in text for text in pages] == [False, True]
    assert "+" in pages[1].split()


def test_a_certificate_says_the_hours_really_attended(odile, client, tmp_path):
    session = two_days()
    SessionDayFactory(session=session, date=timezone.localdate() - timedelta(days=6))
    registration = RegistrationFactory(session=session, name="Aline Fictive")
    first, second, third = session.announced_days
    actions.mark_attendance(registration, day=first, attended=True, by=odile)
    actions.mark_attendance(registration, day=second, attended=False, by=odile)
    actions.mark_attendance(registration, day=third, attended=True, by=odile)
    [certificate] = actions.issue_certificates(session, by=odile)
    assert certificate.minutes == 2 * 60 + 6 * 60 + 30
    assert [day for day, *_hours in certificate.days] == [first.date.isoformat(), third.date.isoformat()]
    assert [letter.to for letter in mail.outbox] == [[registration.email]]
    assert certificate.get_absolute_url() in mail.outbox[0].body
    response = client.get(reverse("trainings:certificate_pdf", args=[certificate.number]))
    text = read(response.content, tmp_path)
    assert "Aline Fictive" in text
    assert "8\u00a0h\u00a030" in text.replace(" ", "\u00a0")
    assert certificate.number in text


def test_a_certificate_is_issued_once_and_to_nobody_who_was_away(odile):
    session = held()
    came(odile, session=session, position=1)
    RegistrationFactory(session=session, position=2, attended=False)
    assert len(actions.issue_certificates(session, by=odile)) == 1
    assert actions.issue_certificates(session, by=odile) == []
    with pytest.raises(Refused, match="après la séance"):
        actions.issue_certificates(TrainingSessionFactory(), by=odile)


def test_hours_that_are_certified_do_not_move_until_it_is_withdrawn(odile):
    registration = came(odile)
    [certificate] = actions.issue_certificates(registration.session, by=odile)
    day = registration.session.days.get()
    with pytest.raises(Refused, match="retirez-la"):
        actions.mark_attendance(registration, day=day, attended=False, by=odile)
    with pytest.raises(Refused, match="Dites pourquoi"):
        actions.withdraw_certificate(certificate, reason=" ", by=odile)
    actions.withdraw_certificate(certificate, reason="Erreur de jour", by=odile)
    actions.withdraw_certificate(certificate, reason="Encore", by=odile)
    certificate.refresh_from_db()
    assert certificate.withdrawn_reason == "Erreur de jour"
    actions.mark_attendance(registration, day=day, attended=False, by=odile)
    assert actions.issue_certificates(registration.session, by=odile) == []


def test_the_public_page_says_valid_then_withdrawn_and_no_more_than_the_paper(client, db):
    certificate = CertificateFactory(
        name="Aline Fictive", registration__phone="010 00 00 00", registration__email="aline@exemple.invalid"
    )
    address = certificate.get_absolute_url()
    html = client.get(address.lower()).content.decode()
    assert "Cette attestation est valable" in html
    assert "Aline Fictive" in html
    assert "aline@exemple.invalid" not in html
    assert "010 00 00 00" not in html
    actions.withdraw_certificate(certificate, reason="Motif privé", by=TeamFactory())
    response = client.get(address)
    assert response["X-Robots-Tag"] == "noindex"
    html = response.content.decode()
    assert "Cette attestation est retirée" in html
    assert "Aline Fictive" not in html
    assert "Motif privé" not in html
    assert client.get(reverse("trainings:certificate_pdf", args=[certificate.number])).status_code == 302
    assert client.get(reverse("trainings:certificate", args=["2222-2222-2222"])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": 0}, {"number": "1"}, {"withdrawn_reason": "x"}, {"withdrawn_at": "2026-01-01T00:00Z"}],
)
def test_the_database_refuses_a_certificate_that_contradicts_itself(db, wrong):
    certificate = CertificateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**wrong)


def test_the_database_refuses_two_valid_certificates_of_one_person(db):
    certificate = CertificateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFactory(registration=certificate.registration)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(45, "45\u00a0min"), (120, "2\u00a0h"), (215, "3\u00a0h\u00a035"), (65, "1\u00a0h\u00a005")],
)
def test_a_duration_is_said_in_hours_and_minutes(minutes, words):
    assert duration(minutes) == words


# Opinions ------------------------------------------------------------------------------------------------


def evaluation_path(registration):
    return reverse(
        "trainings:evaluate", args=[emails.evaluation_url(registration).rstrip("/").rpartition("/")[2]]
    )


def test_an_opinion_is_asked_once_of_who_came(odile):
    session = held(capacity=3)
    person = came(odile, session=session, position=1)
    RegistrationFactory(session=session, position=2, attended=False)
    assert actions.ask_evaluations(session, by=odile) == 1
    assert actions.ask_evaluations(session, by=odile) == 0
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert "/evaluations/" in mail.outbox[0].body


def test_an_opinion_counts_once_and_holds_nothing_of_the_person(client, odile):
    registration = came(odile)
    lines = JournalEntry.objects.count()
    answer = {"useful": "5", "clear": "4", "welcome": "3", "missing": "Un tableur libre"}
    path = evaluation_path(registration)
    assert client.get(path).status_code == 200
    for _time in range(2):
        client.post(path, answer)
    told = Evaluation.objects.get()
    assert (told.useful, told.clear, told.welcome, told.missing) == (5, 4, 3, "Un tableur libre")
    assert "Merci de votre avis" in client.get(path).content.decode()
    assert JournalEntry.objects.count() == lines
    assert {field.name for field in Evaluation._meta.get_fields()} == {
        *("id", "session", "useful", "clear", "welcome", "remarks", "missing", "shown")
    }


def test_what_somebody_misses_becomes_a_need_when_they_agree_and_leads_nowhere(client, odile):
    registration, theme = came(odile, municipality=MunicipalityFactory()), ThemeFactory()
    registration.session.training.themes.set([theme])
    answer = {"useful": "5", "clear": "4", "welcome": "3", "missing": "Un tableur libre", "as_need": "on"}
    client.post(evaluation_path(registration), answer)
    need = Need.objects.get()
    assert (need.title, need.origin, need.municipality) == (
        "Un tableur libre",
        "evaluation",
        registration.municipality,
    )
    assert (need.theme, need.actor, need.author, need.contact) == (theme, None, None, None)
    assert Evaluation.objects.get().missing == ""


@pytest.mark.parametrize("agreed", [{}, {"as_need": "on"}])
def test_without_an_agreement_or_a_municipality_there_is_no_need(client, odile, agreed):
    registration = came(odile, municipality=None if agreed else MunicipalityFactory())
    answer = {"useful": "5", "clear": "4", "welcome": "3", "missing": "Un tableur libre", **agreed}
    client.post(evaluation_path(registration), answer)
    assert (Need.objects.count(), Evaluation.objects.get().missing) == (0, "Un tableur libre")


def test_an_opinion_without_a_score_is_asked_for_it(client, odile):
    registration = came(odile)
    response = client.post(evaluation_path(registration), {"useful": "6", "clear": "4"})
    assert {name: list(errors) for name, errors in response.context["form"].errors.items()} == {
        "useful": ["Choisissez de 5 à 1."],
        "welcome": ["Choisissez de 5 à 1."],
    }
    assert Evaluation.objects.count() == 0


def test_under_five_opinions_nothing_shows_and_with_five_their_means_do(desk):
    session = held()
    address = reverse("admin:trainings_session_after", args=[session.pk])
    for score in (5, 5, 4, 4):
        EvaluationFactory(session=session, useful=score, remarks=f"Secret {score}")
    assert figures.opinion(session) == figures.Opinion(0, None, [], [], [])
    assert "Secret" not in desk.get(address).content.decode()
    assert "Secret" not in proof.archive(
        TrainingSession.objects.with_proof().get(), made=timezone.now()
    ).decode(errors="replace")
    EvaluationFactory(session=session, useful=3, remarks="Bien")
    found = figures.opinion(session)
    assert (found.answered, [mean for _label, mean in found.means]) == (
        5,
        [Decimal("4.2"), Decimal("4.0"), Decimal("4.0")],
    )
    assert found.remarks == ["Bien", "Secret 4", "Secret 4", "Secret 5", "Secret 5"]
    assert "4,2" in desk.get(address).content.decode()


def test_opinions_appear_five_at_a_time_so_that_no_score_is_that_of_one(odile):
    session, seen = held(capacity=None), []
    for _number in range(11):
        actions.evaluate(came(odile, session=session), useful=5, clear=4, welcome=3)
        seen.append(figures.opinion(session).answered)
    assert seen == [None] * 4 + [5] * 5 + [10] * 2


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_refuses_a_score_out_of_the_scale(db, score):
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationFactory(clear=score)


# The proof file ------------------------------------------------------------------------------------------


def test_the_page_after_a_session_does_it_all(desk, odile, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    registration = came(odile, name="=Aline Fictive")
    session = registration.session
    assert follow(desk, session, faire="delivrer") == ["1 attestation est délivrée."]
    assert follow(desk, session, faire="demander") == ["1 lettre part."]
    number = Certificate.objects.get().number
    assert follow(desk, session, faire="retirer", numero=number, motif="Erreur") == [
        f"L’attestation {number} est retirée."
    ]
    assert follow(desk, session, faire="feuille") == ["Choisissez d’abord un fichier. Rien n’est changé."]
    scan = SimpleUploadedFile("signée.pdf", b"%PDF-1.4 scan")
    assert follow(desk, session, faire="feuille", fichier=scan) == ["La feuille signée est gardée."]
    assert follow(desk, session, faire="rien") == ["Ce bouton n’existe pas. Rien n’est changé."]
    found = proof.pieces(TrainingSession.objects.with_proof().get())
    assert {piece.name: piece.there for piece in found} == {
        "Programme": False,
        "Fiche-projet": False,
        "Feuille signée": True,
        "Appel": True,
        "Attestations": False,
        "Évaluation": False,
    }
    campaign = CampaignFactory(title="Venez", landing_path=session.get_absolute_url())
    invitations.prepare(campaign, contacts=[writable_contact()], by=None)
    invitations.launch(campaign, by=None)
    address = reverse("admin:trainings_session_proof", args=[session.pk])
    assert desk.get(address)["Location"].startswith("/compte/reauthenticate/")
    response = logged_in(odile).get(address)
    assert JournalEntry.objects.filter(verb="session.proof_exported").count() == 1
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        assert packed.namelist() == [
            "1-sommaire.txt",
            "2-presences.csv",
            "3-participation.csv",
            "4-evaluation.csv",
            "5-feuille-signee.pdf",
            "6-attestations.csv",
            "7-invitations.csv",
        ]
        assert number in packed.read("6-attestations.csv").decode()
        assert packed.read("7-invitations.csv").decode("utf-8-sig").splitlines()[1:] == [
            f"Venez;{dates.day(timezone.now(), weekday=False)};1;0"
        ]
        assert packed.read("3-participation.csv").decode("utf-8-sig").splitlines() == [
            "Par;Qui;Personnes présentes",
            "famille;sans organisation;1",
            "commune;hors du territoire, ou inconnue;1",
        ]
        assert packed.read("5-feuille-signee.pdf") == b"%PDF-1.4 scan"
        lines = packed.read("2-presences.csv").decode("utf-8-sig").splitlines()
        assert lines[1] == "'=Aline Fictive;;;présent"


def test_a_scan_that_is_no_document_is_refused_and_said(desk):
    session = held()
    [said] = follow(desk, session, faire="feuille", fichier=SimpleUploadedFile("x.exe", b"MZ"))
    assert said.startswith("Ce type de fichier n’est pas accepté.")
    session.refresh_from_db()
    assert session.signed_sheet is None


def test_the_page_after_a_session_opens_the_sheet_that_was_kept(desk):
    session = held()
    address = reverse("admin:trainings_session_signed_sheet", args=[session.pk])
    assert desk.get(address).status_code == 404
    follow(desk, session, faire="feuille", fichier=SimpleUploadedFile("signée.pdf", b"%PDF-1.4 scan"))
    html = desk.get(reverse("admin:trainings_session_after", args=[session.pk])).content.decode()
    assert f'<a href="{address}">signée.pdf</a>, reçue le ' in html
    response = desk.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert "no-store" in response.headers["Cache-Control"]
    assert b"".join(response.streaming_content) == b"%PDF-1.4 scan"
    let_go(response)


@pytest.mark.parametrize(("state", "asked"), [("published", True), ("confirmed", True), ("held", False)])
def test_a_session_that_is_over_is_marked_as_held_from_the_page_after_it(desk, state, asked):
    session = held()
    TrainingSession.objects.filter(pk=session.pk).update(state=state)
    html = desk.get(reverse("admin:trainings_session_after", args=[session.pk])).content.decode()
    assert ("Marquer comme tenue" in html) is asked
    desk.post(reverse("admin:trainings_session_move", args=[session.pk]), {"vers": "hold"})
    assert TrainingSession.objects.get().state == "held"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_after_a_session_asks_the_same_queries_for_one_and_three(
    desk, odile, django_assert_num_queries, count
):
    session = held(capacity=3)
    for position in range(1, count + 1):
        CertificateFactory(registration__session=session, registration__position=position)
    with django_assert_num_queries(12):
        desk.get(reverse("admin:trainings_session_after", args=[session.pk]))
