import re
from typing import Any

import pytest
from plumbline.telemetry.invocation import new_invocation, running
from plumbline.telemetry.log import log_event, logger
from plumbline.telemetry.settings import settings
from support.lambda_events import LambdaContext, http_event
from support.output import Output
from support.vectors import vectors

FORGED = {"_aws": {"CloudWatchMetrics": []}, "level": "X", "request_id": "forged", "event": "bedrock_call", "service_name": "forged"}


@pytest.mark.parametrize("case", vectors("log-lines")["cases"], ids=lambda case: case["name"])
def test_the_line_of_what_is_logged(case: dict[str, Any], output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in case.get("environment", {}).items():
        monkeypatch.setenv(name, value)
    if "trace" in case:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", case["trace"])
    settings.cache_clear()

    def log() -> None:
        if "event" in case:
            log_event(case["level"], case["event"], case.get("fields"))
        else:
            method = {"warn": "warning"}.get(case["level"], case["level"])
            getattr(logger, method)(case["message"], case.get("fields"))

    request = case.get("request")
    if request is None:
        log()
    else:
        event = {"requestContext": {"requestId": request["gateway"]}} if "gateway" in request else {}
        context = LambdaContext()
        context.aws_request_id = request["lambda"]
        with running(new_invocation("API" if event else "EVENT", event, context)):
            log()
    settings.cache_clear()
    assert re.sub('"timestamp":"[^"]*"', '"timestamp":""', output.text.rstrip("\n")) == case["line"]


def test_every_line_says_where_it_comes_from(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
    with running(new_invocation("API", http_event(), LambdaContext())):
        logger.info("hello", {"order": 7})
    [line] = output.lines
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "INFO",
        "message": "hello",
        "service_name": "unknown",
        "environment": "unknown",
        "request_id": "req-1",
        "function_request_id": "lambda-1",
        "xray_trace_id": "1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
        "fields": {"order": 7},
    }


def test_outside_of_an_invocation_there_is_no_request_id(output: Output) -> None:
    logger.warning("starting")
    [line] = output.lines
    assert "request_id" not in line
    assert line["level"] == "WARN"


def test_an_exception_stands_under_error_without_its_secrets(output: Output) -> None:
    logger.error("failed", ValueError("password=hunter2"))
    assert output.lines[0]["error"] == {"name": "ValueError", "message": "password=[redacted]"}


def test_no_field_of_a_call_passes_for_one_of_the_standard(output: Output) -> None:
    logger.info("order", FORGED)
    log_event("info", "order", FORGED)
    first, second = output.lines
    assert first["fields"] == FORGED
    for line in (first, second):
        assert (line["level"], line["service_name"]) == ("INFO", "unknown")
        assert "_aws" not in line
    assert second["event"] == "order"


def test_half_of_a_surrogate_pair_is_no_obstacle(output: Output) -> None:
    logger.info("half \ud800", {"odd": float("nan"), "object": object()})
    assert output.lines[0]["message"] == "half \ud800"
