"""Charts: pure functions from plain values to SVG, for pages and for print, each with its table."""

from .chart import Chart, Legend, Table

__all__ = ["Chart", "Legend", "Table"]
