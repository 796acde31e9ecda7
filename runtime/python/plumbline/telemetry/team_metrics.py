"""What the runtime knows of the metrics it emits, and those of a team's own, which the constructs tell the function."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..contract import document

_TEAM = document("metric-catalog")["team"]


class EmittedMetric(NamedTuple):
    id: str
    area: str
    name: str
    unit: str
    dimensions: tuple[str, ...]
    # The full set, and every roll-up.
    sets: tuple[tuple[str, ...], ...]
    all_dimensions: tuple[str, ...]
    dimension_values: Mapping[str, Sequence[str]]


def emitted_metric(
    names: tuple[str, str, str], unit: str, sets: tuple[tuple[str, ...], ...], dimension_values: Mapping[str, Sequence[str]]
) -> EmittedMetric:
    """`names` are id, area and name."""
    every = tuple(dict.fromkeys(name for names in sets for name in names))
    return EmittedMetric(*names, unit, sets[0], sets, every, dimension_values)


def read_team_metrics(given: str, variable: str) -> Mapping[str, EmittedMetric]:
    """The metrics of a team's own by their ids, as the constructs wrote them."""
    if not given:
        return {}
    try:
        read = json.loads(given)
        if isinstance(read, list):
            return {told["id"]: _emitted(told) for told in read}
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise ValueError(f"Environment variable {variable} is no list of metrics of a team. Let StandardLambda set it.")


def _emitted(told: dict[str, Any]) -> EmittedMetric:
    # The first full stop of an id ends the area; what else could be taken for one is escaped.
    area, _, name = told["id"].partition(".")
    unit, sets = told.get("unit", _TEAM["unit"]), told.get("sets", _TEAM["dimensionSets"])
    are_sets = isinstance(sets, list) and all(isinstance(names, list) and all(map(_is_name, names)) for names in sets)
    if not (area and name and sets and are_sets and _is_name(unit)):
        raise ValueError(told["id"])
    return emitted_metric((told["id"], _plain(area), _plain(name)), unit, tuple(map(tuple, sets)), {})


def _plain(text: str) -> str:
    return re.sub("%([0-9a-f]{2})", lambda escape: chr(int(escape.group(1), 16)), text)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""
