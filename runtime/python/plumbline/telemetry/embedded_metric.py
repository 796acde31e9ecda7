"""What a call of PutMetricData would have said, as lines of CloudWatch's embedded metric format."""

from .json_text import json_text
from .metric_calls import MetricCall, MetricDatum

# CloudWatch's limit of values for one metric in one line.
_MAX_VALUES = 100


def embedded_lines(call: MetricCall) -> str:
    return "".join(
        _line_of(call["Namespace"], datum, values[start : start + _MAX_VALUES])
        for datum in call["MetricData"]
        for values in [_values_of(datum)]
        for start in range(0, len(values), _MAX_VALUES)
    )


def _line_of(namespace: str, datum: MetricDatum, values: list[float]) -> str:
    directive = {
        "Namespace": namespace,
        "Dimensions": [[dimension["Name"] for dimension in datum["Dimensions"]]],
        "Metrics": [{"Name": datum["MetricName"], "Unit": datum["Unit"]}],
    }
    line = {
        "_aws": {"Timestamp": datum["Timestamp"] * 1000, "CloudWatchMetrics": [directive]},
        **{dimension["Name"]: dimension["Value"] for dimension in datum["Dimensions"]},
        datum["MetricName"]: values,
    }
    return f"{json_text(line)}\n"


def _values_of(datum: MetricDatum) -> list[float]:
    return [value for value, count in zip(datum["Values"], datum["Counts"], strict=True) for _ in range(count)]
