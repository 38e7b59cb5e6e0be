"""The mark that a form carries, so that what is sent twice over a weak connection is done once."""

import re
import uuid
from typing import Any

from django import forms

_NONCE = re.compile(r"[0-9a-f]{32}")


class NonceField(forms.CharField):
    """The mark of one drawing of a form: sent twice, it is one act. A mark that is not ours is a new one."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any):
        super().__init__(required=False, max_length=40, initial=lambda: uuid.uuid4().hex, **options)

    def clean(self, value):
        text = super().clean(value)
        return text if _NONCE.fullmatch(text) else uuid.uuid4().hex
