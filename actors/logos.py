"""Logos: a picture that people send, made small and safe."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents import images
from documents.images import SafeImage

WIDTH = 320
"""Pixels: twice what any page gives a logo, for screens with fine pixels."""
LONGEST = 4
"""How many times longer than wide, or wider than long, a logo may be."""


def read(upload) -> SafeImage:
    """Return the picture of an upload, written anew as WebP and never wider than WIDTH.

    Raises ValidationError, in French: SVG, what is no picture, too heavy, too many pixels, a ribbon.
    """
    picture = images.reencode(upload, max_width=4 * WIDTH)
    if max(picture.width, picture.height) > LONGEST * min(picture.width, picture.height):
        raise ValidationError(
            _("Cette image est un ruban\u00a0: un logo est au plus %(n)s fois plus long que haut.")
            % {"n": LONGEST},
            code="ribbon",
        )
    return images.thumbnails(picture.content, widths=(WIDTH,))[WIDTH]
