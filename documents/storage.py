"""Where private files lie: outside any address, written whole or not at all."""

import errno
import uuid
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _


class StorageFull(OSError):
    """The disk has no room left; the message is French, and nothing was kept."""


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under MEDIA_ROOT/private, which no address serves: a view asks who may read, then answers.

    A file appears under its name only once it is whole: a process killed while writing leaves a `.part` that
    nobody reads.
    """

    @property
    def base_location(self) -> Path:  # type: ignore[override]
        return Path(settings.MEDIA_ROOT) / "private"

    @property
    def location(self) -> str:  # type: ignore[override]
        return str(self.base_location.resolve())

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address")

    def _save(self, name, content):
        part = f"{name}.{uuid.uuid4().hex[:8]}.part"
        try:
            written = super()._save(part, content)  # type: ignore[misc]  # missing from the stubs
            Path(self.path(written)).replace(self.path(name))
        except OSError as error:
            Path(self.path(part)).unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull(
                    error.errno,
                    _(
                        "Il n’y a plus de place sur le serveur\u00a0: le fichier n’a pas été gardé."
                        " Prévenez l’équipe du portail, puis réessayez."
                    ),
                ) from error
            raise
        return name


def private_storage() -> PrivateStorage:
    """The private storage, as a callable for model fields (migrations then name no directory)."""
    return PrivateStorage()


def random_name(instance, filename: str) -> str:
    """A name nobody can guess nor choose; only a short plain extension is kept of `filename`."""
    name = uuid.uuid4().hex
    extension = PurePath(filename).suffix.lower()
    if not (extension[1:].isascii() and extension[1:].isalnum() and len(extension) <= 6):
        extension = ""
    return f"{name[:2]}/{name}{extension}"
