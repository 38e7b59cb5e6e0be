"""WCAG 2.2 AA by axe on every page of the table, and nothing that a reader must push sideways.

Own pages: light in full and dark for what colours change, at 1280 and 320 px. The desk: in full at 1280 px light, contrast in dark, and
targets at 320 px.
"""

import pytest
from django.urls import reverse

from tests import axe
from tests.chromium import look
from tests.contracts import table
from tests.contracts.test_roles import FACTORIES

pytestmark = pytest.mark.browser

PAGES = [row for row in table.rows() if row.method == "get" and row.page and 200 in row.answers.values()]
OWN = [
    (width, scheme, rules)
    for width in (1280, 320)
    for scheme, rules in (("light", axe.WHOLE), ("dark", axe.CONTRAST))
]
DESK = [(1280, "light", axe.WHOLE_DESK), (1280, "dark", axe.CONTRAST), (320, "light", axe.TARGETS)]
ARRIVED = """() => {
  getComputedStyle(document.body).color;
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}"""
"""No colour is read half-way from one scheme to the other."""


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_every_page_is_accessible(chromium, live_server, row):
    role = next(role for role in table.ROLES if row.answers[role] == 200)
    user = FACTORIES[role]() if role != "anonymous" else None
    address = reverse(row.name, kwargs=row.build(user)) + row.query
    desk = address.startswith("/bureau/")
    found = {}
    with look(chromium, live_server.url, user=user) as context:
        page = context.new_page()
        page.goto(address)
        complaints = len(context.told)
        for width, scheme, rules in DESK if desk else OWN:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(ARRIVED)
            faults = axe.faults(page, rules)
            if not desk and page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(("reflow", "the page is wider than the screen"))
            if faults:
                found[width, scheme] = faults
        # axe copies style sheets that @import others into the page, which the policy rightly refuses.
        del context.told[complaints:]
    assert found == {}, found
