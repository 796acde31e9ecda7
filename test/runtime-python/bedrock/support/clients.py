"""Clients of the factory's making whose Regions are two URLs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from threading import Lock
from typing import Any

import pytest
from plumbline.bedrock.client.bedrock_client import bedrock_client
from plumbline.bedrock.client.call_settings import CallSettings
from plumbline.bedrock.client.client_policy import STANDARD_POLICY, ClientPolicy
from plumbline.bedrock.client.model_route import RegionalTwins
from plumbline.bedrock.retry.region_circuit import CircuitSettings

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
PRIMARY = "us-east-1"
FALLBACK = "us-west-2"
TASK_TYPE = "classification"
PATIENT_MS = 30_000
_making = Lock()
CREDENTIALS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}


def set_function_variables(monkeypatch: pytest.MonkeyPatch, *, region: str, product: str) -> None:
    """What a function under the standard finds around it."""
    variables = {
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
        "PLUMBLINE_PRODUCT": product,
        "PLUMBLINE_SERVICE_NAME": "chat",
        "PLUMBLINE_ENVIRONMENT": "prod",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)



def short_policy(**changes: Any) -> ClientPolicy:
    """The standard, made short enough for a test that waits for every limit."""
    short = replace(
        STANDARD_POLICY,
        connect_timeout_ms=300,
        read_timeout_ms={"default": 500, TASK_TYPE: 500},
        retry=replace(STANDARD_POLICY.retry, max_retry_wait_ms=300),
        circuit=CircuitSettings(fallbacks_to_open=3, open_ms=1_000),
    )
    return replace(short, **changes)


def patient_policy(**changes: Any) -> ClientPolicy:
    """With limits that not even a busy machine reaches: for a test whose server answers."""
    limits: dict[str, Any] = {"connect_timeout_ms": PATIENT_MS, "read_timeout_ms": {"default": PATIENT_MS, TASK_TYPE: PATIENT_MS}}
    circuit = CircuitSettings(fallbacks_to_open=3, open_ms=10 * PATIENT_MS)
    return short_policy(**{**limits, "circuit": circuit, **changes})


@dataclass
class RecordingPorts:
    """Everything the client told, by port."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    fallbacks: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    invocations: list[dict[str, str]] = field(default_factory=list)
    throttlings: list[dict[str, str]] = field(default_factory=list)
    fallback_counts: list[dict[str, str]] = field(default_factory=list)
    streams: list[dict[str, Any]] = field(default_factory=list)
    usages: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    remaining_ms: float = inf

    def remaining_time_ms(self) -> float:
        return self.remaining_ms

    def request_metadata(self) -> Mapping[str, str]:
        return self.metadata

    def log_stream(self, fields: Mapping[str, object]) -> None:
        self.streams.append(dict(fields))

    def count_usage(self, usage: Mapping[str, Any], dimensions: Mapping[str, str]) -> None:
        self.usages.append({**usage, **dimensions})

    def log_call(self, fields: Mapping[str, object]) -> None:
        self.calls.append(dict(fields))

    def log_fallback(self, fields: Mapping[str, object]) -> None:
        self.fallbacks.append(dict(fields))

    def log_warning(self, event: str, fields: Mapping[str, object]) -> None:
        self.warnings.append({"event": event, **fields})

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        self.invocations.append(dict(dimensions))

    def count_throttling(self, dimensions: Mapping[str, str]) -> None:
        self.throttlings.append(dict(dimensions))

    def count_fallback(self, dimensions: Mapping[str, str]) -> None:
        self.fallback_counts.append(dict(dimensions))


@dataclass(frozen=True)
class ClientUnderTest:
    client: Any
    ports: RecordingPorts


def client_under_test(
    primary_url: str | None = None,
    fallback_url: str | None = None,
    *,
    policy: ClientPolicy | None = None,
    twins: RegionalTwins | None = None,
    service_tier: str | None = None,
) -> ClientUnderTest:
    """Without a primary URL wherever botocore finds the endpoint; without a fallback URL no fallback Region."""
    chosen, ports = policy or patient_policy(), RecordingPorts()
    endpoint_of: Callable[[str], str] | None = None
    if primary_url is not None:
        urls = {PRIMARY: primary_url, FALLBACK: fallback_url or primary_url}
        endpoint_of = urls.__getitem__
    settings = CallSettings(
        policy=chosen,
        ports=ports,
        task_type=TASK_TYPE,
        primary=PRIMARY,
        fallback=FALLBACK if fallback_url else None,
        read_timeout_ms=lambda: chosen.read_timeout_ms[TASK_TYPE],
        try_service_tier=lambda: service_tier,
        twins=twins or RegionalTwins(),
        endpoint_of=endpoint_of,
    )
    with _making:
        return ClientUnderTest(bedrock_client(settings, **CREDENTIALS), ports)
