"""Letters to the authors of needs: one at each step, in plain words, to whoever can be reached."""

import pytest
from django.utils import timezone

from needs import actions
from needs.choices import NeedState, SharedNeedState
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ContactFactory
from tests.factories.needs import NeedFactory, SharedNeedFactory

pytestmark = pytest.mark.django_db


def sent(mailoutbox) -> list[tuple[str, str]]:
    """(address, first words of the subject) of the letters written."""
    return [(letter.to[0], letter.subject.partition("\u00a0:")[0]) for letter in mailoutbox]


def test_the_author_is_told_each_step_from_reading_to_answer(mailoutbox):
    team = TeamFactory()
    colette = UserFactory(email="colette@commune.invalid")
    denis = ContactFactory(email="denis@commune.invalid")
    mine = NeedFactory(author=colette, title="Un agenda des salles")
    theirs = NeedFactory(contact=denis)
    actions.qualify(mine, by=team)
    shared = actions.pool(needs=[mine, theirs], title="Un agenda commun", by=team)
    actions.advance(shared, state=SharedNeedState.PLANNED, by=team)
    actions.advance(shared, state=SharedNeedState.ANSWERED, by=team)
    assert sent(mailoutbox) == [
        ("colette@commune.invalid", "Nous avons bien compris"),
        ("colette@commune.invalid", "Vous n’êtes pas seuls"),
        ("denis@commune.invalid", "Vous n’êtes pas seuls"),
        ("colette@commune.invalid", "Une réponse se prépare"),
        ("denis@commune.invalid", "Une réponse se prépare"),
        ("colette@commune.invalid", "Une réponse existe"),
        ("denis@commune.invalid", "Une réponse existe"),
    ]
    pooled = mailoutbox[1]
    for text in (pooled.body, pooled.alternatives[0][0]):
        assert "2 communes cherchent la même chose" in text
        assert "Un agenda des salles" in text
    assert theirs.title not in pooled.body


def test_a_declined_need_says_why(mailoutbox):
    need = NeedFactory(author=UserFactory(), title="Une piscine <b>\r\nBcc: x@x.invalid")
    actions.decline(need, reason="Hors du programme.", by=TeamFactory())
    (letter,) = mailoutbox
    assert "Hors du programme." in letter.body
    assert "Une piscine &lt;b&gt;" in letter.alternatives[0][0]
    assert letter.message()["Bcc"] is None


def test_whoever_has_two_of_the_pooled_needs_gets_one_letter(mailoutbox):
    author = UserFactory()
    needs = [NeedFactory(author=author), NeedFactory(author=author)]
    actions.pool(needs=needs, title="Un agenda commun", by=TeamFactory())
    (letter,) = mailoutbox
    assert letter.subject == "Vous n’êtes pas seuls\u00a0: vos 2 besoins"
    assert [need.title in letter.body for need in needs] == [True, True]


@pytest.mark.parametrize(
    "author",
    [
        dict,
        lambda: {"author": UserFactory(is_active=False)},
        lambda: {"contact": ContactFactory(email="")},
        lambda: {"contact": ContactFactory(bounced_at=timezone.now())},
    ],
    ids=["nobody", "closed account", "no address", "bounced"],
)
def test_nobody_who_cannot_be_reached_is_written_to(mailoutbox, author):
    assert actions.qualify(NeedFactory(**author()), by=TeamFactory()).state == NeedState.QUALIFIED
    assert mailoutbox == []


def test_the_link_leads_to_the_shared_need_once_it_is_public(mailoutbox):
    need = NeedFactory(author=UserFactory(), state=NeedState.POOLED)
    hidden = SharedNeedFactory(needs=[need], public=False)
    actions.advance(hidden, state=SharedNeedState.PLANNED, by=TeamFactory())
    shared = SharedNeedFactory(needs=[need])
    actions.advance(shared, state=SharedNeedState.ANSWERED, by=TeamFactory())
    assert [shared.get_absolute_url() in letter.body for letter in mailoutbox] == [False, True]
    assert hidden.get_absolute_url() not in mailoutbox[0].body
