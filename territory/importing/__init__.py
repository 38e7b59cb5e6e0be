"""What tables are read into in this room: figures, and the tree of a plan."""

from tabular import targets
from territory.importing.plans import OBJECTIVES
from territory.importing.values import VALUES

targets.register(VALUES)
targets.register(OBJECTIVES)
