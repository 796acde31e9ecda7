import random
import sys

import pytest
import snapshot_restore_py
from plumbline import lifecycle


@pytest.fixture(autouse=True)
def _hooks_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_after_restore", list(lifecycle._after_restore))
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", [])


def restore() -> None:
    for hook, arguments, named in snapshot_restore_py.get_after_restore():
        hook(*arguments, **named)


def test_lambda_calls_what_is_registered_before_and_after_it_was_told() -> None:
    called = []
    lifecycle.after_restore(lambda: called.append("before"))
    lifecycle.register_with_lambda()
    lifecycle.after_restore(lambda: called.append("after"))
    assert called == []
    restore()
    assert called == ["before", "after"]


def test_chance_begins_anew_after_a_restore() -> None:
    lifecycle.register_with_lambda()
    random.seed(7)
    of_the_snapshot = random.random()
    random.seed(7)
    restore()
    assert random.random() != of_the_snapshot


def test_a_python_without_snapstart_has_no_hooks_and_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    lifecycle.register_with_lambda()
    assert snapshot_restore_py.get_after_restore() == []
