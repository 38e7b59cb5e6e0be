"""Rich text: plain formatting passes, the rest does not."""

import pytest

from documents import richtext


def test_plain_formatting_passes():
    html = "<h3>Besoin</h3><p>Un <strong>conseiller</strong> <em>partagé</em></p><ul><li>utile</li></ul>"
    assert richtext.clean(html) == html


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="JaVa\tScript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="data:text/html,x">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<img src="https://x.example/pixel.png">vu', "vu"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<script>alert(1)</script>texte", "texte"),
        ('<p style="background:url(https://x.example)" onclick="x()" class="a">t</p>', "<p>t</p>"),
        ('<svg><a xlink:href="javascript:x">t</a></svg>', ""),
        ('<link rel="attachment" href="file:///etc/passwd">t', "t"),
        ("<!-- secret -->t", "t"),
        ("<iframe src=//x.example>t</iframe>u", "u"),
    ],
)
def test_whatever_acts_or_reaches_out_is_left_out(given, cleaned):
    assert richtext.clean(given) == cleaned


def test_a_link_to_the_web_tells_nobody_where_it_came_from():
    assert (
        richtext.clean('<a href="https://statbel.fgov.be/" target="_top">Statbel</a>')
        == '<a href="https://statbel.fgov.be/" rel="noopener noreferrer nofollow">Statbel</a>'
    )


def test_what_editors_write_for_nothing_is_empty():
    assert [richtext.is_empty(html) for html in ("<p><br></p>", "<p>&nbsp;</p>", "", "<p>a</p>")] == [
        True,
        True,
        True,
        False,
    ]
