"""How long an answer may take, and in which tier it is served, by task type: as built in, or as tuned since that was last heard of."""

import time
from collections.abc import Callable, Mapping
from threading import Lock, Thread
from typing import Protocol

from ...contract.task_types import UnusableDocumentError, find_unknown_task_types, short_list, task_type_settings_of
from ...contract.teaching_text import teaching_text
from .client_policy import ClientPolicy
from .ports import WarningEvent

Warn = Callable[[WarningEvent, Mapping[str, object]], None]


class TaskTypeSource(Protocol):
    """Where tuned settings come from."""

    def fetch(self) -> str | None:
        """The document as it stands, or None when it is what it was the last time."""


def _seconds() -> float:
    # By the wall clock: while Lambda freezes a function, the other one may stand still.
    return time.time()


class TaskTypes:
    def __init__(
        self,
        policy: ClientPolicy,
        warn: Warn,
        source: Callable[[], TaskTypeSource | None] = lambda: None,
        now: Callable[[], float] = _seconds,
    ) -> None:
        self._policy = policy
        self._warn = warn
        self._new_source = source
        self._now = now
        self.begin_anew()

    def begin_anew(self) -> None:
        """After a fork or a restore: what was being asked is no longer answered, and what was tuned may be old."""
        self._turn = Lock()
        self._source = self._new_source()
        self._read_timeout_ms = self._policy.read_timeout_ms
        self._service_tiers = self._policy.service_tier.by_task_type
        self._next_refresh = 0.0
        self._stale = False
        self._last_problem: str | None = None

    def require(self, task_type: object, where: str = "BedrockClientFactory.create") -> None:
        known = self._policy.read_timeout_ms
        if isinstance(task_type, str) and not find_unknown_task_types([task_type], known):
            return
        raise ValueError(
            teaching_text(
                where,
                problem="the task type is not in the standard",
                given=task_type,
                allowed=", ".join(f'"{name}"' for name in known),
                fix="take the one whose read timeout fits, or have a new task type added to contract/client-policy.json",
            )
        )

    def read_timeout_ms(self, task_type: str) -> int:
        self.refresh_when_due()
        return self._read_timeout_ms[task_type]

    def try_service_tier(self, task_type: str) -> str | None:
        """What a call gets that names no tier; asked for beside the read timeout, which refreshes."""
        return self._service_tiers.get(task_type)

    def refresh_when_due(self) -> None:
        """In the background: no call ever waits for it."""
        source = self._source
        if source is None or self._now() < self._next_refresh:
            return
        if not self._turn.acquire(blocking=False):
            return
        self._next_refresh = self._now() + self._policy.refresh.interval_ms / 1_000
        Thread(target=self._refresh, args=(source, self._turn), daemon=True, name="plumbline-task-types").start()

    def _refresh(self, source: TaskTypeSource, turn: Lock) -> None:
        try:
            document = source.fetch()
            self._stale = False
            if document is not None:
                self._take(document)
        except Exception as error:
            # Once, not every minute: what counts is that the last good numbers are in use.
            if not self._stale:
                self._warn("taskTypesStale", {"reason": f"{type(error).__name__}: {error}"})
            self._stale = True
        finally:
            turn.release()

    def _take(self, document: str) -> None:
        problem: str | None = None
        try:
            policy = self._policy
            tuned = task_type_settings_of(document, policy.read_timeout_ms, policy.refresh.read_timeouts, policy.service_tier)
            self._read_timeout_ms, self._service_tiers = tuned.read_timeout_ms, tuned.service_tiers
            if tuned.unknown_keys:
                problem = f"unknown keys, left aside: {short_list(tuned.unknown_keys)}"
        except UnusableDocumentError as error:
            problem = str(error)
        # The same document comes again with each new session.
        if problem is not None and problem != self._last_problem:
            self._warn("taskTypesRejected", {"problem": problem})
        self._last_problem = problem
