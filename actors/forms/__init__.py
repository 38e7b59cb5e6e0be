"""What people fill in, a module a story."""
