"""How a stream ends: the cases that both runtimes replay."""

from types import SimpleNamespace
from typing import Any

import pytest
from plumbline import EnvelopeError, partial, success, terminal_frame, to_error_envelope
from plumbline.telemetry.invocation import new_invocation, running
from support.vectors import vectors

VECTORS = vectors("terminal-frames")


def envelope_of(ending: dict[str, Any]) -> Any:
    match ending:
        case {"thrown": {"code": code, "message": message}}:
            return to_error_envelope(EnvelopeError(code, message))
        case {"thrown": {"name": name, "message": message}}:
            return to_error_envelope(type(name, (Exception,), {})(message))
        case {"data": data, "partial": code}:
            return partial(data, code)
        case {"data": data}:
            return success(data)
    raise AssertionError(ending)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_a_stream_ends_as_the_contract_says(case: dict[str, Any]) -> None:
    with running(new_invocation("EVENT", {}, SimpleNamespace(aws_request_id=VECTORS["requestId"]))):
        envelope = envelope_of(case["ending"])
    told = case["frame"].replace("{support_ref}", (envelope["error"] or {}).get("support_ref", ""))
    assert terminal_frame(envelope) == told
