"""The territorial diagnostic: figures are collected, frozen, then shown the same on page, paper and data file."""
