"""Rows of the table role × URL, one module a room."""
