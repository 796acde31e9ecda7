"""The handler as users write it: a function, or an async one."""

from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any

UserHandler = Callable[[Any, Any], Any]


def call_handler(handler: UserHandler, event: object, context: object) -> object:
    """Calls a handler. An error that is returned counts as raised, since as a result it would leave with all of its properties."""
    returned = call_as_written(handler, event, context)
    if isinstance(returned, BaseException):
        raise returned
    return returned


def call_as_written(handler: UserHandler, event: object, context: object) -> object:
    """Calls a handler; what an async one returns is run to its end, which Lambda itself does not do."""
    returned = handler(event, context)
    if isinstance(returned, CoroutineType):
        # asyncio loads as long as half of the runtime, and most handlers do without.
        from asyncio import run

        returned = run(_awaited(returned))
    return returned


async def _awaited(coroutine: Coroutine[Any, Any, object]) -> object:
    return await coroutine
