"""A proxy result as a load balancer reads it that takes a list of values for each header."""

from collections.abc import Sequence
from typing import Any

from .proxy_result import ProxyResult


def with_listed_headers(result: ProxyResult) -> dict[str, Any]:
    lists: dict[str, tuple[str, list[Any]]] = {}

    def add(name: str, values: Sequence[Any]) -> None:
        _, known = lists.setdefault(name.lower(), (name, []))
        known += [value for value in values if not any(value == other and type(value) is type(other) for other in known)]

    for name, value in result["headers"].items():
        add(name, [value])
    for name, values in result.get("multiValueHeaders", {}).items():
        add(name, values)
    if "cookies" in result:
        add("set-cookie", result["cookies"])
    rest = {key: value for key, value in result.items() if key not in ("headers", "multiValueHeaders", "cookies")}
    return {**rest, "multiValueHeaders": dict(lists.values())}
