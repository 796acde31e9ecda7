import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline.telemetry.redaction import redact_text, redacted
from support.cases import generated

CASES: list[tuple[str, str, str]] = [
    ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE", "key [redacted] used"),
    ("password=hunter2; user=x", "hunter2", "password=[redacted]; user=x"),
    ('{"password":"hunter2","user":"x"}', "hunter2", '{"password":"[redacted]","user":"x"}'),
    ("postgres://chat:hunter2@db:5432/x", "hunter2", "postgres://chat:[redacted]@db:5432/x"),
    ("GET /x?access_token=abc&y=1 HTTP/1.1", "abc", "GET /x?access_token=[redacted]&y=1 HTTP/1.1"),
    ("Bearer abcdefghijkl was refused", "abcdefghijkl", "Bearer [redacted] was refused"),
]
PARTS = [
    "a.",
    "key ",
    'password="',
    '"token":[',
    "eyJ",
    "Bearer ",
    "://a:",
    "\\\\",
    "sk-",
    "-----BEGIN ",
    "{",
    "[",
    "=",
    ": ",
    "&sig=",
    "AKIA",
    "é",
]


@pytest.mark.parametrize(("text", "secret", "black"), CASES)
def test_a_secret_in_a_text_is_black_wherever_it_stands_and_black_once(text: str, secret: str, black: str) -> None:
    assert redact_text(text) == black
    for around in (f"before {text}", json.dumps({"line": text}), json.dumps({"body": json.dumps({"line": text})})):
        assert secret not in redact_text(around)
        assert redact_text(redact_text(around)) == redact_text(around)


@pytest.mark.parametrize("name", ["password", "dbPassword", "api_key", "X-Amz-Security-Token", "Authorization"])
def test_the_value_of_a_secret_field_is_black(name: str) -> None:
    assert redacted({"list": [{name: {"nested": "some value"}}]}) == {"list": [{name: "[redacted]"}]}


@pytest.mark.parametrize("name", ["max_tokens", "nextToken", "secretArn", "partition_key", "token_count"])
def test_the_value_of_a_harmless_field_stays(name: str) -> None:
    assert redacted({name: "some value"}) == {name: "some value"}


def test_a_value_that_json_does_not_know_is_put_into_words() -> None:
    circle: dict[str, object] = {"other": "x"}
    circle["self"] = circle
    assert redacted({"circle": circle, "tags": {"a"}}) == {"circle": {"other": "x"}, "tags": ["a"]}


def test_an_exception_keeps_its_causes_and_loses_its_secrets() -> None:
    error = RuntimeError("password=hunter2")
    error.__cause__ = ValueError("inner")
    error.config = {"headers": {"Authorization": "x"}}  # type: ignore[attr-defined]
    copy = redacted(error)
    assert isinstance(copy, dict)
    assert (copy["name"], copy["message"], copy["cause"]["message"]) == ("RuntimeError", "password=[redacted]", "inner")
    assert copy["config"] == {"headers": {"Authorization": "[redacted]"}}


@pytest.mark.parametrize("part", PARTS)
def test_the_work_grows_with_the_length_of_a_text_and_with_nothing_else(part: str) -> None:
    def least_seconds(length: int) -> float:
        text = part * (length // len(part))
        return min(_seconds(text) for _ in range(3))

    short, long = least_seconds(10_000), least_seconds(80_000)
    assert long < max(16 * short, 0.02)


def _seconds(text: str) -> float:
    start = time.process_time()
    redact_text(text)
    return time.process_time() - start


@settings(max_examples=generated(len(CASES)), deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_secret_leaks_beside_any_text(before: str, after: str) -> None:
    for text, secret, _ in CASES:
        if secret not in before and secret not in after:
            assert secret not in redact_text(f"{before} {text}\n{after}")
