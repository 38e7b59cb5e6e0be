"""Images people send: read with care, written anew, so that nothing but the picture is kept."""

import io
import struct
import warnings
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageFile

FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS = 25_000_000
BYTES = 15 * 1024 * 1024
WIDTHS = (320, 640, 1280)
"""Widths of the thumbnails, in pixels: a phone, a phone with fine pixels, a screen."""
SMALLEST = 32
"""Pixels: below, what a page shows is a blot."""
LONGEST = 4
"""How many times longer than high, or higher than long, a picture of a page may be."""
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Orientation of EXIF 2.32, table 6 → what sets the picture upright."""
_TYPES = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}


@dataclass(frozen=True)
class SafeImage:
    """A picture written anew: its bytes, its real type and extension, its size in pixels."""

    content: bytes
    content_type: str
    extension: str
    width: int
    height: int


def reencode(file, *, max_width: int = 2400) -> SafeImage:
    """Return the picture in `file` (bytes, or an open file), written anew in its own format.

    The type is read in the content, never in the name; metadata (place, camera) and whatever hides behind the
    picture are gone; the orientation is applied. Raises ValidationError, in French.
    """
    image, kind = _open(file)
    return _write(_narrowed(image, max_width), kind)


def small(file, *, width: int, smallest: int = SMALLEST, longest: int = LONGEST) -> SafeImage:
    """Return the picture in `file`, written anew as WebP and never wider than `width`.

    Raises ValidationError, in French: what `reencode` refuses, a ribbon (more than `longest` times longer than
    high, or higher than long), a blot (a side under `smallest` pixels).
    """
    picture = reencode(file, max_width=4 * width)
    if max(picture.width, picture.height) > longest * min(picture.width, picture.height):
        raise ValidationError(
            _(
                "Cette image est un ruban\u00a0: envoyez-en une au plus %(n)s fois plus longue que haute, ou plus "
                "haute que longue."
            )
            % {"n": longest},
            code="ribbon",
        )
    if min(picture.width, picture.height) < smallest:
        raise ValidationError(
            _(
                "Cette image est trop petite (%(width)s\u00a0×\u00a0%(height)s pixels)\u00a0: "
                "envoyez-en une d’au moins %(n)s\u00a0×\u00a0%(n)s pixels."
            )
            % {"width": picture.width, "height": picture.height, "n": smallest},
            code="small",
        )
    return thumbnails(picture.content, widths=(width,))[width]


def thumbnails(file, *, widths: tuple[int, ...] = WIDTHS) -> dict[int, SafeImage]:
    """Return WebP thumbnails by width; a picture is never enlarged (a smaller one keeps its own width)."""
    image, _kind = _open(file)
    return {width: _write(_narrowed(image, width), "WEBP") for width in sorted(widths, reverse=True)}


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as its camera says it stands; what a camera, or somebody, wrote wrong is left aside.

    Of all that a picture says of itself only this number is read: Pillow's own way writes the rest anew, and
    stumbles over what is damaged in it.
    """
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION) or 1)
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, struct.error):
        return image
    return image.transpose(turn) if turn is not None else image


def _open(file) -> tuple[Image.Image, str]:
    content = file if isinstance(file, bytes) else _read(file)
    if not content:
        raise ValidationError(_("Ce fichier est vide. Choisissez une image PNG, JPEG ou WebP."), code="empty")
    if len(content) > BYTES:
        raise ValidationError(
            _("Cette image pèse plus de {size}\u00a0Mio. Réduisez-la puis renvoyez-la.").format(
                size=BYTES // 1024**2
            ),
            code="heavy",
        )
    if _looks_like_svg(content):
        raise ValidationError(
            _("Les images SVG ne sont pas acceptées. Enregistrez-la en PNG, JPEG ou WebP puis renvoyez-la."),
            code="svg",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        kind = image.format or ""
        if image.width * image.height > PIXELS:
            raise _too_many_pixels()
        ImageFile.LOAD_TRUNCATED_IMAGES = (
            False  # WeasyPrint, once imported, makes Pillow accept half a picture
        )
        image.load()
        return _upright(image), kind
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ValidationError(
            _("Ce fichier n’est pas une image lisible. Choisissez une image PNG, JPEG ou WebP."),
            code="unreadable",
        ) from error


def _read(file) -> bytes:
    file.seek(0)
    content = file.read(BYTES + 1)
    file.seek(0)
    return content


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("Cette image a trop de pixels (au plus 25\u00a0millions). Réduisez-la puis renvoyez-la."),
        code="pixels",
    )


def _looks_like_svg(content: bytes) -> bool:
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    return start.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype svg")) and b"<svg" in start


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _write(image: Image.Image, kind: str) -> SafeImage:
    transparent = kind != "JPEG" and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
    picture = image.convert("RGBA" if transparent else "RGB")
    picture.info.clear()
    out = io.BytesIO()
    settings: dict[str, dict] = {
        "PNG": {"optimize": True},
        "JPEG": {"quality": 85},
        "WEBP": {"quality": 80, "method": 4},
    }
    picture.save(out, kind, **settings[kind])
    content_type, extension = _TYPES[kind]
    return SafeImage(out.getvalue(), content_type, extension, picture.width, picture.height)
