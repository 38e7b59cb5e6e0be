"""The guard on our pages sees what it must."""

import pytest

from tests.contracts import markup

PAGE = "<!doctype html><html lang=fr><head><title>x</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    "fault",
    [
        '<p style="color:red">x</p>',
        "<style>p{}</style>",
        "<script>1</script>",
        '<button onclick="x()">x</button>',
        '<img src="https://ailleurs.invalid/x.png" alt="">',
        "<p>x</div>",
        '<p id="a">x</p><p id="a">y</p>',
        '<input placeholder="Nom">',
    ],
)
def test_a_fault_is_seen(fault):
    assert len(markup.faults(PAGE.format(fault))) >= 1


def test_a_sound_page_has_none():
    assert markup.faults(PAGE.format('<script type="application/ld+json">{}</script><p>Bonjour</p>')) == []
