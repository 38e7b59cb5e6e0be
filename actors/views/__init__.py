"""Public pages of this room, a module a story."""
