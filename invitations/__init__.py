"""Whom we wrote to and who answered: campaigns, personal links, reminders, opt-out."""
