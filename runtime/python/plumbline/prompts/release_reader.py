"""The documents of releases."""

import contextvars
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

from .deployment import Release
from .ports import PromptLimits, PromptPorts
from .prompt_problem import PromptProblem, problem_of
from .published_prompt import PublishedPrompt

T = TypeVar("T")


class ReleaseReader:
    """Each is read once, by one thread at a time, and kept. It says one thing for ever."""

    def __init__(
        self,
        read: Callable[[Release], PublishedPrompt],
        on_failed: Callable[[PromptProblem], None],
        ports: PromptPorts,
        limits: PromptLimits,
    ) -> None:
        self._read = read
        self._on_failed = on_failed
        self._ports = ports
        self._limits = limits
        self._lock = Lock()
        self._kept: dict[Release, PublishedPrompt] = {}
        self._readings: dict[Release, Future[PublishedPrompt]] = {}
        self._failed_at: dict[Release, float] = {}

    def try_kept(self, release: Release) -> PublishedPrompt | None:
        return self._kept.get(release)

    def read(self, release: Release) -> "Future[PublishedPrompt]":
        """In a thread. A failure that is fresh is told again, and the store left alone for a while."""
        with self._lock:
            known = self._readings.get(release)
            failed_at = self._failed_at.get(release)
            if known and (failed_at is None or is_within(self._ports.now() - failed_at, self._limits.retry)):
                return known
            self._failed_at.pop(release, None)
            reading = in_thread(lambda: self._found(release))
            self._readings[release] = reading
            return reading

    def keep_only(self, releases: Iterable[Release]) -> None:
        """Forgets all others."""
        keys = set(releases)
        with self._lock:
            for kept in (self._kept, self._readings, self._failed_at):
                for release in [one for one in kept if one not in keys]:
                    del kept[release]

    def give_up(self) -> None:
        """Forgets what is under way: a freeze has made it older than it can become."""
        with self._lock:
            self._readings.clear()
            self._failed_at.clear()

    def _found(self, release: Release) -> PublishedPrompt:
        try:
            prompt = self._kept.get(release) or self._read(release)
        except Exception as error:
            problem = problem_of(error)
            with self._lock:
                self._failed_at[release] = self._ports.now()
            self._on_failed(problem)
            raise problem from error
        with self._lock:
            self._kept[release] = prompt
        return prompt


def in_thread(work: Callable[[], T]) -> "Future[T]":
    """Work that nobody has to wait for to its end: it belongs to the request that began it, and ends with the process."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=contextvars.copy_context().run, args=(run,), daemon=True, name="plumbline-prompts").start()
    return future


def is_within(passed: float, limit: float) -> bool:
    """Whether a time has passed, and not more than that. A clock that was put back tells nothing."""
    return 0 <= passed < limit
