"""Pages that look into several rooms: home, a municipality, later the desk. No models."""
