"""Rich text people write: an allow-list of plain formatting; no image, no style, no script."""

import nh3

TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "h3", "h4", "blockquote", "a", "sup", "sub"}
SCHEMES = {"http", "https", "mailto", "tel"}


def clean(html: str) -> str:
    """Return `html` with only paragraphs, lists, small titles, emphasis, links to the web, mail, telephone.

    Images are left out, remote ones above all: opening a page must not tell anybody that it was opened.
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def is_empty(html: str) -> bool:
    """True when nothing readable is left ("<p><br></p>", as editors write for nothing)."""
    return not nh3.clean(html, tags=set()).replace("&nbsp;", " ").strip()
