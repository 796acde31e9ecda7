"""The numbers of the contract's client policy that the client itself needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...contract import document
from ...contract.task_types import ReadTimeoutLimits, TierPolicy
from ..http.keep_alive import KeepAlive
from ..retry.region_circuit import CircuitSettings
from ..retry.retry_policy import BackoffPolicy, RetryPolicy, SendRatePolicy


@dataclass(frozen=True, slots=True)
class DeadlineReserve:
    ms: float
    share: float


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    interval_ms: float
    timeout_ms: float
    read_timeouts: ReadTimeoutLimits


@dataclass(frozen=True, slots=True)
class ClientPolicy:
    """Tests give shorter ones."""

    connect_timeout_ms: float
    read_timeout_ms: Mapping[str, int]
    service_tier: TierPolicy
    standstill_ms: float
    primary: str
    fallback: str
    retry: RetryPolicy
    circuit: CircuitSettings
    deadline_reserve: DeadlineReserve
    max_sockets: int
    keep_alive: KeepAlive
    max_clients: int
    refresh: RefreshPolicy
    rerouted: frozenset[str]


def policy_of(contract: Mapping[str, Any]) -> ClientPolicy:
    regions, refresh, backoff = contract["regions"], contract["refresh"], contract["backoff"]
    rate, tier = contract["sendRate"], contract["serviceTier"]
    return ClientPolicy(
        connect_timeout_ms=contract["connectTimeoutMs"],
        read_timeout_ms=contract["readTimeoutMs"],
        service_tier=TierPolicy(tuple(tier["names"]), tier["byTaskType"], frozenset(tier["operations"]), frozenset(tier["typed"])),
        standstill_ms=contract["standstillMs"],
        primary=regions["primary"],
        fallback=regions["fallback"],
        retry=RetryPolicy(
            max_attempts=contract["maxAttempts"],
            retry_mode=contract["retryMode"],
            max_retry_wait_ms=contract["maxRetryWaitMs"],
            backoff=BackoffPolicy(backoff["baseMs"], backoff["maxHintMs"]),
            send_rate=SendRatePolicy(rate["windowMs"], rate["minAnswers"], rate["toleratedShare"], rate["minPerSecond"], rate["growth"]),
            failures_before_fallback=regions["failuresBeforeFallback"],
            retried=tuple(contract["retried"]),
        ),
        circuit=CircuitSettings(contract["circuit"]["fallbacksToOpen"], contract["circuit"]["openMs"]),
        deadline_reserve=DeadlineReserve(contract["deadlineReserve"]["ms"], contract["deadlineReserve"]["share"]),
        max_sockets=contract["maxSockets"],
        keep_alive=KeepAlive(contract["keepAlive"]["idleMs"], contract["keepAlive"]["probeMs"]),
        max_clients=contract["maxClients"],
        refresh=RefreshPolicy(
            refresh["intervalMs"],
            refresh["timeoutMs"],
            ReadTimeoutLimits(refresh["minReadTimeoutMs"], refresh["maxReadTimeoutMs"]),
        ),
        rerouted=frozenset(contract["rerouted"]),
    )


STANDARD_POLICY = policy_of(document("client-policy"))
