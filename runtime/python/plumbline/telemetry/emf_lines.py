"""Data as lines of CloudWatch's embedded metric format."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from .json_text import json_text, number_text, string_text

_MAX_LAYOUTS = 200


class EmfSeries(NamedTuple):
    """Everything about a datum but its value."""

    namespace: str
    name: str
    unit: str
    sets: tuple[tuple[str, ...], ...]
    dimensions: tuple[tuple[str, str], ...]


class EmfDatum(NamedTuple):
    series: EmfSeries
    value: float


class _Line:
    """A line without its time and its values."""

    def __init__(self) -> None:
        self.directives: list[dict[str, Any]] = []
        self.dimensions: dict[str, str] = {}
        #: By their index among the data, each value's name.
        self.values: dict[int, str] = {}


class _Layout(NamedTuple):
    start: str
    end: str
    #: The index of each value, and what stands before it.
    values: tuple[tuple[int, str], ...]


def emf_lines(data: Sequence[EmfDatum], now: int) -> str:
    """
    What agrees in its dimensions shares a line: CloudWatch charges for the bytes, and a call to a model tells eight metrics of one
    service and one model.
    """
    layouts = _layouts_of(tuple(datum.series for datum in data))
    return "".join(
        f"{layout.start}{now}{layout.end}{''.join(prefix + _number(data[index].value) for index, prefix in layout.values)}}}\n"
        for layout in layouts
    )


def _number(value: float) -> str:
    return number_text(value) if isinstance(value, float) else str(value)


@lru_cache(_MAX_LAYOUTS)
def _layouts_of(series: tuple[EmfSeries, ...]) -> list[_Layout]:
    """Nearly all of the work of a datum is its dimensions, and those seldom change: the lines of each combination are laid out once."""
    lines: list[_Line] = []
    for index, one in enumerate(series):
        directive, dimensions = _format_of(one)
        line = next((line for line in lines if _fits(line, one.name, dimensions)), None)
        if line is None:
            lines.append(line := _Line())
        _add_directive(line.directives, directive)
        line.dimensions.update(dimensions)
        line.values[index] = one.name
    return [_layout_of(line) for line in lines]


def _layout_of(line: _Line) -> _Layout:
    written = json_text({"_aws": {"CloudWatchMetrics": line.directives}, **line.dimensions})
    start = '{"_aws":{'
    values = tuple((index, f",{string_text(name)}:") for index, name in line.values.items())
    return _Layout(f'{start}"Timestamp":', f",{written.removeprefix(start)[:-1]}", values)


def _fits(line: _Line, name: str, dimensions: dict[str, str]) -> bool:
    """A line has one member of each name."""
    taken = line.values.values()
    return (
        name not in taken
        and name not in line.dimensions
        and all(known not in taken and line.dimensions.get(known, value) == value for known, value in dimensions.items())
    )


def _add_directive(directives: list[dict[str, Any]], added: dict[str, Any]) -> None:
    for directive in directives:
        if all(directive[member] == added[member] for member in ("Namespace", "Dimensions")):
            directive["Metrics"] += added["Metrics"]
            return
    directives.append(added)


def _format_of(series: EmfSeries) -> tuple[dict[str, Any], dict[str, str]]:
    """The directive that Powertools writes for one metric, and its dimensions."""
    known = dict(series.dimensions)
    dimensions = {name: known[name] for names in series.sets for name in names}
    provider = AmazonCloudWatchEMFProvider(namespace=series.namespace)
    # Powertools' own `service` dimension would be part of every set, and no alarm of the catalogue would match.
    provider.service = ""
    metrics = {series.name: {"Unit": series.unit, "Value": 0}}
    written = provider.serialize_metric_set(metrics=metrics, dimensions=dimensions, metadata={})
    # Of Powertools' versions, which may be the function's own, only the newest take several sets.
    directive = {**written["_aws"]["CloudWatchMetrics"][0], "Dimensions": [list(names) for names in series.sets]}
    return directive, dimensions
