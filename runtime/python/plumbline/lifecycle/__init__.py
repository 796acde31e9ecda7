"""What begins anew: after SnapStart has restored a snapshot of the process, and in a process that was forked."""

import os
import random
from collections.abc import Callable

Begin = Callable[[], object]

# All that one snapshot becomes would draw the same numbers, the function's own code and libraries too. Python sees to it after a fork.
_after_restore: list[Begin] = [random.seed]


def after_restore(begin: Begin) -> Begin:
    """Calls `begin` in each environment that SnapStart makes from the snapshot of this one. Also a decorator."""
    _after_restore.append(begin)
    return begin


def after_fork(begin: Begin) -> Begin:
    """Calls `begin` in each process that is forked from this one. Also a decorator."""
    os.register_at_fork(after_in_child=begin)
    return begin


def begin_anew() -> None:
    """What Lambda calls after a restore."""
    for begin in list(_after_restore):
        begin()


def register_with_lambda() -> None:
    """Tells Lambda's own hooks of ours, where there are any: Python 3.12 and newer."""
    try:
        from snapshot_restore_py import register_after_restore
    except ImportError:
        return
    register_after_restore(begin_anew)
