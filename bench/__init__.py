"""Benchmarks: real workloads, run by hand; a test never asserts a time."""
