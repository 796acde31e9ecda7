"""The same random cases through both runtimes: envelopes, metric blobs and redacted texts are equal, byte by byte."""

import json
import os
import random
import re
import subprocess
from pathlib import Path
from typing import Any

from plumbline.contract import document
from plumbline.handler.standard_handler import standard_handler
from plumbline.telemetry.metrics import emit_metric
from plumbline.telemetry.redaction import redact_text
from plumbline.telemetry.settings import settings
from support.lambda_events import LambdaContext, http_event
from support.output import Output
from support.vectors import vectors

ROOT = Path(__file__).resolve().parents[3]
CASES = int(os.environ.get("PLUMBLINE_DIFFERENTIAL_CASES", "10000"))
SEED = 20261127
ENVIRONMENT = {"PLUMBLINE_PRODUCT": "MangaAssist", "PLUMBLINE_ENVIRONMENT": "test", "PLUMBLINE_SERVICE_NAME": "chat"}
# Random, or the time: not what is compared.
VOLATILE = re.compile(r'(support_ref\\*":\\*")[a-z]{16}|(Timestamp\\*":)\d+')

SECRETS = [case["text"] for case in vectors("redaction")["cases"]]
TEXTS = [
    "",
    "a",
    "é",
    "模型",
    "\U0001f600",
    '"',
    "\\",
    "\n",
    "\u2028",
    "\x7f",
    "null",
    "1.0",
    "1e5",
    "Traceback (most recent call last):",
    "x" * 1025,
]
NUMBERS = [0, 1, -1, 7.5, 1.0, -0.0, 1e21, 1e16, 1.5e300, 1e-5, 1e-6, 1e-7, 123456789.125, 2**53, 0.1, 5e-324]
NAMES = [*document("error-codes")["exceptions"], "Error", "TypeError", "constructor", "KeyError"]
MESSAGES = [
    "",
    "x",
    *(
        case["thrown"]["message"]
        for case in vectors("error-mapping")["cases"]
        if isinstance(case["thrown"], dict) and "message" in case["thrown"]
    ),
]
METRICS = document("metric-catalog")["metrics"]


def random_case(chance: random.Random) -> dict[str, Any]:
    text = "".join(chance.choice([*TEXTS, *SECRETS, " ", "key", "=", "token: "]) for _ in range(chance.randint(1, 5)))
    case: dict[str, Any] = {"text": text, "metric": random_metric(chance)}
    if chance.random() < 0.3:
        return {**case, "thrown": {"name": chance.choice(NAMES), "message": chance.choice([*MESSAGES, text])}}
    return {**case, "returned": random_result(chance, text)}


def random_result(chance: random.Random, text: str) -> Any:
    envelope = {
        "status": chance.choice(["success", "error", "partial"]),
        "request_id": chance.choice(["mine", text or "x"]),
        "data": None if chance.random() < 0.5 else random_value(chance, 2),
        "error": None
        if chance.random() < 0.3
        else {"code": chance.choice(["NOT_FOUND", "THROTTLE", "NO_CODE"]), "message": text or "x", "retryable": True, "support_ref": "ref"},
    }
    value = chance.choice([envelope, random_value(chance, 3)])
    if chance.random() < 0.5:
        return value
    body = chance.choice([json.dumps(value, ensure_ascii=False), text, value, None])
    headers = {"X-Text": text, "Content-Type": "text/plain", "Retry-After": "7", "Vary": "Accept", "X-Number": 7}
    kept = {name: headers[name] for name in chance.sample(list(headers), chance.randint(0, 3))}
    return {"statusCode": chance.choice([200, 201, 204, 302, 404, 500, "503", 42]), "headers": kept, "body": body}


def random_value(chance: random.Random, depth: int) -> Any:
    kind = chance.randint(0, 5 if depth > 0 else 3)
    if kind <= 1:
        return chance.choice([*TEXTS, *SECRETS])
    if kind == 2:
        return chance.choice(NUMBERS)
    if kind == 3:
        return chance.choice([None, True, False])
    if kind == 4:
        return [random_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    return {chance.choice(["a", "b c", "é", "status", "data"]): random_value(chance, depth - 1) for _ in range(chance.randint(0, 3))}


def random_metric(chance: random.Random) -> dict[str, Any]:
    entry = chance.choice(METRICS)
    values = [*TEXTS, "chat", ": x ", True, 7, 1.0]
    dimensions = {
        name: chance.choice([*entry.get("dimensionValues", {}).get(name, []), *values])
        for name in entry["dimensions"]
        if chance.random() < 0.8
    }
    return {"id": entry["id"], "value": chance.choice(NUMBERS), "dimensions": dimensions}


def test_both_runtimes_answer_alike(output: Output, monkeypatch: Any) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    chance = random.Random(SEED)
    lines = [json.dumps(random_case(chance)) for _ in range(CASES)]
    node = (
        subprocess.run(
            ["node", "-r", "tsx/cjs", "test/support/differential-node.ts"],
            cwd=ROOT,
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **ENVIRONMENT},
        )
        .stdout.rstrip("\n")
        .split("\n")
    )
    assert len(node) == CASES
    differences = []
    for line, answered in zip(lines, node, strict=True):
        left, right = without_chance(answered), python_side(json.loads(line), output)
        if left != right:
            differences.append((line, left, right))
    assert not differences, "\n\n".join(f"case   {case}\nNode   {left}\nPython {right}" for case, left, right in differences[:3])


def python_side(case: dict[str, Any], output: Output) -> str:
    def handler(_event: object, _context: object) -> object:
        if "thrown" not in case:
            return case["returned"]
        raise type(case["thrown"]["name"], (Exception,), {})(case["thrown"]["message"])

    answer = standard_handler(handler, kind="API")(http_event(), LambdaContext())
    output.forget()
    emit_metric(case["metric"]["id"], case["metric"]["value"], case["metric"]["dimensions"])
    return without_chance(json.dumps([answer, output.text.split("\n"), redact_text(case["text"])], ensure_ascii=False))


def without_chance(line: str) -> str:
    """Each part is compared as text; only the order of a proxy result's own fields is none."""
    answer, logged, redacted = json.loads(line)
    blobs = [blob for blob in logged if '"_aws"' in blob]
    return VOLATILE.sub(r"\1\2", json.dumps([answer, blobs, redacted], sort_keys=True))
