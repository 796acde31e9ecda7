import json
import math
from typing import Any

import pytest
from plumbline.telemetry.embedded_metric import embedded_lines
from plumbline.telemetry.metric_calls import CollectedMetrics, EmittedValue, MetricCall, values_in
from support.vectors import vectors

CASES = vectors("metric-calls")["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    collected = CollectedMetrics()
    refused = [collected.add(emitted, case.get("room", math.inf)) for series in case["emitted"] for emitted in _emitted(series)]
    assert sum(refused) == case.get("refused", 0)
    calls = collected.take()
    if "calls" in case:
        assert calls == case["calls"]
    if "sizes" in case:
        assert [len(call["MetricData"]) for call in calls] == case["sizes"]
    assert (collected.size, collected.take()) == (0, [])


def test_as_lines_of_the_log_a_call_says_the_same_at_most_100_values_in_a_line() -> None:
    call: MetricCall = {
        "Namespace": "Shop/Latency",
        "MetricData": [
            {
                "MetricName": "EndToEndMs",
                "Unit": "Milliseconds",
                "Timestamp": 100,
                "Dimensions": [{"Name": "environment", "Value": "prod"}],
                "Values": [7, 9],
                "Counts": [60, 60],
            }
        ],
    }
    lines = [json.loads(line) for line in embedded_lines(call).splitlines()]
    assert [len(line["EndToEndMs"]) for line in lines] == [100, 20]
    assert sum(sum(line["EndToEndMs"]) for line in lines) == 60 * 7 + 60 * 9
    assert lines[0]["_aws"] == {
        "Timestamp": 100_000,
        "CloudWatchMetrics": [
            {
                "Namespace": "Shop/Latency",
                "Dimensions": [["environment"]],
                "Metrics": [{"Name": "EndToEndMs", "Unit": "Milliseconds"}],
            }
        ],
    }
    assert lines[0]["environment"] == "prod"
    assert values_in(call) == 120


def _emitted(series: dict[str, Any]) -> list[EmittedValue]:
    return [
        EmittedValue(series["namespace"], series["name"], series["unit"], value, series["second"], series["dimensionSets"])
        for value in series["values"]
    ]
