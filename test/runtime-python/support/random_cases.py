"""What a handler may do, by chance: for the test that runs it in both languages."""

import json
import random
from base64 import b64encode
from gzip import compress
from typing import Any

from plumbline.contract import document

from support.vectors import vectors

Case = dict[str, Any]

_TEXTS = [
    "", "a", "é", "模型", "\U0001f600", "\ud800", '"', "\\", "\n", "\r\n", "\u2028", "\u00a0", "\ufeff", "\x7f", " ", "  ", ":", "=",
    "\x00", ",", "%20", "null", "NaN", "1.0", "1e5", "Traceback (most recent call last):", "/var/task/app.py", "x" * 1025, "key",
    "user=", "Error",
]  # fmt: skip
_SECRETS = ["password=hunter2", "AKIAIOSFODNN7EXAMPLE", "postgres://chat:hunter2@db:5432/x", "arn:aws:iam::123456789012:role/x"]
_NUMBERS = [0, 1, -1, 7.5, 1.0, -0.0, 1e21, 1e16, 1.5e300, 1e-5, 1e-6, 1e-7, 123456789.125, 2**53, 0.1, 5e-324]
_FIELDS = [
    "a",
    "b c",
    "é",
    "status",
    "data",
    "error",
    "message",
    "stack",
    "name",
    "value",
    "password",
    "token",
    "max_tokens",
    "apiKey",
    "statusCode",
]
_STACKS = ["Error: x\n    at f (/var/task/index.js:1:2)", 'Traceback\n  File "/var/task/app.py", line 1', "plates\non a table"]
_HEADERS = [
    "Content-Type", "content-type", "Content-Encoding", "ETag", "Retry-After", "Vary", "X-Text", "x-text", "X Bad", "Set-Cookie",
    "Cache-Control", "Access-Control-Allow-Origin", "X-Request-Id",
]  # fmt: skip
_TYPES = ["text/csv", "text/html; charset=utf-8", "application/json", "Application/Problem+JSON;x", "text/plain", "image/png", " ", ";"]
_STATUSES = [
    200, 201, 204, 205, 302, 304, 399, 400, 401, 404, 410, 418, 422, 429, 499, 500,
    599, 600, 99, 42, 200.5, 201.0, "200", "503", "ok", True, None,
]  # fmt: skip
_CODES = list(document("error-codes")["codes"])
_NAMES = [*document("error-codes")["exceptions"], "throttlingException", "TypeError", "constructor", "KeyError"]
_THROWN = [case["thrown"] for case in vectors("error-mapping")["cases"]]
_MESSAGES = [thrown["message"] for thrown in _THROWN if isinstance(thrown, dict) and "message" in thrown]
_SYSTEM_CODES = [*document("error-codes")["systemErrors"], "ECONNREFUSED", "x", None]
_METRICS = document("metric-catalog")["metrics"]
_WAYS = ["return", "return", "return", "success", "partial", "throw", "throw", "return an error", "throw an envelope error"]


class RandomCases:
    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def case(self) -> Case:
        return {
            "event": self._event(),
            "kind": "API",
            "envelope": self._chance.choice(["ON", "ON", "LOG_ONLY", "OFF"]),
            "how": self._chance.choice(_WAYS),
            "returned": self._returned(),
            "thrown": self._thrown(2),
            "code": self._chance.choice([*_CODES, "NO_CODE"]),
            "metric": self._metric(),
            "logged": {"message": self._text(), "fields": self._object(2)},
        }

    def _event(self) -> Case:
        headers = self._chance.choice([{}, {"origin": "https://a.example"}, {"Origin": "https://evil.example"}])
        event = {"requestContext": {"requestId": self._chance.choice(["req-1", "", 7]), "http": {}}, "headers": headers}
        listed = {"requestContext": {"elb": {}}, "multiValueHeaders": {name: [value] for name, value in headers.items()}}
        return event if self._is_likely(0.9) else listed

    def _returned(self) -> object:
        value = self._envelope() if self._is_likely(0.5) else self._value(3)
        return self._proxy_result(value) if self._is_likely(0.5) else value

    def _proxy_result(self, value: object) -> Case:
        body = self._chance.choice([json.dumps(value, ensure_ascii=False), self._own_error(), self._text(), value, None])
        result: Case = {"statusCode": self._chance.choice(_STATUSES), "body": body}
        if self._is_likely(0.7):
            result["headers"] = {name: self._header() for name in self._some(_HEADERS)}
        if self._is_likely(0.2):
            result["headers"] = {**result.get("headers", {}), "content-type": self._chance.choice(_TYPES)}
        if self._is_likely(0.3):
            result["multiValueHeaders"] = {name: [self._header() for _ in range(2)] for name in self._some(_HEADERS)}
        if self._is_likely(0.2):
            result["cookies"] = [self._text(), "a=1"]
        if isinstance(body, str) and self._is_likely(0.2):
            return {**result, "isBase64Encoded": True, **self._in_base64(body.encode("utf-8", "replace"), result.get("headers", {}))}
        return result

    def _own_error(self) -> str:
        """An error as a handler writes it by hand."""
        fields = document("error-codes")["ownErrors"]["messageFields"]
        texts = [self._text(), "No such order.", {"message": self._text()}, None, 7]
        return json.dumps({name: self._chance.choice(texts) for name in self._some(fields)})

    def _in_base64(self, body: bytes, headers: Case) -> Case:
        if self._is_likely(0.5):
            return {
                "body": b64encode(compress(body)).decode(),
                "headers": {**headers, "content-encoding": self._chance.choice(["gzip", "GZIP "])},
            }
        return {"body": b64encode(body).decode().rstrip(self._chance.choice(["", "="]))}

    def _envelope(self) -> Case:
        error = {"code": self._chance.choice([*_CODES, "NO_CODE"]), "message": self._text(), "retryable": True, "support_ref": self._id()}
        return {
            "status": self._chance.choice(["success", "error", "partial"]),
            "request_id": self._id(),
            "data": None if self._is_likely(0.5) else self._value(2),
            "error": error if self._is_likely(0.7) else None,
        }

    def _value(self, depth: int) -> Any:
        kind = self._chance.randint(0, 6 if depth > 0 else 3)
        if kind <= 1:
            return self._text()
        if kind == 2:
            return self._chance.choice(_NUMBERS)
        if kind == 3:
            return self._chance.choice([None, True, False])
        return [self._value(depth - 1) for _ in range(self._chance.randint(0, 3))] if kind == 4 else self._object(depth - 1)

    def _object(self, depth: int) -> Case:
        if self._is_likely(0.05):
            return {"message": self._text(), "stack": self._chance.choice(_STACKS)}
        return {name: self._value(depth) for name in self._some(_FIELDS)}

    def _thrown(self, depth: int) -> Case:
        thrown: Case = {"name": self._chance.choice(_NAMES), "message": self._chance.choice([*_MESSAGES, self._text()])}
        code = self._chance.choice([*_SYSTEM_CODES, None, None])
        if code is not None:
            thrown["code"] = code
        if depth > 0 and self._is_likely(0.3):
            thrown["cause"] = self._thrown(depth - 1)
        return thrown

    def _metric(self) -> Case:
        entry = self._chance.choice(_METRICS)
        values = [*_TEXTS, "chat", ": x ", True, 7, 1.0]
        given = {name: self._chance.choice([*entry.get("dimensionValues", {}).get(name, []), *values]) for name in entry["dimensions"]}
        dimensions = {name: value for name, value in given.items() if self._is_likely(0.8)}
        return {"id": entry["id"], "value": self._chance.choice(_NUMBERS), "dimensions": dimensions}

    def _text(self) -> str:
        return "".join(self._chance.choice([*_TEXTS, *_SECRETS]) for _ in range(self._chance.randint(0, 5)))

    def _header(self) -> object:
        return self._chance.choice([self._text(), "Origin", "text/plain", 7, 0.5, True, None, ["a", None, 1]])

    def _id(self) -> str:
        return self._chance.choice(["mine", "mine-2", self._text(), "x" * 129])

    def _some(self, names: list[str]) -> list[str]:
        return self._chance.sample(names, self._chance.randint(0, 4))

    def _is_likely(self, share: float) -> bool:
        return self._chance.random() < share
