"""axe in a real page: the faults of accessibility that a rule can find."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WHOLE = {"runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]}}
# Django's own tables have empty headings, which WCAG allows and good practice does not.
WHOLE_DESK = {"runOnly": {"type": "tag", "values": WCAG}}
# All that a colour scheme can change: a page is one structure in both.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TARGETS = {"runOnly": {"type": "rule", "values": ["target-size"]}}


def faults(page: Page, rules: dict) -> list[tuple[str, str]]:
    """Return the broken rules and the elements that break them, in a page that is loaded."""
    page.evaluate("document.fonts.ready.then(() => null)")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    # What is right is neither kept nor brought here: on long lists it is most of the work.
    options = json.dumps({**rules, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({options}).then(report => report.violations)")
    return [(violation["id"], node["html"][:160]) for violation in found for node in violation["nodes"]]
