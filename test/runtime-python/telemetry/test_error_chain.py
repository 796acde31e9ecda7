from typing import Any

import pytest
from plumbline.telemetry.error_chain import error_chain
from support.vectors import vectors

CASES = [pytest.param(case, id=case["name"]) for case in vectors("error-chains")["cases"]]


@pytest.mark.parametrize("case", CASES)
def test_the_log_says_of_an_error_what_the_contract_says(case: dict[str, Any]) -> None:
    assert error_chain(case["thrown"]) == case["chain"]


def test_exceptions_are_followed_to_their_causes_and_to_those_that_they_group() -> None:
    group = ExceptionGroup("both", [ValueError("one"), KeyError("two")])
    group.__cause__ = RuntimeError("why")
    assert [f"{error['name']}: {error['message']}" for error in error_chain(group)] == [
        "ExceptionGroup: both (2 sub-exceptions)",
        "RuntimeError: why",
        "ValueError: one",
        "KeyError: 'two'",
    ]


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert [error["message"] for error in error_chain(first)] == ["first", "second"]
