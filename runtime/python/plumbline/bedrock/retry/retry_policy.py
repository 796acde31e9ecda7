"""The numbers of the contract's client policy that decide how a call is repeated."""

from collections.abc import Mapping
from dataclasses import dataclass

from .failure_kind import FailureKind


@dataclass(frozen=True, slots=True)
class BackoffPolicy:
    base_ms: Mapping[FailureKind, float]
    max_hint_ms: float


@dataclass(frozen=True, slots=True)
class SendRatePolicy:
    window_ms: float
    min_answers: int
    tolerated_share: float
    min_per_second: float
    growth: float


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    max_attempts: int
    retry_mode: str
    max_retry_wait_ms: float
    backoff: BackoffPolicy
    send_rate: SendRatePolicy
    failures_before_fallback: int
    retried: tuple[FailureKind, ...]
