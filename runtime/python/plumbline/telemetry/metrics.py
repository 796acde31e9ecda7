"""The metrics of the catalogue, written to the log in CloudWatch's embedded metric format."""

import math
import re
import sys
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, NewType

from ..contract import document
from .emf_lines import EmfDatum, EmfSeries, emf_lines
from .error_chain import error_chain
from .json_text import number_text
from .log import LOG_EVENTS, log_event
from .settings import settings
from .team_metrics import EmittedMetric, emitted_metric
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
    "SageMakerInvocationCount",
    "SageMakerThrottlingCount",
    "PromptIntegrityFailureCount",
    "PromptStaleCount",
    "PromptBundledCount",
    "PromptUnavailableCount",
    "PromptDivergedCount",
    "PromptAuditCount",
    "PresenceGateCount",
    "BedrockBypassCount",
    "BedrockBypassScanCount",
]
# End of what projen writes.


TeamMetricId = NewType("TeamMetricId", str)
"""The id of a metric of a team's own: area and name, as `TeamMetricId("Checkout.OrderCount")`."""


def _entry_of(written: dict[str, Any]) -> EmittedMetric:
    sets = (tuple(written["dimensions"]), *(tuple(names) for names in written["rollups"]))
    names = (written["id"], written["area"], written["name"])
    return emitted_metric(names, written["unit"], sets, written.get("dimensionValues", {}))


_CATALOG = document("metric-catalog")
_ENTRIES = {entry.id: entry for entry in map(_entry_of, _CATALOG["metrics"])}
_MAX_VALUE = 2.0 ** _CATALOG["transport"]["maxValueExponent"]
_MAX_DIMENSION_LENGTH = 1024
_MAX_KNOWN_SERIES = 500


class CatalogDatum(NamedTuple):
    """One value of a metric."""

    metric: MetricId | TeamMetricId
    value: float
    dimensions: Mapping[str, object] | None = None


def emit_metric(metric: MetricId | TeamMetricId, value: float, dimensions: Mapping[str, object] | None = None) -> None:
    """
    Emits one datum of a metric of the catalogue, under its full dimension set and under every roll-up set:
    CloudWatch adds nothing up by itself, and an alarm sees only the exact set it names.

    A metric of a team's own, which `Standards.teamMetrics` has declared, has area and name for its id:
    `TeamMetricId("Checkout.OrderCount")`.

    `service_name` and `environment` are known from the function's environment; give them only to differ from it.

    Never raises. A name or a value that the catalogue does not know is dropped with a warning in the log.
    """
    emit_metrics([CatalogDatum(metric, value, dimensions)])


def emit_metrics(data: Sequence[CatalogDatum]) -> None:
    """Emits what one moment tells, as `emit_metric` does, in as few lines of the log as the dimensions allow."""
    unsent: list[EmfDatum] = []
    for metric, value, dimensions in data:
        try:
            told = _data_of(metric, value, dimensions or {})
            unsent += told if settings().metrics == "EMF" else [datum for datum in told if not _is_sent(datum)]
        except Exception as error:
            _drop(metric, f"the datum could not be written: {error_chain(error)[0]['message']}")
    if not unsent:
        return
    try:
        # Not Powertools' own flush: an environment variable can silence it, and these metrics are mandatory.
        sys.stdout.write(emf_lines(unsent, time.time_ns() // 1_000_000))
    except Exception as error:
        names = ", ".join(safe_text(datum.metric) for datum in data)
        _drop(names, f"the datum could not be written: {error_chain(error)[0]['message']}")


def _data_of(metric: str, value: object, given: Mapping[str, object]) -> list[EmfDatum]:
    """The value under its name, and under each of its old names."""
    kept = _kept_series(metric, given) if type(value) in (int, float) else ()
    # Also false for what is no number.
    if kept and abs(value) <= _MAX_VALUE:  # type: ignore[arg-type]
        return [EmfDatum(series, value) for series in kept]  # type: ignore[arg-type]
    team = settings().team_metrics
    entry = _ENTRIES.get(metric) or team.get(metric)
    if not entry:
        log_event("warn", LOG_EVENTS["unknownMetric"], {"metric": safe_text(metric), "known": [*_ENTRIES, *team]})
        return []
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
    return [EmfDatum(series, value) for series in _series_of(entry, sets, dimensions)]


def _kept_series(metric: str, given: Mapping[str, object]) -> Sequence[EmfSeries]:
    """The series of a datum that lacks nothing, out of what was found for the same words before; none for any other."""
    if metric not in _ENTRIES or type(given) is not dict or not {*map(type, given.values())} <= {str}:
        return ()
    known = settings()
    return _whole_series((known.product, known.service_name, known.environment, known.metric_migrations), metric, tuple(given.items()))


@lru_cache(_MAX_KNOWN_SERIES)
def _whole_series(_own: tuple[object, ...], metric: str, given: tuple[tuple[str, str], ...]) -> Sequence[EmfSeries]:
    """Nearly all of the work of a datum is its dimensions, and those seldom change. `_own` is what they depend on besides."""
    entry = _ENTRIES[metric]
    dimensions = _known_dimensions(entry, dict(given))
    if isinstance(dimensions, str) or len(dimensions) < len(entry.all_dimensions):
        return ()
    return _series_of(entry, entry.sets, dimensions)


def _series_of(entry: EmittedMetric, sets: tuple[tuple[str, ...], ...], dimensions: Mapping[str, str]) -> list[EmfSeries]:
    names = [(f"{settings().product}/{entry.area}", entry.name)]
    names += [(old.namespace, old.name) for old in settings().metric_migrations if old.metric == entry.id]
    known = tuple(dimensions.items())
    return [EmfSeries(namespace, name, entry.unit, sets, known) for namespace, name in names]


def _is_sent(datum: EmfDatum) -> bool:
    """Whether a container sends it; what is not sent is for the log."""
    # Not for functions: they need not load it.
    from .container_metrics import send_from_container
    from .metric_calls import EmittedValue

    namespace, name, unit, sets, dimensions = datum.series
    known = dict(dimensions)
    by_set = [{dimension: known[dimension] for dimension in names} for names in sets]
    return send_from_container(EmittedValue(namespace, name, unit, datum.value, int(time.time()), by_set))


def _known_dimensions(entry: EmittedMetric, given: Mapping[str, object]) -> dict[str, str] | str:
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


def _drop(metric: object, reason: str) -> list[EmfDatum]:
    log_event("warn", LOG_EVENTS["metricDropped"], {"metric": safe_text(metric), "reason": reason})
    return []
