"""Maps of the territory: choropleth, portrait, cover of the diagnostic, locator, silhouettes.

Every map is drawn from boundaries and figures alone, so it works for any territory. One module a story; what
they share is `places` (what is given), `ground` (boundaries on paper), `furrows` and `classes`.
"""

from .choropleths import choropleth
from .classes import class_of, classes, legend_swatch
from .covers import cover
from .locators import initials, locator
from .marks import Mark
from .places import Neighbour, Place, Village
from .portraits import portrait
from .silhouettes import STATES, silhouette

__all__ = [
    "STATES",
    "Mark",
    "Neighbour",
    "Place",
    "Village",
    "choropleth",
    "class_of",
    "classes",
    "cover",
    "initials",
    "legend_swatch",
    "locator",
    "portrait",
    "silhouette",
]
