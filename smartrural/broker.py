"""The embedded broker, where there is no Redis: kombu's messages in a folder, each whole before it is seen.

Kombu writes a message under the name that readers look for; one that reads in between takes an empty file, and its
worker dies of it.
"""

import json
import uuid
from pathlib import Path
from time import monotonic

from kombu import transport
from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Kombu's channel, with messages that appear in one go."""

    def _put(self, queue, payload, **kwargs):  # type: ignore[override]  # named as kombu's own
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        begun = whole.with_name(f".{name}.part")
        begun.write_text(json.dumps(payload))
        begun.replace(whole)


class Transport(filesystem.Transport):
    """Kombu's transport over a folder, with our channel."""

    Channel = Channel


def use() -> None:
    """Take the place of kombu's own transport for `filesystem://` addresses."""
    transport.TRANSPORT_ALIASES["filesystem"] = "smartrural.broker:Transport"
