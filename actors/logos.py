"""Logos: a picture that people send, made small and safe."""

from documents import images
from documents.images import SafeImage

WIDTH = 320
"""Pixels: twice what any page gives a logo, for screens with fine pixels."""


def read(upload) -> SafeImage:
    """Return the picture of an upload as `images.small` does, never wider than WIDTH. Raises ValidationError."""
    return images.small(upload, width=WIDTH)
