import json
from typing import Any

import pytest
from bedrock.support.clients import MODEL, TASK_TYPE, client_under_test
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read
from botocore.stub import Stubber
from plumbline import EnvelopeError
from plumbline.bedrock.client.call_usage import UsageReader, document_of, usage_fields
from plumbline.bedrock.client.request_metadata import with_request_metadata
from plumbline.telemetry.json_text import json_text
from support.vectors import vectors

Case = dict[str, Any]
OWN = {"service_name": "chat", "environment": "prod", "prompt_id": "greeting"}


@pytest.mark.parametrize("case", vectors("call-usage")["cases"], ids=lambda case: case["name"])
def test_what_an_answer_tells(case: Case) -> None:
    reader = UsageReader()
    reader.headers(case.get("headers", {}))
    if "answer" in case:
        reader.document(case["answer"])
    if "body" in case:
        reader.body(json.dumps(case["body"]).encode())
    for event in case.get("events", []):
        reader.document(document_of(event if case["operation"] == "ConverseStream" else {"chunk": {"bytes": json.dumps(event).encode()}}))
    assert json_text(usage_fields(reader.usage())) == json_text(case["fields"])


def test_a_call_tells_what_it_used(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-usage"))
    send_and_read(under_test.client, "Converse")
    [call] = under_test.ports.calls
    told = {"input_tokens": 3, "output_tokens": 5, "stop_reason": "end_turn", "gen_ai.provider.name": "aws.bedrock"}
    assert {name: call[name] for name in told} == told
    assert (call["gen_ai.operation.name"], call["gen_ai.request.model"]) == ("chat", MODEL)
    assert under_test.ports.usages == [{"input": 3, "output": 5, "stopReason": "end_turn", "model_id": MODEL, "task_type": TASK_TYPE}]


def test_a_stream_tells_it_once_it_has_ended(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-stream-usage"))
    send_and_read(under_test.client, "ConverseStream")
    assert "input_tokens" not in under_test.ports.calls[0]
    [stream] = under_test.ports.streams
    assert (stream["outcome"], stream["input_tokens"], stream["stop_reason"]) == ("success", 3, "end_turn")
    assert stream["time_to_first_token_ms"] >= 0
    assert under_test.ports.usages[-1]["firstToken"] == stream["time_to_first_token_ms"]


def test_a_reader_that_leaves_is_told_as_such(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-stream-left"))
    events = iter(under_test.client.converse_stream(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "x"}]}])["stream"])
    next(events)
    events.close()
    [stream] = under_test.ports.streams
    assert stream["outcome"] == "left"
    assert "stop_reason" not in stream


def test_a_body_is_still_the_callers_to_read(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-body"))
    assert under_test.client.invoke_model(modelId=MODEL, body=b"{}")["body"].read().startswith(b'{"com')


def test_the_invocation_log_is_told_by_a_header_of_invoke_model(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-metadata"))
    under_test.ports.metadata.update(OWN)
    under_test.client.invoke_model(modelId=MODEL, body=b"{}")
    [request] = server.requests_of("ok@python-metadata")
    assert json.loads(request["headers"]["x-amzn-bedrock-request-metadata"]) == OWN
    assert "x-amzn-bedrock-request-metadata" in request["headers"]["authorization"]


MANY = {f"key{index}": "x" for index in range(15)}


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        ("Converse", {}, ({"requestMetadata": OWN}, None)),
        ("ConverseStream", {"requestMetadata": {"team": "a"}}, ({"requestMetadata": {"team": "a", **OWN}}, None)),
        ("Converse", {"requestMetadata": MANY}, ({"requestMetadata": {**MANY, "service_name": "chat"}}, None)),
        ("InvokeModel", {"requestMetadata": '{"team":"a"}'}, ({}, json.dumps({"team": "a", **OWN}, separators=(",", ":")))),
        ("InvokeModel", {"requestMetadata": "["}, ({"requestMetadata": "["}, None)),
        ("ApplyGuardrail", {}, ({}, None)),
    ],
)
def test_who_asked_stands_beside_what_the_caller_says(operation: str, given: Case, expected: object) -> None:
    assert with_request_metadata(operation, given, OWN) == expected


def test_characters_that_bedrock_refuses_are_replaced_and_texts_cut() -> None:
    chosen, _ = with_request_metadata("Converse", {}, {"service_name": f'é👋"{"x" * 300}'})
    assert chosen["requestMetadata"] == {"service_name": f"___{'x' * 253}"}


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("end_turn", None),
        (None, None),
        ("guardrail_intervened", "CONTENT_POLICY_VIOLATION"),
        ("content_filter", "CONTENT_POLICY_VIOLATION"),
        ("malformed_tool_use", "MODEL_UNAVAILABLE"),
        ("model_context_window_exceeded", "CONTEXT_TOO_LARGE"),
        ("LENGTH", "INTERNAL_ERROR"),
        ("__class__", None),
    ],
)
def test_a_stop_reason_that_is_a_failure_has_an_error(reason: str | None, code: str | None) -> None:
    error = EnvelopeError.of_stop_reason(reason)
    assert (error.code if error else None) == code


def test_a_stub_of_a_unit_test_sees_what_the_handler_gave(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-stubbed"))
    under_test.ports.metadata.update(OWN)
    given = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "x"}]}]}
    answer = {"output": {"message": {"role": "assistant", "content": [{"text": "y"}]}}, "stopReason": "end_turn"}
    usage = {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}}
    with Stubber(under_test.client) as stubber:
        stubber.add_response("converse", {**answer, **usage}, given)
        assert under_test.client.converse(**given)["stopReason"] == "end_turn"


def test_converse_tells_who_asked_in_its_body(server: FaultyServer) -> None:
    under_test = client_under_test(server.url("ok@python-converse-metadata"))
    under_test.ports.metadata.update(OWN)
    sent: list[bytes] = []
    under_test.client.meta.events.register("before-send.bedrock-runtime", lambda request, **_: sent.append(request.body))
    send_and_read(under_test.client, "Converse")
    assert json.loads(sent[0])["requestMetadata"] == OWN
