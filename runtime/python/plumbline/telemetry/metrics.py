"""The metrics of the catalogue, written to the log in CloudWatch's embedded metric format."""

import math
import re
import sys
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from ..contract import document
from .error_chain import error_chain
from .json_text import json_text, number_text, string_text
from .log import LOG_EVENTS, log_event
from .settings import settings
from .thrown import safe_text

# The name of a metric of the catalogue. Written by projen from contract/metric-catalog.json:
MetricId = Literal[
    "BedrockInvocationCount",
    "BedrockThrottlingCount",
    "RetrievalChunkCount",
    "LatencyEndToEndMs",
    "SessionCount",
    "ErrorCount",
    "BedrockRegionFallbackCount",
    "EnvelopeChangeCount",
    "BedrockInputTokenCount",
    "BedrockOutputTokenCount",
    "BedrockCacheReadTokenCount",
    "BedrockCacheWriteTokenCount",
    "BedrockTimeToFirstTokenMs",
    "BedrockStopReasonCount",
    "PromptIntegrityFailureCount",
    "PromptStaleCount",
    "PromptBundledCount",
    "PromptUnavailableCount",
]
# End of what projen writes.


class _Entry(NamedTuple):
    id: str
    area: str
    name: str
    unit: str
    dimensions: tuple[str, ...]
    # The full set, and every roll-up.
    sets: tuple[tuple[str, ...], ...]
    all_dimensions: tuple[str, ...]
    dimension_values: Mapping[str, Sequence[str]]


def _entry_of(written: dict[str, Any]) -> _Entry:
    sets = (tuple(written["dimensions"]), *(tuple(names) for names in written["rollups"]))
    return _Entry(
        **{name: written[name] for name in ("id", "area", "name", "unit")},
        dimensions=sets[0],
        sets=sets,
        all_dimensions=tuple(dict.fromkeys(name for names in sets for name in names)),
        dimension_values=written.get("dimensionValues", {}),
    )


_CATALOG = document("metric-catalog")
_ENTRIES = {entry.id: entry for entry in map(_entry_of, _CATALOG["metrics"])}
_MAX_VALUE = 2.0 ** _CATALOG["transport"]["maxValueExponent"]
_MAX_DIMENSION_LENGTH = 1024
_MAX_FORMATS = 200


def emit_metric(metric: MetricId, value: float, dimensions: Mapping[str, object] | None = None) -> None:
    """
    Emits one datum of a metric of the catalogue, under its full dimension set and under every roll-up set:
    CloudWatch adds nothing up by itself, and an alarm sees only the exact set it names.

    `service_name` and `environment` are known from the function's environment; give them only to differ from it.

    Never raises. A name or a value that the catalogue does not know is dropped with a warning in the log.
    """
    try:
        _emit(metric, value, dimensions or {})
    except Exception as error:
        _drop(metric, f"the datum could not be written: {error_chain(error)[0]['message']}")


def _emit(metric: str, value: object, given: Mapping[str, object]) -> None:
    entry = _ENTRIES.get(metric)
    if not entry:
        return log_event("warn", LOG_EVENTS["unknownMetric"], {"metric": safe_text(metric), "known": list(_ENTRIES)})
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _drop(metric, f"its value is not a finite number: {_text_of(value)}")
    if abs(value) > _MAX_VALUE:
        return _drop(metric, f"its value is beyond what CloudWatch takes: {_text_of(value)}")
    dimensions = _known_dimensions(entry, given)
    if isinstance(dimensions, str):
        return _drop(metric, dimensions)
    is_whole = len(dimensions) == len(entry.all_dimensions)
    sets = entry.sets if is_whole else tuple(names for names in entry.sets if all(name in dimensions for name in names))
    missing = [name for name in entry.dimensions if name not in dimensions]
    if not sets:
        return _drop(metric, f"dimensions are missing: {', '.join(missing)}")
    if missing:
        log_event("warn", LOG_EVENTS["metricIncomplete"], {"metric": metric, "missing": missing})
    _emit_as(f"{settings().product}/{entry.area}", entry.name, entry, value, sets, dimensions)
    for old in settings().metric_migrations:
        if old.metric == metric:
            _emit_as(old.namespace, old.name, entry, value, sets, dimensions)
    return None


def _emit_as(
    namespace: str, name: str, entry: _Entry, value: float, sets: tuple[tuple[str, ...], ...], dimensions: Mapping[str, str]
) -> None:
    """Emits a value under one name."""
    if settings().metrics == "PUT_METRIC_DATA" and _send(namespace, name, entry.unit, value, sets, dimensions):
        return
    before, after = _format_of(namespace, name, entry.unit, sets, tuple(dimensions.items()))
    # Not Powertools' own flush: an environment variable can silence it, and these metrics are mandatory.
    sys.stdout.write(f"{before}{time.time_ns() // 1_000_000}{after}{number_text(value) if isinstance(value, float) else value}}}\n")


def _send(namespace: str, name: str, unit: str, value: float, sets: Sequence[Sequence[str]], dimensions: Mapping[str, str]) -> bool:
    # Not for functions: they need not load it.
    from .container_metrics import send_from_container
    from .metric_calls import EmittedValue

    by_set = [{dimension: dimensions[dimension] for dimension in names} for names in sets]
    return send_from_container(EmittedValue(namespace, name, unit, value, int(time.time()), by_set))


def _known_dimensions(entry: _Entry, given: Mapping[str, object]) -> dict[str, str] | str:
    """The dimensions of this datum by name; a text says what is wrong with them."""
    own = {"service_name": settings().service_name, "environment": settings().environment}
    known: dict[str, str] = {}
    for name in entry.all_dimensions:
        value = given.get(name)
        if value is None:
            value = own.get(name)
        if value is None:
            continue
        text = _text_of(value)
        allowed = entry.dimension_values.get(name)
        if allowed and text not in allowed:
            return f'{name} is "{text}", not one of {", ".join(allowed)}'
        dimension = _dimension_text(text)
        if dimension:
            known[name] = dimension
    return known


def _text_of(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value) if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return str(value)


def _dimension_text(text: str) -> str:
    """CloudWatch takes printable ASCII, at most 1,024 characters, no colon in front; it drops the whole datum for anything else."""
    printable = re.sub("[^ -~]", lambda other: "?" if ord(other.group()) < 0x10000 else "??", text)
    return printable.lstrip(" :").rstrip(" ")[:_MAX_DIMENSION_LENGTH]


@lru_cache(_MAX_FORMATS)
def _format_of(
    namespace: str, metric: str, unit: str, sets: tuple[tuple[str, ...], ...], dimensions: tuple[tuple[str, str], ...]
) -> tuple[str, str]:
    """
    What Powertools writes for one metric and one combination of dimensions, as it stands before the time and before the value:
    nothing else changes from datum to datum.
    """
    by_name = dict(dimensions)
    provider = AmazonCloudWatchEMFProvider(namespace=namespace)
    # Powertools' own `service` dimension would be part of every set, and no alarm of the catalogue would match.
    provider.service = ""
    emitted = {name: by_name[name] for names in sets for name in names}
    written = provider.serialize_metric_set(metrics={metric: {"Unit": unit, "Value": 0}}, dimensions=emitted, metadata={})
    # Of Powertools' versions, which may be the function's own, only the newest take several sets.
    written["_aws"]["CloudWatchMetrics"][0]["Dimensions"] = [list(names) for names in sets]
    written["_aws"]["Timestamp"] = 1
    before, after = json_text(written).split('"Timestamp":1,', 1)
    return f'{before}"Timestamp":', f",{after.removesuffix(f'{string_text(metric)}:0}}')}{string_text(metric)}:"


def _drop(metric: object, reason: str) -> None:
    log_event("warn", LOG_EVENTS["metricDropped"], {"metric": safe_text(metric), "reason": reason})
