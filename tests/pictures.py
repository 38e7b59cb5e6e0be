"""Small pictures that tests send."""

import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300), mode: str = "RGB") -> bytes:
    """Return the bytes of a plain picture."""
    out = io.BytesIO()
    Image.new(mode, size, "green" if mode == "RGB" else None).save(out, kind)
    return out.getvalue()
