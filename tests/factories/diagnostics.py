"""Diagnostics in each state; a ready one holds a real snapshot and two small files."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import factory
from django.core.files.base import ContentFile

from diagnostics import snapshots
from diagnostics.choices import State
from diagnostics.models import Diagnostic, Snapshot
from tests.factories.accounts import ManagerFactory
from tests.factories.territory import MunicipalityFactory

DATA = Path(__file__).parent.parent / "diagnostics" / "data"
PDF = b"%PDF-1.7 essai"


def frozen(name: str = "jodoigne") -> dict:
    """Return the data of a real snapshot: "jodoigne", "territoire" or "ottignies"."""
    return json.loads((DATA / f"{name}.json").read_bytes())


class DiagnosticFactory(factory.django.DjangoModelFactory):
    """A diagnostic that was asked for."""

    class Meta:
        model = Diagnostic

    municipality = factory.SubFactory(MunicipalityFactory)
    title = "Diagnostic territorial de Jodoigne"
    edition = "2026"
    version = 1
    requested_by = factory.SubFactory(ManagerFactory)


class SnapshotFactory(factory.django.DjangoModelFactory):
    """The frozen figures of Jodoigne."""

    class Meta:
        model = Snapshot

    diagnostic = factory.SubFactory(DiagnosticFactory)
    data = factory.LazyFunction(frozen)
    schema = snapshots.SCHEMA
    code_version = "0.1.0"
    author = "Odile Fictive"
    created_at = factory.LazyAttribute(lambda one: datetime.fromisoformat(one.data["created"]))
    sha256 = factory.LazyAttribute(lambda one: snapshots.fingerprint(one.data))


def ready(**fields) -> Diagnostic:
    """Return a diagnostic whose files are stored."""
    diagnostic = DiagnosticFactory(**{"state": State.RENDERING, **fields, "publication": "private"})
    SnapshotFactory(diagnostic=diagnostic)
    for name in ("sheet", "report"):
        getattr(diagnostic, name).save(f"{name}.pdf", ContentFile(PDF), save=False)
        setattr(diagnostic, f"{name}_sha256", hashlib.sha256(PDF).hexdigest())
    diagnostic.state = State.READY
    diagnostic.publication = fields.get("publication", "private")
    diagnostic.save()
    return diagnostic
