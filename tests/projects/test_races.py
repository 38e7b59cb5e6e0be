"""Two at once: a button pressed twice makes one project, and both presses find it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from needs.querysets import SharedNeedQuerySet
from projects import actions
from projects.models import Project
from projects.querysets import ProjectQuerySet
from tests.factories.actors import ActorFactory
from tests.factories.projects import shared_need

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def press_twice() -> list[Project | None]:
    """Ask for the same project twice at once; return what each got, None when it was refused."""
    need, lead = shared_need(), ActorFactory()
    ready, got = threading.Barrier(2), []

    def press():
        try:
            ready.wait(10)
            got.append(actions.create_from_shared_need(need, title="Agenda", lead=lead, by=None))
        except (IntegrityError, ValidationError):
            got.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return got


def test_a_button_pressed_twice_makes_one_project():
    assert press_twice() == [Project.objects.get()] * 2


def test_without_the_lock_on_the_need_one_press_would_fail(monkeypatch):
    looked, first = threading.Barrier(2), ProjectQuerySet.first

    def look_together(self):
        found = first(self)
        looked.wait(10)
        return found

    monkeypatch.setattr(SharedNeedQuerySet, "select_for_update", lambda self, **options: self)
    monkeypatch.setattr(ProjectQuerySet, "first", look_together)
    assert press_twice().count(None) == 1
