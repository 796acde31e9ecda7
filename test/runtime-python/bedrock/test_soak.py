import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bedrock.support.clients import ClientUnderTest, client_under_test
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read

# In small; `PLUMBLINE_SOAK_CALLS=20000` for as many as the soak of the Node client makes.
CALLS = int(os.environ.get("PLUMBLINE_SOAK_CALLS", "500"))
AT_ONCE = 25


def open_sockets() -> int:
    return sum(os.readlink(link).startswith("socket:") for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


def soak(tested: ClientUnderTest, calls: int) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(lambda _: send_and_read(tested.client, "Converse"), range(calls))) == [1] * calls


@pytest.mark.parametrize("plan", ["ok", "throttle-1-in-50"])
def test_many_calls_leave_nothing_behind(server: FaultyServer, plan: str) -> None:
    tested = client_under_test(server.url(f"{plan}@python-soak"))
    soak(tested, 2 * AT_ONCE)
    tested.ports.calls.clear()
    gc.collect()
    sockets, threads, objects = open_sockets(), threading.active_count(), len(gc.get_objects())
    soak(tested, CALLS)
    assert len(tested.ports.calls) == CALLS
    tested.ports.calls.clear()
    gc.collect()
    # A connection for each call at a time is what the pool keeps.
    assert open_sockets() - sockets <= AT_ONCE
    assert threading.active_count() == threads
    assert len(gc.get_objects()) - objects < CALLS
