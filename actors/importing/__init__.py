"""What tables are read into in this room: organisations and people."""

from actors.importing.organisations import ACTORS
from actors.importing.people import CONTACTS
from tabular import targets

targets.register(ACTORS)
targets.register(CONTACTS)
