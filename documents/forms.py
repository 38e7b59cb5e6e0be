"""Fields of forms that take files."""

from typing import Any

from django import forms

from documents import images

PICTURES = "image/png,image/jpeg,image/webp"


class PictureField(forms.FileField):
    """A picture; cleaned, it is a SafeImage no wider than `width`, or None. SVG is refused with advice."""

    widget = forms.FileInput({"accept": PICTURES})
    width = images.WIDTHS[-1]
    """Pixels."""

    def __init__(self, *, width: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.width = width or self.width

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return images.small(upload, width=self.width) if upload else None
