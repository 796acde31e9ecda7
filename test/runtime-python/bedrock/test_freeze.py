import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bedrock.support.faulty_server import FaultyServer
from plumbline.bedrock.retry.attempt_clock import AttemptClock, AttemptLimits
from plumbline.bedrock.retry.time_limit_errors import TimeLimitError
from support.waiting import wait_until

# As for Node; the soak freezes for two minutes, beyond every limit there is.
FREEZE_SECONDS = float(os.environ.get("PLUMBLINE_FREEZE_SECONDS", "3"))
# The longest an attempt may take in the frozen process, and some room for the machine.
BOUND_MS = 4_000 + 5_000


class FrozenCaller:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("call\n")
        self._process.stdin.flush()

    def next(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def freeze(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(FREEZE_SECONDS / 2)
        meanwhile()
        time.sleep(FREEZE_SECONDS / 2)
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def calling(url: str) -> Iterator[FrozenCaller]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "bedrock.support.frozen_caller", url]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            caller = FrozenCaller(process)
            caller.begin()
            assert caller.next()["outcome"] == "success"
            yield caller
        finally:
            process.kill()


class TestAFunctionThatIsFrozen:
    @pytest.mark.parametrize(
        ("what", "most_attempts"), [("the connection stays", 1), ("the network drops it silently", 2), ("the server closes it", 2)]
    )
    def test_between_two_calls_succeeds_with_the_second(self, server: FaultyServer, what: str, most_attempts: int) -> None:
        meanwhile = {"the network drops it silently": server.drop_connections_silently, "the server closes it": server.close_connections}
        plan = f"late-ok@python-frozen {what}"
        with calling(server.url(plan)) as caller:
            caller.freeze(meanwhile.get(what, lambda: None))
            caller.begin()
            call = caller.next()
        assert call["outcome"] == "success"
        assert call["attempts"] <= most_attempts
        assert call["ms"] < BOUND_MS
        assert len(server.requests_of(plan)) == 2

    def test_while_a_call_waits_takes_the_answer_that_came_meanwhile(self, server: FaultyServer) -> None:
        plan = "late-ok,slow-start@python-frozen waiting"
        with calling(server.url(plan)) as caller:
            caller.begin()
            wait_until(lambda: len(server.requests_of(plan)) == 2)
            caller.freeze()
            call = caller.next()
        assert (call["outcome"], call["attempts"]) == ("success", 1)
        assert len(server.requests_of(plan)) == 2


class TestTheClockOfAnAttempt:
    def clock(self, deadline: float = float("inf")) -> tuple[AttemptClock, list[float]]:
        now = [100.0]
        limits = AttemptLimits(connect_ms=2_000, read_ms=10_000, deadline=deadline, standstill_ms=1_000)
        return AttemptClock(limits, lambda: now[0]), now

    def test_counts_connecting_and_reading_apart(self) -> None:
        clock, now = self.clock()
        clock.connecting()
        now[0] += 1.5
        assert clock.seconds_left() == pytest.approx(0.5)
        clock.reading()
        assert clock.seconds_left() == pytest.approx(10)

    def test_ends_an_attempt_that_is_late(self) -> None:
        clock, now = self.clock()
        now[0] += 10.5
        with pytest.raises(TimeLimitError, match="No complete answer") as raised:
            clock.seconds_left()
        assert raised.value.phase == "read"

    def test_begins_anew_where_the_process_itself_stood_still(self) -> None:
        clock, now = self.clock()
        now[0] += 130
        assert clock.seconds_left() == pytest.approx(10)

    def test_knows_no_standstill_beyond_the_deadline_of_the_function(self) -> None:
        clock, now = self.clock(deadline=105)
        now[0] += 130
        with pytest.raises(TimeLimitError) as raised:
            clock.seconds_left()
        assert raised.value.phase == "deadline"
