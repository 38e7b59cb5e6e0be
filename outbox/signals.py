"""What rooms above may listen to. Receivers run in the transaction that settles the letter."""

from django.dispatch import Signal

bounced = Signal()
"""A recipient's server refused an address for good. Arguments: letter, address, code (int), answer (str)."""

handled = Signal()
"""A person resent or cancelled a letter, for the journal. Arguments: letter, verb ("letter.resent"), by."""
