"""Events and contexts as Lambda gives them, cut to what the runtime reads."""

import math
import time
from collections.abc import Mapping
from typing import Any

SQS_EVENT = {"Records": [{"eventSource": "aws:sqs", "messageId": "m1", "body": "{}"}]}


class LambdaContext:
    """Without a limit of time unless one is given."""

    aws_request_id = "lambda-1"

    def __init__(self, remaining_ms: float = math.inf) -> None:
        self._deadline = time.monotonic() + remaining_ms / 1000

    def get_remaining_time_in_millis(self) -> float:
        return (self._deadline - time.monotonic()) * 1000


def http_event(fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An event of an HTTP API, with more fields where a test wants them."""
    given = dict(fields or {})
    request = {"requestId": "req-1", "http": {"method": "POST"}, **given.pop("requestContext", {})}
    return {"version": "2.0", "routeKey": "POST /x", "headers": {}, "body": "{}", **given, "requestContext": request}
