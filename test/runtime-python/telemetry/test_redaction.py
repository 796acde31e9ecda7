import json
import re
import tracemalloc
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline.contract import document
from plumbline.telemetry.ecmascript import ecmascript
from plumbline.telemetry.found_words import FoundWords
from plumbline.telemetry.redacted_copy import redacted
from plumbline.telemetry.redaction import redact_start, redact_text
from support.cases import generated
from support.cpu_time import cpu_ms_of
from support.vectors import vectors

VECTORS = vectors("redaction")
ALL: list[dict[str, Any]] = VECTORS["cases"]
CASES = [pytest.param(case, id=case["name"]) for case in ALL]
SECRETS = [(case["text"], case["secret"]) for case in ALL if "secret" in case]
PARTS: list[str] = VECTORS["hostileParts"]
KB = 1024


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_black_and_what_stays_is_as_the_contract_says(case: dict[str, Any]) -> None:
    if "value" in case:
        assert redacted(case["value"]) == case["black"]
    elif "black" in case:
        assert redact_text(case["text"]) == case["black"]
    else:
        expect_black(case["text"], case["secret"])


def expect_black(text: str, secret: str) -> None:
    once = json.dumps({"line": text}, ensure_ascii=False)
    for around in (text, f"before {text}", once, json.dumps({"body": once}, ensure_ascii=False)):
        black = redact_text(around)
        assert secret not in black
        assert "[redacted]" in black
        assert redact_text(black) == black


@pytest.mark.parametrize("name", VECTORS["secretFields"])
def test_the_value_of_a_secret_field_is_black(name: str) -> None:
    assert redacted({name: "some value"}) == {name: "[redacted]"}
    assert redacted({"list": [{name: {"nested": "some value"}}]}) == {"list": [{name: "[redacted]"}]}


@pytest.mark.parametrize("name", VECTORS["harmlessFields"])
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


@pytest.mark.parametrize("form", document("redaction")["forms"], ids=lambda form: form["name"])
def test_whatever_has_the_form_of_a_secret_holds_one_of_its_marks(form: dict[str, Any]) -> None:
    pattern = ecmascript(f"{form.get('keeps', '')}(?:{form['pattern']})")
    texts = [text for text, _ in SECRETS] + ["".join(pair) for pair in product(PARTS, ["abcDEF123456" * 4, "x@", "y z"])]
    found = [match.group().lower() for text in texts for match in pattern.finditer(text)]
    assert found
    assert [secret for secret in found if not any(mark in secret for mark in form["marks"])] == []


def test_bytes_are_counted_and_not_shown() -> None:
    assert redacted({"body": b"password=hunter2", "more": bytearray(3)}) == {"body": "[16 bytes]", "more": "[3 bytes]"}


def test_a_text_that_is_too_long_for_a_log_is_cut_and_no_secret_in_two() -> None:
    for before in range(30):
        text = f"{'x' * (100 - before)} postgres://chat:hunter2@h/x {'y' * 100}"
        assert redact_start(text, 100) == redact_text(text)[:100]
    assert redacted(["z" * 2_000_000, "more"]) == ["z" * 1_048_576 + "[more]", "[more]"]


def test_a_text_with_more_names_than_any_that_is_meant_to_be_read_becomes_black_unread() -> None:
    assert re.fullmatch(r"(?:token )+token ?\[redacted\]", redact_text("token " * 5_000 + "and more"))
    dense = '{"token":" the","logprob":-0.1},' * 2_000
    assert redact_text(dense) == dense


HOSTILE = [
    *((json.dumps(part), part * (32 * KB // len(part))) for part in PARTS),
    *((nest["opening"], nest["opening"] * (16 * KB // len(nest["opening"])) + nest["closing"] * 1000) for nest in VECTORS["nested"]),
    ("everything in turn", "".join(PARTS) * 15),
]
# CPU time for each 10 KB, in milliseconds; half of it is what the hardest texts take.
MOST_MS = 30


@pytest.mark.parametrize(("what", "text"), HOSTILE, ids=lambda value: value[:24])
def test_the_work_for_a_text_is_bounded_by_its_length(what: str, text: str) -> None:
    limit = MOST_MS * len(text) / (10 * KB)
    assert cpu_ms_of(lambda: redact_text(text), enough=limit) <= limit, what


def test_a_long_hostile_text_costs_little_memory() -> None:
    text = "token " * 100_000
    redact_text(text)
    tracemalloc.start()
    try:
        redact_text(text)
        # Its copy in small letters, and what stays of it.
        assert tracemalloc.get_traced_memory()[1] < 3 * len(text)
    finally:
        tracemalloc.stop()


_WORDS = st.text("ab_1ü", min_size=1, max_size=4)


@settings(max_examples=generated(20))
@given(st.lists(_WORDS, max_size=8), st.text("ab_1ü", max_size=40))
def test_words_are_found_where_they_stand_however_they_overlap(words: list[str], text: str) -> None:
    found = FoundWords(words)
    assert sorted(found.within(text)) == sorted(word for word in {*words} if word in text)
    assert [*found.places_in(text)] == [at for at in range(len(text)) if text.startswith(tuple(words), at)]


@settings(max_examples=generated(len(SECRETS)))
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_secret_leaks_beside_any_text(before: str, after: str) -> None:
    for text, secret in SECRETS:
        if secret not in before and secret not in after:
            assert secret not in redact_text(f"{before} {text}\n{after}")
