"""Health, and what stands at the root."""

from tests.contracts.table import Row, everyone

ROWS = [
    Row("alive", everyone(200), page=False),
    Row("ready", everyone(200), page=False),
]
