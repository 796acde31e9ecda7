"""The clients of this process: one for each task type and pair of Regions."""

import json
import os
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from ...contract.teaching_text import teaching_text
from ...lifecycle import after_fork, after_restore
from .bedrock_client import bedrock_client
from .call_settings import CallSettings
from .client_policy import STANDARD_POLICY
from .client_regions import RegionPair, region_pair
from .model_route import GuardrailReference, RegionalTwins
from .ports_of_runtime import RUNTIME_PORTS
from .standard_task_types import STANDARD_TASK_TYPES

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

T = TypeVar("T")

_BEARER_TOKEN = "AWS_BEARER_TOKEN_BEDROCK"

_clients: "dict[str, BedrockRuntimeClient]" = {}
_lock = Lock()


def standard_client(
    task_type: str,
    region: str | None,
    allow_cross_region: bool,
    guardrail_by_region: Mapping[str, GuardrailReference] | None,
    model_by_region: Mapping[str, str] | None,
) -> "BedrockRuntimeClient":
    """The client for a task type and Regions: a new one for the first caller, the same one for all others."""
    STANDARD_TASK_TYPES.require(task_type)
    regions = region_pair(region, allow_cross_region, STANDARD_POLICY, os.environ)
    twins = _twins_of(regions, guardrail_by_region, model_by_region)
    key = json.dumps([task_type, regions.primary, regions.fallback, twins.models, twins.guardrails], default=dict)
    with _lock:
        client = _clients.pop(key, None) or _new_client(task_type, regions, twins)
        _clients[key] = client
        # Whoever still calls through the one that goes can do so.
        if len(_clients) > STANDARD_POLICY.max_clients:
            del _clients[next(iter(_clients))]
    return client


@after_fork
@after_restore
def begin_anew() -> None:
    """A lock that another thread held when the process was forked is never opened in the child."""
    global _lock
    _lock = Lock()


def _new_client(task_type: str, regions: RegionPair, twins: RegionalTwins) -> "BedrockRuntimeClient":
    if os.environ.get(_BEARER_TOKEN):
        RUNTIME_PORTS.log_warning("bearerTokenIgnored", {"variable": _BEARER_TOKEN, "signed_by": "role"})
    STANDARD_TASK_TYPES.refresh_when_due()
    settings = CallSettings(
        policy=STANDARD_POLICY,
        ports=RUNTIME_PORTS,
        task_type=task_type,
        primary=regions.primary,
        fallback=regions.fallback,
        read_timeout_ms=lambda: STANDARD_TASK_TYPES.read_timeout_ms(task_type),
        try_service_tier=lambda: STANDARD_TASK_TYPES.try_service_tier(task_type),
        twins=twins,
    )
    return bedrock_client(settings)


def _twins_of(regions: RegionPair, guardrails: Mapping[str, GuardrailReference] | None, models: Mapping[str, str] | None) -> RegionalTwins:
    if regions.fallback is None:
        return RegionalTwins()
    pair = (regions.primary, regions.fallback)
    return RegionalTwins(_pair_of("model_by_region", models, pair), _pair_of("guardrail_by_region", guardrails, pair))


def _pair_of(argument: str, by_region: Mapping[str, T] | None, regions: tuple[str, str]) -> dict[str, T] | None:
    """What is given for the two Regions, in their order, so that equal arguments give one client."""
    if by_region is None:
        return None
    missing = [region for region in regions if region not in by_region]
    if not missing:
        return {region: by_region[region] for region in regions}
    raise ValueError(
        teaching_text(
            "BedrockClientFactory.create",
            problem=f"{argument} does not name both Regions",
            given=list(by_region),
            allowed=f"an entry for each of {' and '.join(regions)}",
            fix=f"add {' and '.join(missing)}",
        )
    )
