"""Letters have no address of their own; what the desk shows of them."""

from outbox.models import Letter
from tests.factories.outbox import write_many

BUILD = {Letter: lambda: write_many(1, lane="transactional")[0]}
