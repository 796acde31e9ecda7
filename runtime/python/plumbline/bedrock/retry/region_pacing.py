"""When attempts may go to one Region."""

import time
from dataclasses import dataclass
from random import SystemRandom

from .failure_kind import FailureKind
from .retry_delay import retry_delay_ms
from .retry_hint import retry_hint_ms
from .retry_policy import RetryPolicy
from .retry_quota import FIRST_ATTEMPT, RegionQuota, RetryToken
from .send_rate import SendRate

# Of the system: functions that were restored from one snapshot would wait alike otherwise.
_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    error: Exception


class RegionPacing:
    """The retry quota, the back-off, and in adaptive mode a send rate that follows throttling."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._quota = RegionQuota()
        self._send_rate = SendRate(policy.send_rate, lambda: time.monotonic() * 1_000) if policy.retry_mode == "adaptive" else None

    def start(self, limit_ms: float) -> RetryToken:
        """Waits until a call may make its first attempt here."""
        self._wait(0, limit_ms)
        return FIRST_ATTEMPT

    def again(self, token: RetryToken, failure: Failure, limit_ms: float) -> RetryToken | None:
        """Waits until a call may try once more here. None, at once, when the Region's quota is spent."""
        next_token = self._quota.again(token, failure.kind)
        if next_token is not None:
            self._wait(self._backoff_ms(token, failure), limit_ms)
        return next_token

    def succeeded(self, token: RetryToken) -> None:
        self._quota.succeeded(token)
        if self._send_rate is not None:
            self._send_rate.answered(throttled=False)

    def failed(self, kind: FailureKind) -> None:
        """Whether or not the call will be back."""
        if self._send_rate is not None:
            self._send_rate.answered(throttled=kind == "throttling")

    def _wait(self, backoff_ms: float, limit_ms: float) -> None:
        wait_ms = min(backoff_ms, limit_ms) if self._send_rate is None else self._send_rate.take_turn(backoff_ms, limit_ms)
        if wait_ms > 0:
            time.sleep(wait_ms / 1_000)

    def _backoff_ms(self, token: RetryToken, failure: Failure) -> float:
        chance = _CHANCE.random()
        return retry_delay_ms(failure.kind, self._policy.backoff, retry=token.retries, hint_ms=retry_hint_ms(failure.error), random=chance)
