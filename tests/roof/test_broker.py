"""The embedded broker: whoever reads while a message is written finds all of it, or nothing yet."""

import json
import threading

from kombu import Connection

from smartrural import broker, celery

MESSAGES = 40


def test_a_message_is_whole_when_it_is_seen(tmp_path):
    folder = tmp_path / "messages"
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(tmp_path)}
    folder.mkdir()
    writing = threading.Thread(target=write, args=(options,))
    writing.start()
    seen = set()
    while writing.is_alive():
        for path in set(folder.glob("*.msg")) - seen:
            json.loads(path.read_text())
            seen.add(path)
    writing.join()
    with Connection("filesystem://localhost", transport_options=options) as connection:
        queue = connection.SimpleQueue("lettres")
        assert sorted(taken(queue) for _ in range(MESSAGES)) == list(range(MESSAGES))
        queue.close()
    assert list(folder.iterdir()) == []


def test_workers_and_pages_use_it():
    assert isinstance(celery.app.connection_for_write().transport, broker.Transport)


def taken(queue) -> int:
    message = queue.get(timeout=30)
    message.ack()
    return message.payload["n"]


def write(options: dict) -> None:
    """Send messages, long ones, as fast as can be."""
    with Connection("filesystem://localhost", transport_options=options) as connection:
        queue = connection.SimpleQueue("lettres")
        for n in range(MESSAGES):
            queue.put({"n": n, "text": "x" * 1_000_000})
        queue.close()
