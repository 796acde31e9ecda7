"""One call: up to three attempts over both Regions together, in the time there is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Generic, TypeVar

from botocore.exceptions import ClientError

from .attempt import Attempt, running
from .attempt_clock import AttemptClock, AttemptLimits
from .call_observer import CallEnd, CallObserver
from .clock_skew import RegionClock
from .failure_kind import failure_kind
from .region_circuit import CircuitDecision, RegionCircuit, fallback_reason
from .region_pacing import Failure, RegionPacing
from .region_plan import RegionPlan, plan_for, plan_without, region_of_attempt
from .retry_policy import RetryPolicy
from .retry_quota import RetryToken
from .time_limit_errors import TimeLimitError

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class CallRequest(Generic[R]):
    limits: AttemptLimits
    primary: str
    #: None when this request can be answered only in the primary Region.
    fallback: str | None
    answers_with_events: bool
    #: Sends the request to the Region of the attempt.
    send: Callable[[Attempt], R]


@dataclass(frozen=True, slots=True)
class CallSurroundings:
    policy: RetryPolicy
    circuit: RegionCircuit
    observer: CallObserver
    pacing: Callable[[str], RegionPacing]
    clock_of: Callable[[str], RegionClock]
    #: What the caller is told instead of an error.
    told: Callable[[Exception], Exception]


@dataclass(frozen=True, slots=True)
class CallResult(Generic[R]):
    result: R
    attempts: int


class BedrockCall(Generic[R]):
    def __init__(self, request: CallRequest[R], around: CallSurroundings) -> None:
        self._request = request
        self._around = around
        self._invocation_id = str(uuid.uuid4())
        self._decision: CircuitDecision = "closed" if request.fallback is None else around.circuit.decide()
        policy = around.policy
        self._plan: RegionPlan = plan_for(
            self._decision,
            request.primary,
            request.fallback,
            failures_before_fallback=policy.failures_before_fallback,
            max_attempts=policy.max_attempts,
        )
        self._region = self._plan.regions[0]
        self._failed_attempts = 0
        self._lost_connection = False
        self._signed_with = timedelta()

    def run(self) -> CallResult[R]:
        observer, circuit = self._around.observer, self._around.circuit
        if self._decision == "open":
            observer.rerouted(self._request.primary, self._region, circuit.reason)
        try:
            result = self._attempt_until_done()
        except Exception as failure:
            error = self._around.told(failure)
            observer.ended(CallEnd(error, self._region, max(self._failed_attempts, 1)))
            if error is failure:
                raise
            raise error from failure
        finally:
            if self._decision == "probe":
                circuit.probe_ended()
        attempts = self._failed_attempts + 1
        observer.ended(CallEnd(None, self._region, attempts, result))
        return CallResult(result, attempts)

    def _attempt_until_done(self) -> R:
        token = self._pacing.start(self._wait_limit_ms())
        while True:
            try:
                result = self._attempt()
            except Exception as error:
                token = self._token_after(error, token)
            else:
                self._pacing.succeeded(token)
                self._primary_answered()
                return result

    def _attempt(self) -> R:
        limits = self._request.limits
        if self._seconds_left() <= 0:
            raise TimeLimitError("deadline", 0, limits.service)
        attempt = Attempt(
            region=self._region,
            number=self._failed_attempts + 1,
            max_attempts=self._plan.max_attempts,
            invocation_id=self._invocation_id,
            clock=AttemptClock(limits),
            answers_with_events=self._request.answers_with_events,
            on_sent=self._around.observer.sent,
            fresh_connection=self._lost_connection,
        )
        self._signed_with = self._around.clock_of(self._region).offset
        try:
            with running(attempt):
                return self._request.send(attempt)
        finally:
            if attempt.endpoint_pinned:
                self._plan = replace(self._plan, regions=(self._request.primary,))

    def _token_after(self, error: Exception, token: RetryToken) -> RetryToken:
        """Waits until the next attempt may start, in the Region the plan names. Raises the failure when there is no next attempt."""
        self._around.clock_of(self._region).correct(error, self._signed_with)
        kind = failure_kind(error)
        self._failed_attempts += 1
        self._around.observer.attempt_failed(kind)
        if kind is None or kind not in self._around.policy.retried:
            # The service spoke, even if it said no.
            if isinstance(error, ClientError):
                self._primary_answered()
            raise error
        self._pacing.failed(kind)
        if isinstance(error, TimeLimitError) and error.phase == "deadline":
            raise error
        self._lost_connection = kind in ("timeout", "connection")
        next_token = self._next_token(Failure(kind, error), token)
        if next_token is None or self._seconds_left() <= 0:
            raise error
        return next_token

    def _next_token(self, failure: Failure, token: RetryToken) -> RetryToken | None:
        planned = region_of_attempt(self._plan, self._failed_attempts)
        if planned is None:
            return None
        if planned != self._region:
            return self._reroute(planned, failure)
        again = self._pacing.again(token, failure, self._wait_limit_ms())
        if again is not None:
            return again
        # The quota of this Region is spent. That says nothing of the other one.
        rest = plan_without(self._region, self._plan)
        if rest is None:
            return None
        self._plan = rest
        return self._reroute(rest.regions[0], failure)

    def _reroute(self, next_region: str, failure: Failure) -> RetryToken:
        if self._region == self._request.primary:
            reason = fallback_reason(failure.kind)
            self._around.circuit.fell_back(reason, self._decision)
            self._around.observer.rerouted(self._region, next_region, reason)
        self._region = next_region
        return self._pacing.start(self._wait_limit_ms())

    @property
    def _pacing(self) -> RegionPacing:
        return self._around.pacing(self._region)

    def _wait_limit_ms(self) -> float:
        return max(0.0, min(self._around.policy.max_retry_wait_ms, self._seconds_left() * 1_000))

    def _seconds_left(self) -> float:
        return self._request.limits.deadline - monotonic()

    def _primary_answered(self) -> None:
        if self._region == self._request.primary:
            self._around.circuit.primary_answered()
