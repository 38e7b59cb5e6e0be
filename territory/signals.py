"""What rooms above may listen to. Receivers run in the transaction that loads."""

from django.dispatch import Signal

loaded = Signal()
"""A territory's folder was loaded: places may have other names. No argument."""
