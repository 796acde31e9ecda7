"""What the constructs tell the function about itself."""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, cast

from ..contract import document
from .team_metrics import EmittedMetric, read_team_metrics

HandlerKind = Literal["AUTO", "API", "EVENT", "STREAM"]
EnvelopeMode = Literal["ON", "LOG_ONLY", "OFF"]
ProbeLevel = Literal["BASIC", "DEEP", "NONE"]
MetricTransport = Literal["EMF", "PUT_METRIC_DATA"]

_VARIABLES = document("runtime-environment")["variables"]
_TRANSPORT = document("metric-catalog")["transport"]


class Settings(NamedTuple):
    product: str
    environment: str
    service_name: str
    kind: HandlerKind
    envelope: EnvelopeMode
    probe: ProbeLevel
    probe_models: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    metrics: MetricTransport
    metric_migrations: tuple["OldName", ...]
    team_metrics: Mapping[str, EmittedMetric]


class OldName(NamedTuple):
    """A name that a metric of the catalogue is emitted under too, until its dashboards and alarms have moved."""

    metric: str
    namespace: str
    name: str


@cache
def settings() -> Settings:
    """Read once: the environment of a function does not change while it runs. Tests call `settings.cache_clear()`."""
    return read_settings(os.environ)


def read_settings(env: Mapping[str, str]) -> Settings:
    return Settings(
        product=_given(env, "product") or "Plumbline",
        environment=_given(env, "environment") or "unknown",
        service_name=_given(env, "serviceName") or env.get("AWS_LAMBDA_FUNCTION_NAME") or "unknown",
        kind=cast(HandlerKind, _one_of("kind", env, "AUTO")),
        envelope=cast(EnvelopeMode, _one_of("envelope", env, "ON")),
        probe=cast(ProbeLevel, _one_of("probe", env, "NONE")),
        probe_models=_list(_given(env, "probeModels")),
        allowed_origins=_list(_given(env, "allowOrigin")),
        metrics=_metric_transport(env),
        metric_migrations=_old_names(_given(env, "metricMigrations")),
        team_metrics=read_team_metrics(_given(env, "teamMetrics"), variable_name("teamMetrics")),
    )


def variable_name(variable: str) -> str:
    """The name of an environment variable of the contract."""
    return str(_VARIABLES[variable]["name"])


def _metric_transport(env: Mapping[str, str]) -> MetricTransport:
    given = _one_of("metrics", env, "AUTO")
    if given != "AUTO":
        return cast(MetricTransport, given)
    return "PUT_METRIC_DATA" if is_service_on_ecs(env) else "EMF"


def is_service_on_ecs(env: Mapping[str, str]) -> bool:
    """Whether this is a container of ECS, and neither a function nor a pipeline's."""
    return any(map(env.get, _TRANSPORT["putWhere"])) and not any(map(env.get, _TRANSPORT["logWhere"]))


def _old_names(given: str) -> tuple[OldName, ...]:
    if not given:
        return ()
    try:
        read = json.loads(given)
        names = tuple(OldName(**{key: name[key] for key in OldName._fields}) for name in read)
        if isinstance(read, list) and all(isinstance(text, str) and text for name in names for text in name):
            return names
    except (ValueError, TypeError, KeyError):
        pass
    raise ValueError(f"Environment variable {variable_name('metricMigrations')} is no list of old names. Let StandardLambda set it.")


def _given(env: Mapping[str, str], variable: str) -> str:
    return env.get(variable_name(variable), "")


def _one_of(variable: str, env: Mapping[str, str], fallback: str) -> str:
    """A wrong value stops the function while it starts, not at its first request."""
    allowed: Sequence[str] = _VARIABLES[variable]["values"]
    given = _given(env, variable) or fallback
    if given not in allowed:
        raise ValueError(f'Environment variable value "{given}" is not one of {", ".join(allowed)}. Let StandardLambda set it.')
    return given


def _list(given: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in given.split(",") if item.strip())
