import gzip
import json
from base64 import b64decode
from typing import Any

import pytest
from plumbline.handler.kinds.api import api_handler
from support.lambda_events import LambdaContext, http_event
from support.vectors import vectors

VECTORS = vectors("api-answers")
CASES = [pytest.param(case, id=case["name"]) for case in VECTORS["cases"]]


def answer_to(returned: object) -> dict[str, Any]:
    event = http_event({"requestContext": {"requestId": VECTORS["requestId"]}})
    result = api_handler(lambda _event, _context: returned)(event, LambdaContext())
    assert isinstance(result, dict)
    return result


def envelope_of(result: dict[str, Any]) -> dict[str, Any]:
    body = result["body"]
    envelope: dict[str, Any] = json.loads(gzip.decompress(b64decode(body)) if result.get("isBase64Encoded") else body)
    return envelope


@pytest.mark.parametrize("case", CASES)
def test_a_result_leaves_as_the_contract_says(case: dict[str, Any]) -> None:
    result = answer_to(case["returned"])
    assert result["statusCode"] == case["statusCode"]
    headers = {name.lower(): value for name, value in result["headers"].items()}
    assert headers.items() >= case.get("headers", {}).items()
    envelope = envelope_of(result)
    if envelope["error"]:
        assert envelope["error"].pop("support_ref")
    assert envelope == case["body"]
