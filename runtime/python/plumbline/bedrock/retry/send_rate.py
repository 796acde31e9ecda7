"""How many requests a second one Region gets."""

from collections.abc import Callable
from math import inf
from threading import Lock

from .retry_policy import SendRatePolicy


class SendRate:
    """
    Any number of requests, until more answers of one window are throttled than is tolerated; then as many as the Region took in that
    window, and more again from window to window. botocore's own limiter halts nearly all calls of a busy process over a few throttled ones.
    """

    def __init__(self, policy: SendRatePolicy, now_ms: Callable[[], float]) -> None:
        self._policy = policy
        self._now_ms = now_ms
        self._lock = Lock()
        self._per_second = inf
        self._next_turn = 0.0
        self._window_start = 0.0
        self._answers = 0
        self._throttled = 0

    def take_turn(self, earliest_ms: float, limit_ms: float) -> float:
        """How long to wait for the next turn, which is then taken. A wait beyond the limit ends with the limit and takes none."""
        if self._per_second == inf:
            return min(earliest_ms, limit_ms)
        with self._lock:
            now = self._now_ms()
            turn = max(now + earliest_ms, self._next_turn)
            if turn - now > limit_ms:
                return limit_ms
            self._next_turn = turn + 1_000 / self._per_second
            return turn - now

    def answered(self, throttled: bool) -> None:
        with self._lock:
            now = self._now_ms()
            elapsed_ms = now - self._window_start
            if elapsed_ms >= self._policy.window_ms:
                self._judge(elapsed_ms)
                self._window_start = now
                self._answers = self._throttled = 0
            self._answers += 1
            if throttled:
                self._throttled += 1

    def _judge(self, elapsed_ms: float) -> None:
        policy = self._policy
        is_paced = self._per_second != inf
        # What lies long back, and a handful of answers, say nothing of what the Region takes now.
        if elapsed_ms > 2 * policy.window_ms or (not is_paced and self._answers < policy.min_answers):
            self._per_second = inf
        elif self._throttled > policy.tolerated_share * self._answers:
            self._per_second = max(policy.min_per_second, (self._answers - self._throttled) * 1_000 / elapsed_ms)
        elif is_paced:
            took = self._answers * 1_000 / elapsed_ms
            self._per_second = inf if took * policy.growth < self._per_second else self._per_second * policy.growth
