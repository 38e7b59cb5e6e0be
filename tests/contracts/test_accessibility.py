"""WCAG 2.2 AA by axe on every page of the table, and nothing that a reader must push sideways.

Own pages: light and dark, at 1280 and 320 px. The desk: in full at 1280 px light, contrast in dark, and
targets at 320 px.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.chromium import look
from tests.contracts import table
from tests.contracts.test_roles import FACTORIES

pytestmark = pytest.mark.browser

PAGES = [row for row in table.rows() if row.method == "get" and row.page and 200 in row.answers.values()]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WHOLE = {"runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]}}
# Django's own tables have empty headings, which WCAG allows and good practice does not.
DESK_WHOLE = {"runOnly": {"type": "tag", "values": WCAG}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
TARGETS = {"runOnly": {"type": "rule", "values": ["target-size"]}}
OWN = [(width, scheme, WHOLE) for width in (1280, 320) for scheme in ("light", "dark")]
DESK = [(1280, "light", DESK_WHOLE), (1280, "dark", CONTRAST), (320, "light", TARGETS)]


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_every_page_is_accessible(chromium, live_server, row):
    role = next(role for role in table.ROLES if row.answers[role] == 200)
    user = FACTORIES[role]() if role != "anonymous" else None
    address = reverse(row.name, kwargs=row.build(user)) + row.query
    desk = address.startswith("/bureau/")
    found = {}
    for width, scheme, options in DESK if desk else OWN:
        with look(chromium, live_server.url, user=user, width=width, scheme=scheme) as context:
            page = context.new_page()
            page.goto(address)
            page.wait_for_load_state("networkidle")
            complaints = len(context.told)
            report = Axe().run(page, options=options)
            # axe copies style sheets that @import others into the page, which the policy rightly refuses.
            del context.told[complaints:]
            faults = [
                (violation["id"], node["html"][:160])
                for violation in report.response["violations"]
                for node in violation["nodes"]
            ]
            if not desk and page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(("reflow", "the page is wider than the screen"))
            if faults:
                found[width, scheme] = faults
    assert found == {}, found
