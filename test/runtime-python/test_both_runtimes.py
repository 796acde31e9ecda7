"""The same random cases through both runtimes: answers, log lines and metrics are equal, byte by byte."""

import io
import json
import os
import re
import subprocess
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from plumbline import EnvelopeError, emit_metric, logger, partial, standard_handler, success
from plumbline.handler.kinds.content_encoding import try_decompress
from plumbline.telemetry.settings import settings
from support.lambda_events import LambdaContext
from support.random_cases import Case, RandomCases

ROOT = Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("PLUMBLINE_DIFFERENTIAL_CASES", "10000"))
SHOWN = 3
SEED = int(os.environ.get("PLUMBLINE_DIFFERENTIAL_SEED", "20261127"))
ENVIRONMENT = {
    "PLUMBLINE_PRODUCT": "MangaAssist",
    "PLUMBLINE_ENVIRONMENT": "test",
    "PLUMBLINE_SERVICE_NAME": "chat",
    "PLUMBLINE_ALLOW_ORIGIN": "https://a.example",
}
# Random, or the time, or of one language only: not what is compared.
CHANCE = re.compile(
    r'("support_ref":")[a-z]{16}(?=")|("Timestamp":)\d+|("timestamp":")[^"]+|("EndToEndMs":)[\d.]+(?=}$)|,?"stack":"(?:[^"\\]|\\.)*"'
)


def test_both_runtimes_answer_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    generator = RandomCases(SEED)
    cases = [generator.case() for _ in range(CASES)]
    # Nothing but the text of a case is what both are given.
    lines = [json.dumps(case) for case in cases]
    with ThreadPoolExecutor(1) as pool:
        node = pool.submit(node_side, lines)
        python = [python_side(json.loads(line)) for line in lines]
        answered = node.result()
    differences: list[str] = []
    for line, left, right in zip(lines, answered, python, strict=True):
        pairs = zip_longest(without_chance(left), without_chance(right), fillvalue="")
        differences += [f"case   {line}\nNode   {one}\nPython {other}" for one, other in pairs if one != other][:1]
    assert not differences, f"{len(differences)} of {CASES}:\n\n" + "\n\n".join(differences[:SHOWN])


def node_side(lines: list[str]) -> list[dict[str, Any]]:
    command = ["node", "-r", "tsx/cjs", "test/support/both-runtimes.ts"]
    environment = {**os.environ, **ENVIRONMENT}
    result = subprocess.run(command, cwd=ROOT, env=environment, input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.rstrip("\n").split("\n")]


def python_side(case: Case) -> dict[str, Any]:
    left: list[object] = []

    def user_handler(_event: object, _context: object) -> object:
        left.append(behave(case))
        return left[0]

    with redirect_stdout(io.StringIO()) as written:
        try:
            answer = standard_handler(user_handler, kind=case["kind"], envelope=case["envelope"])(case["event"], LambdaContext())
        except Exception as error:
            answer = {"body": f"thrown: {error}"}
    # As text it is another one in each language.
    is_same = bool(left) and answer is left[0]
    lines = [line for line in written.getvalue().split("\n") if line]
    return {"answer": {"body": "as it was returned"} if is_same else answer, "lines": lines}


def behave(case: Case) -> object:
    metric, logged, returned = case["metric"], case["logged"], case["returned"]
    emit_metric(metric["id"], metric["value"], metric["dimensions"])
    logger.info(logged["message"], logged["fields"])
    match case["how"]:
        case "return":
            return returned
        case "success":
            return success(returned)
        case "partial":
            return partial(returned, exception_of(case["thrown"]))
        case "throw":
            raise exception_of(case["thrown"])
        case "return an error":
            return {"failed": [exception_of(case["thrown"])], "returned": returned}
    raise EnvelopeError(case["code"], case["thrown"]["message"])


def exception_of(thrown: Case) -> Exception:
    attributes = {"code": thrown["code"]} if "code" in thrown else {}
    error: Exception = type(thrown["name"], (Exception,), attributes)(thrown["message"])
    error.__cause__ = exception_of(thrown["cause"]) if "cause" in thrown else None
    return error


def without_chance(side: dict[str, Any]) -> list[str]:
    """Each part as a text; only the order of a proxy result's own fields is none, and compressed bytes are no text."""
    answer = dict(side["answer"])
    if answer.get("isBase64Encoded"):
        answer["body"] = decompressed_text(answer["body"])
    parts = [str(answer.pop("body")), json.dumps(answer, sort_keys=True), *side["lines"]]
    return [CHANCE.sub(r"\1\2\3\4", part) for part in parts]


def decompressed_text(body: str) -> str:
    """Of an envelope; what leaves as it came need be neither base64 nor compressed."""
    try:
        decompressed = try_decompress(b64decode(body), "gzip")
        return decompressed.decode() if decompressed is not None else body
    except ValueError:
        return body
