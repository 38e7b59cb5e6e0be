"""What a person at this checkout runs: set-up, checks, and the portal on one's own machine."""
