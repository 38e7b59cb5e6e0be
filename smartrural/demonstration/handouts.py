"""What a training of the demonstration shows and hands out: a drawn landscape, a page of text; the same bytes."""

import io
import zipfile
from math import sin
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw

SIZE = (800, 450)
SEASONS = {
    "printemps": ("#dcebf2", "#f7d774", ("#b9cf8f", "#8fb56b", "#5f8f4e")),
    "automne": ("#f3e3c8", "#e79a4a", ("#d8b266", "#b98e58", "#7d5a3a")),
}
"""Season → sky, sun, and the hills from the farthest to the nearest."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODT = "application/vnd.oasis.opendocument.text"


def hills(season: str) -> bytes:
    """Return a PNG of three hills with their hedges under a low sun."""
    sky, sun, fields = SEASONS[season]
    width, height = SIZE
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((560, 70, 650, 160), fill=sun)
    for rank, colour in enumerate(fields):
        line = [
            (x, 190 + 85 * rank + 28 * sin(x / (150 - 20 * rank) + 2 * rank)) for x in range(0, width + 1, 4)
        ]
        draw.polygon([*line, (width, height), (0, height)], fill=colour)
        # The hedge of each hill: bushes along a part of its ridge.
        for x, y in line[20 + 15 * rank : 110 + 20 * rank : 3]:
            size = 7 + 4 * rank
            draw.ellipse((x - size, y - size, x + size, y + size * 0.6), fill=fields[-1])
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def text(title: str, lines: list[str]) -> bytes:
    """Return an OpenDocument text: a heading, then a paragraph a line."""
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}office:1.0" xmlns:text="{_OFFICE}text:1.0" '
        'office:version="1.3"><office:body><office:text>'
        f'<text:h text:outline-level="1">{escape(title)}</text:h>{body}'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_OFFICE}manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        # The type comes first and uncompressed: so one knows the file by its first bytes.
        packed.writestr(zipfile.ZipInfo("mimetype", _EPOCH), ODT)
        for name, part in (("content.xml", content), ("META-INF/manifest.xml", manifest)):
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
