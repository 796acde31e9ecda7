"""The values of metrics, put together so that as few calls of PutMetricData as possible take them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from ..contract import document

_TRANSPORT = document("metric-catalog")["transport"]
_MAX_DATA: int = _TRANSPORT["maxDataPerCall"]
_MAX_VALUES: int = _TRANSPORT["maxValuesPerDatum"]


class MetricDimension(TypedDict):
    Name: str
    Value: str


class MetricDatum(TypedDict):
    """The values of one series in one second, each with how often it came."""

    MetricName: str
    Unit: str
    Timestamp: int
    Dimensions: list[MetricDimension]
    Values: list[float]
    Counts: list[int]


class MetricCall(TypedDict):
    """The input of one call of PutMetricData."""

    Namespace: str
    MetricData: list[MetricDatum]


@dataclass(frozen=True, slots=True)
class EmittedValue:
    """One value of a metric, under each of its dimension sets."""

    namespace: str
    name: str
    unit: str
    value: float
    # The second it was emitted in, since 1970.
    second: int
    dimension_sets: Sequence[Mapping[str, str]]


@dataclass(slots=True)
class CollectedMetrics:
    # How many data the values make.
    size: int = 0
    _by_namespace: dict[str, list[MetricDatum]] = field(default_factory=dict)
    # The datum of each series and second that still takes values.
    _open: dict[object, MetricDatum] = field(default_factory=dict)

    def add(self, emitted: EmittedValue, room: float) -> int:
        """Returns how many values found no room in `room` further data."""
        return sum(not self._add_to(dimensions, emitted, self.size < room) for dimensions in emitted.dimension_sets)

    def take(self) -> list[MetricCall]:
        """Everything that was collected. Nothing is left."""
        calls: list[MetricCall] = [
            {"Namespace": namespace, "MetricData": data[start : start + _MAX_DATA]}
            for namespace, data in self._by_namespace.items()
            for start in range(0, len(data), _MAX_DATA)
        ]
        self._by_namespace.clear()
        self._open.clear()
        self.size = 0
        return calls

    def _add_to(self, dimensions: Mapping[str, str], emitted: EmittedValue, may_grow: bool) -> bool:
        key = (emitted.namespace, emitted.name, emitted.second, tuple(dimensions.items()))
        datum = self._open.get(key)
        if datum is not None and emitted.value in datum["Values"]:
            datum["Counts"][datum["Values"].index(emitted.value)] += 1
        elif datum is not None and len(datum["Values"]) < _MAX_VALUES:
            datum["Values"].append(emitted.value)
            datum["Counts"].append(1)
        elif may_grow:
            self._open[key] = begun = _begun(dimensions, emitted)
            self._by_namespace.setdefault(emitted.namespace, []).append(begun)
            self.size += 1
        else:
            return False
        return True


def values_in(call: MetricCall) -> int:
    """How many values a call holds."""
    return sum(sum(datum["Counts"]) for datum in call["MetricData"])


def _begun(dimensions: Mapping[str, str], emitted: EmittedValue) -> MetricDatum:
    return {
        "MetricName": emitted.name,
        "Unit": emitted.unit,
        "Timestamp": emitted.second,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Values": [emitted.value],
        "Counts": [1],
    }
