"""Projects that several actors build together, and the needs that they answer."""
