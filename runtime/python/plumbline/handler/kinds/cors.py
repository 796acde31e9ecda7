"""Lets a browser of an allowed origin read an answer, errors included."""

from collections.abc import Mapping, Sequence

from .proxy_result import ProxyResult, has_header


def add_allow_origin(result: ProxyResult, event: object, allowed_origins: Sequence[str]) -> None:
    """What the handler says itself stays."""
    if not allowed_origins or has_header(result, "access-control-allow-origin"):
        return
    if "*" in allowed_origins:
        result["headers"]["access-control-allow-origin"] = "*"
        return
    _add_vary_origin(result)
    origin = _request_origin(event)
    if origin in allowed_origins and origin is not None:
        result["headers"]["access-control-allow-origin"] = origin


def _add_vary_origin(result: ProxyResult) -> None:
    """A cache must keep the answers to different origins apart, beside whatever else the handler says they depend on."""
    headers, lists = result["headers"], result.get("multiValueHeaders", {})
    name = _header_name(headers, "vary") or "vary"
    listed = _header_name(lists, "vary")
    given = ", ".join(map(str, (*([headers[name]] if name in headers else []), *(lists[listed] if listed else []))))
    fields = [field.strip().lower() for field in given.split(",")]
    if "origin" in fields or "*" in fields:
        return
    if listed and not headers.get(name):
        lists[listed] = [*lists[listed], "Origin"]
    else:
        headers[name] = f"{headers[name]}, Origin" if headers.get(name) else "Origin"


def _request_origin(event: object) -> str | None:
    """The headers of a request are in any case, and those of a load balancer may be lists."""
    if not isinstance(event, Mapping):
        return None
    values = (_value_of_origin(event.get(place)) for place in ("headers", "multiValueHeaders"))
    value = next((found for found in values if found is not None), None)
    return value if isinstance(value, str) else None


def _value_of_origin(headers: object) -> object:
    name = _header_name(headers, "origin")
    value = headers[name] if name is not None and isinstance(headers, Mapping) else None
    return (value[0] if value else None) if isinstance(value, list) else value


def _header_name(headers: object, lower_case_name: str) -> str | None:
    names = headers if isinstance(headers, Mapping) else ()
    return next((name for name in names if isinstance(name, str) and name.lower() == lower_case_name), None)
