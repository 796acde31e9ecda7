import json
import re
from typing import Any, cast

import pytest
from plumbline.telemetry.metrics import CatalogDatum, MetricId, emit_metric, emit_metrics
from support.output import Output
from support.vectors import vectors

VECTORS = vectors("metric-blobs")
CASES = [pytest.param(case, id=case["name"]) for case in VECTORS["cases"]]


@pytest.fixture(autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VECTORS["environment"].items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("case", CASES)
def test_data_are_written_as_the_contract_says(case: dict[str, Any], output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_METRIC_MIGRATIONS", case.get("migrations", ""))
    monkeypatch.setenv("PLUMBLINE_TEAM_METRICS", case.get("teamMetrics", ""))
    emit_metrics([CatalogDatum(**datum) for datum in case["data"]])
    lines = output.text.rstrip("\n").split("\n")
    blobs = [re.sub(r'"Timestamp":\d+', '"Timestamp":0', line) for line in lines if line.startswith('{"_aws"')]
    assert blobs == case["blobs"]
    assert [line["event"] for line in output.lines] == ([case["event"]] if "event" in case else [])


def test_a_datum_stands_under_its_dimension_set_and_under_every_roll_up(output: Output) -> None:
    emit_metric("LatencyEndToEndMs", 12.0, {"request_type": "API"})
    sets = [sorted(metric.dimensions) for metric in output.metrics]
    assert sets == [["environment", "request_type", "service_name"], ["environment", "service_name"], ["environment"]]
    assert {(metric.namespace, metric.name, metric.unit, metric.value) for metric in output.metrics} == {
        ("MangaAssist/Latency", "EndToEndMs", "Milliseconds", 12)
    }
    assert output.text.endswith('"EndToEndMs":12}\n')


def test_a_service_of_powertools_is_no_dimension(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "other")
    emit_metric("ErrorCount", 1, {"error_code": "THROTTLE"})
    assert "service" not in json.loads(output.text)


def test_of_an_incomplete_datum_the_sets_that_are_complete_are_emitted(output: Output) -> None:
    emit_metric("LatencyEndToEndMs", 1)
    assert [sorted(metric.dimensions) for metric in output.metrics] == [["environment", "service_name"], ["environment"]]
    assert output.events("metric_incomplete")[0]["missing"] == ["request_type"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None, True])
def test_what_is_no_number_is_dropped_with_a_warning(output: Output, value: object) -> None:
    emit_metric("ErrorCount", cast(float, value), {"error_code": "THROTTLE"})
    assert output.metrics == []
    assert len(output.events("metric_dropped")) == 1


def test_a_metric_that_the_catalogue_does_not_know_is_dropped_with_a_warning(output: Output) -> None:
    emit_metric(cast(MetricId, "Sales"), 1)
    assert "ErrorCount" in output.events("unknown_metric")[0]["known"]
