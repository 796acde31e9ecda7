"""Metrics of a process that is no function of Lambda: sent by PutMetricData, once a second, by a thread of their own."""

import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, TypeVar

from ..contract import document
from ..lifecycle import after_fork
from .embedded_metric import embedded_lines
from .error_chain import error_chain
from .log import LOG_EVENTS, log_event
from .metric_calls import CollectedMetrics, EmittedValue, MetricCall, values_in

_TRANSPORT = document("metric-catalog")["transport"]
_FLUSH_SECONDS: float = _TRANSPORT["flushIntervalMs"] / 1000
_CALL_SECONDS: float = _TRANSPORT["callTimeoutMs"] / 1000
_EXIT_SECONDS: float = _TRANSPORT["exitTimeoutMs"] / 1000
_REPORT_SECONDS: float = _TRANSPORT["reportIntervalMs"] / 1000
_MAX_WAITING: int = _TRANSPORT["maxWaitingData"]
_CONNECT_SECONDS = 2
_STANDARD_OUTPUT = 1
_THROTTLING = frozenset(document("error-codes")["retry"]["throttlingNames"])

_T = TypeVar("_T")

# Sends one call; raises what botocore does.
SendCall = Callable[[MetricCall], object]


def cloud_watch() -> SendCall:
    """Loads the part of boto3 that can be loaded when the process is ending already. Raises ImportError where there is none."""
    from botocore.config import Config
    from botocore.session import get_session

    # What fails waits for the next flush: a second attempt at once would hold up what waits behind it.
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_CALL_SECONDS, retries={"total_max_attempts": 1})
    client: Any = get_session().create_client("cloudwatch", region_name=os.environ.get("AWS_REGION") or None, config=config)
    return lambda call: client.put_metric_data(**call)


class MetricBuffer:
    """Holds metrics until they are sent: at most so many, and for whoever emits them without a wait and without an error."""

    def __init__(self, load: Callable[[], SendCall] = cloud_watch) -> None:
        self.is_useless = False
        self._load = load
        self._send: SendCall | None = None
        self._emitted: SimpleQueue[EmittedValue] = SimpleQueue()
        self._too_many: SimpleQueue[int] = SimpleQueue()
        self._collected = CollectedMetrics()
        self._calls: list[MetricCall] = []
        self._lost = 0
        self._reason = "more metrics than can wait"
        self._next_report = 0.0
        self._flushing = threading.Lock()

    def add(self, emitted: EmittedValue) -> None:
        # Queues without a lock that a handler of a signal could find taken by the very code it interrupts.
        if self._emitted.qsize() < _MAX_WAITING:
            self._emitted.put(emitted)
        else:
            self._too_many.put(len(emitted.dimension_sets))

    def flush(self) -> None:
        """Sends what waits, one call after the other. Never raises."""
        with self._flushing:
            self._collect()
            while self._calls and self._send_first():
                pass
            self._report(is_last=False)

    def write_rest(self) -> None:
        """Writes what waits into the log, for CloudWatch to find it there."""
        sys.stdout.write(self.take_rest())
        sys.stdout.flush()
        self._report(is_last=True)

    def take_rest(self) -> str:
        """What waits, as lines of the log. Nothing waits any more."""
        self._collect()
        calls, self._calls = self._calls, []
        return "".join(map(embedded_lines, calls))

    def _send_first(self) -> bool:
        """Sends the first call. Returns whether the next one has a chance."""
        call = self._calls[0]
        try:
            self._send = self._send or self._load()
            self._send(call)
        except ImportError as error:
            return self._go_without_sdk(error)
        except Exception as error:
            self._reason = str(error_chain(error)[0]["message"])
            if _may_pass(error):
                return False
            self._lost += values_in(call)
        # Unless the end of the process has written it meanwhile.
        if self._calls and self._calls[0] is call:
            self._calls.pop(0)
        return True

    def _go_without_sdk(self, error: ImportError) -> bool:
        self.is_useless = True
        reason = "boto3 could not be loaded: add it to the dependencies of the service"
        log_event("error", LOG_EVENTS["metricsWithoutSdk"], {"reason": reason, "cause": error_chain(error)[0]["message"]})
        self.write_rest()
        return False

    def _collect(self) -> None:
        waiting = sum(len(call["MetricData"]) for call in self._calls)
        for emitted in _all_of(self._emitted):
            self._lost += self._collected.add(emitted, _MAX_WAITING - waiting)
        self._lost += sum(_all_of(self._too_many))
        self._calls.extend(self._collected.take())

    def _report(self, *, is_last: bool) -> None:
        waiting = sum(map(values_in, self._calls))
        if self._lost + waiting == 0 or (time.monotonic() < self._next_report and not is_last):
            return
        log_event("warn", LOG_EVENTS["metricsNotSent"], {"lost": self._lost, "waiting": waiting, "reason": self._reason})
        self._lost = 0
        self._next_report = time.monotonic() + _REPORT_SECONDS


class _Sender:
    """One process's buffer, and the thread that empties it."""

    def __init__(self) -> None:
        self.buffer = MetricBuffer()
        self._process = os.getpid()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def send(self, emitted: EmittedValue) -> bool:
        if self.buffer.is_useless or self._ending.is_set():
            return False
        if self._thread is None:
            self._start()
        self.buffer.add(emitted)
        return True

    def end(self) -> None:
        """Sends the last metrics, within 3 seconds; what is left then is written into the log."""
        if self._flush_for_the_last_time():
            self.buffer.write_rest()

    def end_by_signal(self) -> None:
        """The same in a handler of a signal, which may have interrupted a print: it must not write where that does."""
        if self._flush_for_the_last_time():
            os.write(_STANDARD_OUTPUT, self.buffer.take_rest().encode())

    def _flush_for_the_last_time(self) -> bool:
        """False where that was done already, and in a forked child, which leaves its parent's metrics to the parent."""
        thread = self._thread
        if thread is None or self._ending.is_set() or os.getpid() != self._process:
            return False
        self._ending.set()
        thread.join(_EXIT_SECONDS)
        return True

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                _at_end_of_process(self.end)
                self._thread = threading.Thread(target=self._run, name="plumbline-metrics", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._ending.wait(_FLUSH_SECONDS):
            self.buffer.flush()
        self.buffer.flush()


_sender = _Sender()


def send_from_container(emitted: EmittedValue) -> bool:
    """Sends the value with the next call of PutMetricData. False where that cannot be: the log is the way then."""
    return _sender.send(emitted)


def flush_metrics() -> None:
    """
    Sends what was emitted so far; for a process that ends by `os._exit()`, which waits for nothing. Every other end does it by itself.

    Returns when it is sent, or after 3 seconds. Never raises. On Lambda there is nothing to send.
    """
    flush = threading.Thread(target=_sender.buffer.flush, daemon=True)
    flush.start()
    flush.join(_EXIT_SECONDS)


@after_fork
def _begin_anew() -> None:
    """What the parent has emitted, the parent sends; its thread and its connections are not here."""
    global _sender
    _sender = _Sender()


def _at_end_of_process(end: Callable[[], object]) -> None:
    atexit.register(end)
    # A child of multiprocessing ends without atexit.
    processes = sys.modules.get("multiprocessing.util")
    if processes:
        processes.Finalize(None, end, exitpriority=0)
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end_by_signal)


def _end_by_signal(number: int, _frame: FrameType | None) -> None:
    """Ends the process by the signal all the same."""
    _sender.end_by_signal()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _may_pass(error: Exception) -> bool:
    """What CloudWatch refuses it refuses again, unless it is the number of calls."""
    response = getattr(error, "response", None) or {}
    status: int = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return not 400 <= status < 500 or status == 429 or response.get("Error", {}).get("Code") in _THROTTLING


def _all_of(queue: "SimpleQueue[_T]") -> list[_T]:
    found: list[_T] = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
