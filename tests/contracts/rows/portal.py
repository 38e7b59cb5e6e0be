"""The public pages that look into several rooms."""

from tests.contracts.table import Row, everyone

ROWS = [
    Row("home", everyone(200)),
]
