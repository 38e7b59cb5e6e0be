"""The typefaces are those that VENDOR.md describes, light, and know the signs of French."""

import hashlib
import re

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BASE_DIR / "static" / "fonts"
VENDORED = dict(
    re.findall(
        r"^\| `([\w-]+\.woff2)` .*`([0-9a-f]{64})` \|$", (FONTS / "VENDOR.md").read_text(), re.MULTILINE
    )
)
FRENCH = "ÀÂÇÉÈÊËÎÏÔŒÙÛÜàâçéèêëîïôœùûü’‘“”«»…–—−×€°²³·•\u00a0\u202f\u2010\u2011"


def test_every_typeface_is_vendored_with_its_licence():
    assert sorted(path.name for path in FONTS.glob("*.woff2")) == sorted(VENDORED)
    assert sorted(path.name for path in FONTS.glob("*.OFL.txt")) == sorted(
        name.replace(".woff2", ".OFL.txt") for name in VENDORED
    )


@pytest.mark.parametrize("name", sorted(VENDORED))
def test_a_typeface_is_the_one_that_was_vendored(name):
    assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == VENDORED[name]


@pytest.mark.parametrize("name", sorted(VENDORED))
def test_a_typeface_knows_the_signs_of_french(name):
    known = TTFont(FONTS / name).getBestCmap()
    assert [sign for sign in FRENCH if ord(sign) not in known] == []


def test_both_typefaces_weigh_less_than_75_kib():
    assert sum((FONTS / name).stat().st_size for name in VENDORED) < 75 * 1024
