"""Logos: a picture that people send, made small and safe."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents import images
from documents.images import SafeImage

WIDTH = 320
"""Pixels: twice what any page gives a logo, for screens with fine pixels."""
SMALLEST = 32
"""Pixels: below, what a page shows is a blot."""
LONGEST = 4
"""How many times longer than wide, or wider than long, a logo may be."""


def read(upload) -> SafeImage:
    """Return the picture of an upload, written anew as WebP and never wider than WIDTH.

    Raises ValidationError, in French: SVG, what is no picture, too heavy, too many pixels, a
    ribbon, too small.
    """
    picture = images.reencode(upload, max_width=4 * WIDTH)
    if max(picture.width, picture.height) > LONGEST * min(picture.width, picture.height):
        raise ValidationError(
            _("Cette image est un ruban\u00a0: un logo est au plus %(n)s fois plus long que haut.")
            % {"n": LONGEST},
            code="ribbon",
        )
    if min(picture.width, picture.height) < SMALLEST:
        raise ValidationError(
            _(
                "Cette image est trop petite (%(width)s\u00a0×\u00a0%(height)s pixels)\u00a0: "
                "envoyez-en une d’au moins %(n)s\u00a0×\u00a0%(n)s pixels."
            )
            % {"width": picture.width, "height": picture.height, "n": SMALLEST},
            code="small",
        )
    return images.thumbnails(picture.content, widths=(WIDTH,))[WIDTH]
