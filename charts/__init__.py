"""Charts: pure functions from plain values to SVG."""
