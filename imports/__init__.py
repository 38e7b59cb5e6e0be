"""Who someone is: users, roles, the journal, signed links for people without an account."""
