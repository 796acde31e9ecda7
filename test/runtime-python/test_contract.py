import json
from pathlib import Path
from typing import Any

import pytest
from plumbline.contract import document
from support.vectors import VECTORS, vectors

CONTRACT = Path(__file__).resolve().parents[2] / "contract"
TESTS = set(Path(__file__).resolve().parent.rglob("test_*.py"))


def test_a_checkout_reads_the_contracts_own_files() -> None:
    for file in CONTRACT.glob("*.json"):
        assert document(file.stem)["$schema"]


def _text(case: Any) -> str:
    return json.dumps(case, sort_keys=True)


def find_left_aside(replayed: set[str], *, is_whole_run: bool) -> list[str]:
    """The cases of the vectors that no test replays; of a run of some tests only where others of the same file are replayed."""
    left: list[str] = []
    for file in sorted(VECTORS.glob("*.json")):
        cases = {_text(case): case["name"] for case in vectors(file.stem)["cases"]}
        if is_whole_run or not replayed.isdisjoint(cases):
            left += [f"{file.stem}: {name}" for text, name in cases.items() if text not in replayed]
    return left


def test_every_case_of_the_vectors_is_replayed(request: pytest.FixtureRequest) -> None:
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    given = (value for item in items if hasattr(item, "callspec") for value in item.callspec.params.values())
    replayed = {_text(value) for value in given if isinstance(value, dict) and "name" in value}
    assert find_left_aside(replayed, is_whole_run={item.path for item in items} >= TESTS) == []


def test_a_case_that_is_left_aside_is_named() -> None:
    cases = vectors("retry-delays")["cases"]
    assert find_left_aside({_text(case) for case in cases[1:]}, is_whole_run=False) == [f"retry-delays: {cases[0]['name']}"]
    assert f"circuit-decisions: {vectors('circuit-decisions')['cases'][0]['name']}" in find_left_aside(set(), is_whole_run=True)
