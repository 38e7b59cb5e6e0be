"""Tables that people send and take away: read, understood, compared, written. Pure, below every room."""
