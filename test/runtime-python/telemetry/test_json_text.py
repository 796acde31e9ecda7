import json
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline.telemetry.json_text import json_text, number_text
from support.cases import generated


class Colour(Enum):
    RED = "red"


@dataclass
class Order:
    number: int
    tags: set[str]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ({"a": [1, 2.5, True, False, "x"], "b": {}}, '{"a":[1,2.5,true,false,"x"],"b":{}}'),
        ([], "[]"),
        (
            [1.0, -0.0, 1e21, 1e20, 1.5e-7, 1e-6, 123456789012345680.0],
            "[1,0,1e+21,100000000000000000000,1.5e-7,0.000001,123456789012345680]",
        ),
        ([float("nan"), float("inf"), -float("inf")], "[null,null,null]"),
        ({1: "a", 2.0: "b", 2.5: "c", False: "d", None: "e"}, '{"1":"a","2":"b","2.5":"c","false":"d","null":"e"}'),
        ({"whole": Decimal("7.00"), "exact": Decimal("12345678901234567890.5")}, '{"whole":7,"exact":12345678901234567890.5}'),
        ([Decimal("NaN"), Decimal("1E-9"), Decimal("1.50"), Decimal("-3")], "[null,1e-9,1.5,-3]"),
        ("é \ud83d \u2028", '"é \\ud83d \u2028"'),
        (
            [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), date(2026, 1, 2), time(3, 4)],
            '["2026-01-02T03:04:05+00:00","2026-01-02","03:04:00"]',
        ),
        ([Colour.RED, UUID(int=1)], '["red","00000000-0000-0000-0000-000000000001"]'),
        ([b"text", bytearray(b"x"), memoryview(b"y"), b"\xff"], '["text","x","y","/w=="]'),
        (
            [MappingProxyType({"a": 1}), OrderedDict(b=2), {3}, frozenset({4}), deque([5]), iter([6]), (7,)],
            '[{"a":1},{"b":2},[3],[4],[5],[6],[7]]',
        ),
        (Order(7, {"a"}), '{"number":7,"tags":["a"]}'),
        (SimpleNamespace(model_dump=lambda mode: {"mode": mode}), '{"mode":"json"}'),
    ],
)
def test_is_what_node_writes(value: object, text: str) -> None:
    assert json_text(value) == text


def test_asks_first_for_the_words_of_the_caller() -> None:
    assert (
        json_text({"a": {1}, "b": Order}, lambda value: "set" if isinstance(value, set) else str(value)) == f'{{"a":"set","b":"{Order}"}}'
    )


@pytest.mark.parametrize("value", [object(), Order, {"a": object()}, [1.0, object()], {(1, 2): 3}, {1.0: {(1, 2): 3}}])
def test_refuses_what_no_json_can_say(value: object) -> None:
    with pytest.raises(TypeError, match=r"type|keys must be"):
        json_text(value)


def test_refuses_a_value_that_holds_itself() -> None:
    circle: list[Any] = [1.0]
    circle.append(circle)
    with pytest.raises(TypeError, match="holds itself"):
        json_text(circle)
    shared = [1]
    assert json_text([shared, shared, float("nan")]) == "[[1],[1],null]"


# Above them a whole number reads as one that is no float.
FLOATS = st.floats(-(2**53), 2**53)


@settings(max_examples=generated(10))
@given(st.recursive(st.none() | st.booleans() | st.integers() | FLOATS | st.text(), st.lists))
def test_reads_as_what_was_written(value: object) -> None:
    assert json.loads(json_text(value)) == value


@settings(max_examples=generated(10))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_as_itself_and_has_no_needless_end(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert not text.endswith(".0")
    assert "e+0" not in text
    assert "e-0" not in text
