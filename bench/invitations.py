"""A campaign through the outbox to a local SMTP sink, beside one bare `smtplib` connection.

    .venv/bin/python -m bench.invitations [--people 10000] [--output FILE]

A private PostgreSQL; the sink is a process of its own, which notes each Message-ID. In the same run: the launch
writes the letters, one `smtplib` connection sends as many copies of the first of them, then one process sends the
campaign in turns, as a worker does, and tells its memory after each turn. Exit code 1 when a letter is missing at the
sink or arrived twice.
"""

import argparse
import asyncio
import json
import os
import re
import smtplib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench import harness
from dev import services


def sink(port: int, heard: Path) -> None:
    """Take letters and forget them; write down their Message-IDs, one a line."""

    async def talk(reader, writer):
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                notes.write(re.search(rb"(?im)^message-id: *(\S+)", text)[1].decode() + "\n")
                notes.flush()
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
            await writer.drain()
            if word == b"QUIT":
                break
        writer.close()

    async def serve():
        async with await asyncio.start_server(talk, "127.0.0.1", port, limit=1 << 24) as server:
            await server.serve_forever()

    with heard.open("w") as notes:
        asyncio.run(serve())


def deliver() -> None:
    """Send what is due, in a worker's turns; print how many, the seconds, and the memory after each turn (MiB)."""
    import django

    django.setup()
    from outbox import actions
    from outbox.choices import Lane

    page, sent, memory, started, more = os.sysconf("SC_PAGE_SIZE"), 0, [], time.perf_counter(), True
    while more:
        turn = actions.deliver_due(Lane.BULK)
        sent, more = sent + turn.sent, turn.more
        memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * page / 2**20)
    print(json.dumps({"sent": sent, "seconds": time.perf_counter() - started, "memory": memory}))


def prepare(people: int):
    """Return a campaign to that many people, all of whom may be written to."""
    import datetime

    from django.utils import timezone

    from actors.models import Consent, Contact
    from invitations import actions
    from invitations.models import Campaign

    contacts = Contact.objects.bulk_create(
        [Contact(name=f"Personne Fictive {n}", email=f"personne{n}@exemple.invalid") for n in range(people)],
        batch_size=1000,
    )
    Consent.objects.bulk_create(
        [Consent(contact=one, text_version="1", source="banc d’essai") for one in contacts], batch_size=1000
    )
    campaign = Campaign.objects.create(
        title="Banc d’essai",
        subject="Votre avis, {prenom}",
        body="Bonjour {prenom} {nom},\n\nNous attendons votre avis jusqu’au {date_limite}.\n\n{lien}",
        reply_to="equipe@gal.invalid",
        landing_path="/territoire/",
        deadline=timezone.now() + datetime.timedelta(days=30),
    )
    actions.prepare(campaign, contacts=contacts, by=None)
    return campaign


def bare(port: int, people: int, source: bytes) -> float:
    """Send that many copies on one connection; return the seconds."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for n in range(people):
            smtp.sendmail("portail@gal.invalid", [f"personne{n}@exemple.invalid"], source)
    return time.perf_counter() - started


def measure(people: int, port: int, heard: Path) -> dict:
    """Launch, send bare, send by the outbox; return what each took and what the sink heard."""
    from invitations import actions
    from outbox.models import Letter

    campaign = prepare(people)
    started = time.perf_counter()
    actions.launch(campaign, by=None)
    while actions.write_next(campaign):
        pass
    written = time.perf_counter() - started
    source = bytes(Letter.objects.order_by("pk").first().message)
    raw = bare(port, people, source)
    command = [sys.executable, "-m", "bench.invitations", "--deliver"]
    told = json.loads(subprocess.run(command, cwd=harness.ROOT, check=True, capture_output=True).stdout)
    times = Counter(heard.read_text().split())
    first = Letter.objects.order_by("pk").first().message_id
    times[first] -= people  # the bare connection's copies
    memory = told["memory"]
    return {
        "people": people,
        "write_seconds": written,
        "bare_seconds": raw,
        "send_seconds": told["seconds"],
        "ratio": told["seconds"] / raw,
        "letters_a_minute": 60 * people / told["seconds"],
        "memory_first_turn": memory[0],
        "memory_last_turn": memory[-1],
        "turns": len(memory),
        "exactly_once": times == dict.fromkeys(Letter.objects.values_list("message_id", flat=True), 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "invitations.json")
    parser.add_argument("--deliver", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--sink", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.deliver:
        deliver()
        return 0
    if asked.sink:
        sink(int(asked.sink[0]), Path(asked.sink[1]))
        return 0
    port = services.free_port()
    with tempfile.TemporaryDirectory(prefix="portail-banc-") as folder:
        heard = Path(folder) / "heard"
        os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.invitations", "--sink", str(port), str(heard)], cwd=harness.ROOT
        )
        try:
            with harness.installation(cache=False):
                result = measure(asked.people, port, heard)
        finally:
            services.end(process, 15)
    harness.write(result, asked.output)
    print(asked.output.read_text())
    return 0 if result["exactly_once"] else 1


if __name__ == "__main__":
    sys.exit(main())
