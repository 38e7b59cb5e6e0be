"""Roles are given by somebody, and the journal says so."""

import pytest

from accounts import actions, journal
from accounts.choices import Role
from accounts.models import JournalEntry
from tests.factories.accounts import AdministratorFactory, UserFactory


def test_giving_a_role_is_written_in_the_journal_once(db):
    chief, user = AdministratorFactory(name="Odile Fictive"), UserFactory()
    actions.give_role(user, role=Role.TEAM, by=chief)
    actions.give_role(user, role=Role.TEAM, by=chief)
    user.refresh_from_db()
    assert user.role == Role.TEAM
    assert list(JournalEntry.objects.values_list("verb", "by_label", "facts")) == [
        ("user.role_changed", "Odile Fictive", {"before": "", "after": "team"})
    ]


def test_an_unknown_role_is_refused(db):
    with pytest.raises(ValueError, match="king"):
        actions.give_role(UserFactory(), role="king", by=None)


def test_a_line_of_the_journal_outlives_what_it_tells_of(db):
    user = UserFactory(name="Basile Fictif")
    journal.record("user.welcomed", user, by=None, langue="fr")
    user.delete()
    entry = JournalEntry.objects.get()
    assert (entry.object_label, entry.by_label, entry.object_kind) == (
        "Basile Fictif",
        "système",
        "accounts.user",
    )
