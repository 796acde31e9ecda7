"""The same request for another Region."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...contract.model_reference import try_model_in_region

GuardrailReference = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RegionalTwins:
    """By Region, what is the same thing for the caller and has a name of its own in each."""

    models: Mapping[str, str] | None = None
    guardrails: Mapping[str, GuardrailReference] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    origin: str
    to: str
    twins: RegionalTwins


def input_for_region(request: Mapping[str, Any], route: Route) -> Mapping[str, Any] | None:
    """
    The same request for another Region, or None when it can only be answered where it was going: a guardrail, a custom or provisioned
    model, an application inference profile or a prompt exists in one Region unless it has a twin, and a profile never leaves its geography.
    """
    model_id, config = request.get("modelId"), request.get("guardrailConfig")
    model = _model_in_region(model_id, route) if isinstance(model_id, str) else None
    if model is None:
        return None
    # Converse takes the guardrail as a member, InvokeModel as two headers.
    in_member = _guardrail_in_region(config, route) if isinstance(config, Mapping) else {}
    in_headers = _guardrail_in_region(request, route)
    if in_member is None or in_headers is None:
        return None
    if model == model_id and not in_member and not in_headers:
        return request
    member = {"guardrailConfig": {**config, **in_member}} if isinstance(config, Mapping) else {}
    return {**request, **in_headers, "modelId": model, **member}


def _model_in_region(model_id: str, route: Route) -> str | None:
    models = route.twins.models or {}
    return models[route.to] if models.get(route.origin) == model_id else try_model_in_region(model_id, route.to)


def _guardrail_in_region(given: Mapping[str, Any], route: Route) -> GuardrailReference | None:
    """The guardrail of the other Region, nothing for a request without one, and None when the guardrail has no twin there."""
    if given.get("guardrailIdentifier") is None:
        return {}
    guardrails = route.twins.guardrails or {}
    own = guardrails.get(route.origin)
    parts = ("guardrailIdentifier", "guardrailVersion")
    is_own = own is not None and all(given.get(part) == own.get(part) for part in parts)
    return guardrails[route.to] if is_own else None
