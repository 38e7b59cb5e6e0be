"""What every page of ours must be: parsed without error, without inline style or script, labelled fields."""

import re

import html5lib
from html5lib.constants import E

HANDLER = re.compile(r"on[a-z]+$")
DATA_BLOCKS = {"application/ld+json", "application/json"}


def faults(html: str, *, strict: bool = True) -> list[str]:
    """Return the faults of a page: parse errors (unless not `strict`), inline code, third-party addresses."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    found = []
    if strict:
        found += [f"ligne {place[0]}: {E[code] % data}" for place, code, data in parser.errors]
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style":
            found.append("<style> inline")
        if element.tag == "script" and "src" not in element.attrib and element.get("type") not in DATA_BLOCKS:
            found.append("<script> inline")
        for name, value in element.attrib.items():
            name = name if isinstance(name, str) else name[1]
            if name == "style" or HANDLER.match(name):
                found.append(f"{element.tag} {name}=")
            loads = (element.tag, name) in {
                ("img", "src"),
                ("script", "src"),
                ("iframe", "src"),
                ("link", "href"),
                ("use", "href"),
                ("source", "srcset"),
            }
            abroad = value.startswith(("http:", "https:", "//", "data:"))
            if loads and abroad and element.get("rel") not in {"canonical", "alternate"}:
                found.append(f"{element.tag} {value}")
        if element.tag in {"input", "textarea"} and element.get("placeholder"):
            found.append(f"placeholder {element.get('placeholder')}")
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    found += [f"id double {name}" for name in sorted({name for name in ids if ids.count(name) > 1})]
    return found
