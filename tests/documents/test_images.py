"""Pictures: read by content, bounded, written anew."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageFile

from documents import images


def picture(kind="PNG", size=(1600, 900), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "green" if mode == "RGB" else None).save(out, kind, **options)
    return out.getvalue()


def pixel_bomb(side: int) -> bytes:
    """A small PNG that declares side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        images.reencode(content)
    return error.value.code


@pytest.mark.parametrize(("kind", "extension"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_picture_keeps_its_format(kind, extension):
    safe = images.reencode(io.BytesIO(picture(kind)))
    assert (safe.extension, safe.width, safe.height) == (extension, 1600, 900)
    assert Image.open(io.BytesIO(safe.content)).format == kind


def test_the_place_where_a_photograph_was_taken_is_gone():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Appareil"
    source = picture("JPEG", exif=exif)
    assert b"Appareil" in source
    safe = images.reencode(source)
    assert dict(Image.open(io.BytesIO(safe.content)).getexif()) == {}
    assert b"Appareil" not in safe.content


def test_a_photograph_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    safe = images.reencode(picture("JPEG", size=(40, 20), exif=exif))
    assert (safe.width, safe.height) == (20, 40)


def test_a_page_hidden_behind_a_picture_is_gone():
    safe = images.reencode(picture() + b"<script>alert(1)</script>")
    assert b"script" not in safe.content


def test_a_gif_that_is_also_a_page_is_refused():
    assert refusal(b"GIF89a/*" + b"\0" * 40 + b"*/=1;<script>alert(1)</script>") == "unreadable"


def test_a_png_named_jpg_is_known_by_its_content():
    file = io.BytesIO(picture("PNG"))
    file.name = "photo.jpg"
    assert images.reencode(file).content_type == "image/png"


@pytest.mark.parametrize("side", [5_001, 9_000, 30_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side, monkeypatch):
    def load(self):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", load)
    assert refusal(pixel_bomb(side)) == "pixels"


def test_twenty_five_million_pixels_are_still_read():
    assert images.reencode(pixel_bomb(5_000), max_width=100).width == 100


@pytest.mark.parametrize("lenient", [False, True])
def test_a_truncated_picture_is_refused_even_after_weasyprint_made_pillow_lenient(lenient, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    whole = picture("JPEG")
    assert refusal(whole[: len(whole) // 2]) == "unreadable"


def test_an_empty_file_is_refused():
    assert refusal(b"") == "empty"


def test_too_heavy_a_file_is_refused_without_being_read_whole(monkeypatch):
    monkeypatch.setattr(images, "BYTES", 1000)
    file = io.BytesIO(b"\x89PNG" + b"x" * 5000)
    with pytest.raises(ValidationError, match="pèse plus de"):
        images.reencode(file)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload='alert(1)'/>",
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- logo --><svg/>',
        '<?xml version="1.0" encoding="utf-16"?><svg/>'.encode("utf-16"),
    ],
)
def test_an_svg_is_refused_and_other_formats_advised(content):
    with pytest.raises(ValidationError) as error:
        images.reencode(content)
    assert error.value.messages == [
        "Les images SVG ne sont pas acceptées. Enregistrez-la en PNG, JPEG ou WebP puis renvoyez-la."
    ]


def test_thumbnails_come_in_three_widths_and_never_grow():
    made = images.thumbnails(picture(size=(1000, 500)))
    assert {width: (small.width, small.height, small.content_type) for width, small in made.items()} == {
        1280: (1000, 500, "image/webp"),
        640: (640, 320, "image/webp"),
        320: (320, 160, "image/webp"),
    }


def test_transparency_is_kept_where_the_format_knows_it():
    safe = images.reencode(picture("PNG", size=(4, 4), mode="RGBA"))
    assert Image.open(io.BytesIO(safe.content)).mode == "RGBA"


def said_wrong(tag: int, kind: int, value: bytes) -> bytes:
    """A picture lying on its side, of which something else is said in a kind that it cannot have."""
    entries = [(0x0112, 3, 1, b"\x06\0\0\0"), (tag, kind, len(value), value)]
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries))
    said = (
        head + b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in sorted(entries)) + b"\0" * 4
    )
    return picture("JPEG", (64, 40), exif=b"Exif\0\0" + said)


@pytest.mark.parametrize("tag", [0x011A, 0x0100], ids=["resolution", "width"])
def test_a_picture_that_says_nonsense_of_itself_is_set_upright_and_kept(tag):
    safe = images.reencode(said_wrong(tag, 2, b"abc\0"))
    assert (safe.width, safe.height) == (40, 64)


@pytest.mark.parametrize("orientation", range(1, 10))
def test_a_picture_stands_as_its_camera_held_it(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    safe = images.reencode(picture("JPEG", (64, 40), exif=exif))
    assert (safe.width, safe.height) == ((40, 64) if 5 <= orientation <= 8 else (64, 40))
