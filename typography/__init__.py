"""French typography: numbers, dates and hours as people here read them. Pure, below every room."""
