"""What cannot be done."""


class Refused(Exception):
    """What was asked cannot be done; its text, in French, is for the person who asked."""
