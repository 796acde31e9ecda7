"""The standard's runtime for Python: the same words as `cdk-plumbline/runtime` for Node.js, in snake_case."""

from importlib import import_module

# Loaded on first use: a function that calls no model does not pay for the client.
_HOMES: dict[str, str] = {}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
