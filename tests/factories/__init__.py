"""Real objects in one line, room by room."""
