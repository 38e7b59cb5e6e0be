"""Imports of small fictitious files, as far along as a test wants them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from imports import actions
from imports.models import Import
from tests.factories.accounts import TeamFactory

ACTORS = "Nom;Commune;Courriel\nLes Abeilles Fictives;Incourt;abeilles@exemple.invalid\n"
ANSWERS = {
    "actors": {"kind": "association", "state": "draft", "strangers": "refuse"},
    "contacts": {"consent": "none"},
}


def received(
    text: str | bytes = ACTORS,
    *,
    target="actors",
    source="Annuaire d’essai",
    name="essai.csv",
    by=None,
    pk: int | None = None,
) -> Import:
    """A file that was left, its columns proposed; under a number of the caller's if need be."""
    content = text.encode() if isinstance(text, str) else text
    upload = SimpleUploadedFile(name, content)
    run = actions.receive(target=target, source=source, upload=upload, by=by or TeamFactory())
    if pk:
        Import.objects.filter(pk=run.pk).update(id=pk)
        run = Import.objects.get(pk=pk)
    return run


def checked(text: str | bytes = ACTORS, *, options=None, mapping=None, **facts) -> Import:
    """A file whose columns were confirmed as proposed, and whose preview is asked for."""
    run = received(text, **facts)
    answers = ANSWERS.get(run.target, {}) | (options or {})
    return actions.check(run, mapping=run.mapping | (mapping or {}), options=answers, by=run.by)


def previewed(text: str | bytes = ACTORS, **facts) -> Import:
    """A file whose preview is to be read."""
    return actions.work(checked(text, **facts))


def written(text: str | bytes = ACTORS, **facts) -> Import:
    """A file that was confirmed and written."""
    run = previewed(text, **facts)
    return actions.work(actions.confirm(run, by=run.by))
