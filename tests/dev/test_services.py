"""The private services: they answer, and nothing of them is left."""

import shutil
import signal
import subprocess
import sys

import psycopg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Refused
from redis.exceptions import TimeoutError as Silent

from dev import services
from tests.servers import gone

pytestmark = [pytest.mark.processes, pytest.mark.redis]

# A process that starts a Redis, tells its pid, folder and address, and waits to be killed.
HOLDER = """
import time
from dev import services
from tests.servers import gone
with services.redis() as service:
    command = service.process.args
    print(service.process.pid, command[command.index("--dir") + 1], service.url, flush=True)
    time.sleep(60)
"""


def test_postgresql_answers_inside_the_block_and_is_gone_after_it():
    with services.postgresql() as service, psycopg.connect(service.url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert service.process.returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(service.url)


def test_redis_stops_comes_back_on_its_port_and_can_be_frozen(redis_servers):
    server = redis_servers()
    client = Redis.from_url(server.url, socket_timeout=2, socket_connect_timeout=2)
    assert client.ping() is True
    server.pause()
    with pytest.raises(Silent):
        client.ping()
    server.resume()
    server.stop()
    with pytest.raises(Refused):
        client.ping()
    server.start()
    assert client.ping() is True
    client.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_service_ends_with_the_process_that_started_it(sign):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with holder:
        pid, folder, url = holder.stdout.readline().split()
        with Redis.from_url(url) as client:
            assert client.ping() is True
        holder.send_signal(sign)
    assert gone(int(pid))
    shutil.rmtree(folder, ignore_errors=True)


def test_each_worker_has_its_own_database_of_the_shared_redis(redis_server):
    with Redis.from_url(redis_server) as client:
        assert client.ping() is True
        assert client.connection_pool.connection_kwargs["db"] >= 1
