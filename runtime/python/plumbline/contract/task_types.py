"""Task types, and how long an answer of each may take."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

_SHOWN_NAMES = 3
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class TaskTypeSettings:
    """Read timeouts in milliseconds and service tiers by task type, and what else the document holds."""

    read_timeout_ms: Mapping[str, int]
    service_tiers: Mapping[str, str]
    unknown_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTimeoutLimits:
    """What a read timeout may be, in milliseconds."""

    min_ms: int
    max_ms: int


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """The service tiers there are, those of the task types, which requests can name one, and which of them wrap it."""

    names: tuple[str, ...]
    by_task_type: Mapping[str, str]
    operations: frozenset[str]
    typed: frozenset[str]


class UnusableDocumentError(ValueError):
    """Why a document of AppConfig cannot be used."""


def find_unknown_task_types(names: Collection[str], built_in: Mapping[str, int]) -> list[str]:
    """The names that are no task types."""
    return [name for name in names if name not in built_in]


def is_read_timeout_ms(value: object, limits: ReadTimeoutLimits) -> TypeGuard[float]:
    """Whether a value can be a read timeout."""
    is_whole = (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    return is_whole and limits.min_ms <= value <= limits.max_ms  # type: ignore[operator]


def task_type_settings_of(text: str, built_in: Mapping[str, int], limits: ReadTimeoutLimits, tiers: TierPolicy) -> TaskTypeSettings:
    """
    The settings of a document over the built-in ones. One wrong value and none of them counts: half a policy is nobody's.

    Raises `UnusableDocumentError`, which says what is wrong with it.
    """
    parsed = _record_of(text)
    given = parsed.get("readTimeoutMs")
    if not isinstance(given, dict):
        raise UnusableDocumentError('the document is not JSON of the shape {"readTimeoutMs": {"<task type>": <milliseconds>}}')
    given_tiers = parsed.get("serviceTiers")
    given_tiers = {} if given_tiers is None else given_tiers
    if not isinstance(given_tiers, dict):
        raise UnusableDocumentError('serviceTiers is not of the shape {"<task type>": "<service tier>"}')
    unknown = find_unknown_task_types([*given, *given_tiers], built_in)
    if unknown:
        raise UnusableDocumentError(f"unknown task types: {short_list(unknown)}; known are {', '.join(built_in)}")
    wrong = [task_type for task_type, value in given.items() if not is_read_timeout_ms(value, limits)]
    if wrong:
        raise UnusableDocumentError(f"not whole milliseconds from {limits.min_ms} to {limits.max_ms}: {', '.join(wrong)}")
    tuned = {task_type: int(value) for task_type, value in given.items()}
    no_tiers = [task_type for task_type, value in given_tiers.items() if value not in tiers.names]
    if no_tiers:
        raise UnusableDocumentError(f"no service tiers ({', '.join(tiers.names)}): {', '.join(no_tiers)}")
    unknown_keys = tuple(key for key in parsed if key not in ("readTimeoutMs", "serviceTiers"))
    return TaskTypeSettings({**built_in, **tuned}, {**tiers.by_task_type, **given_tiers}, unknown_keys)


def with_service_tier(operation: str, params: Mapping[str, Any], tier: str | None, tiers: TierPolicy) -> dict[str, Any]:
    """A request with the service tier of its task type, where the operation knows tiers and the request names none."""
    if tier is None or operation not in tiers.operations or params.get("serviceTier") is not None:
        return dict(params)
    return {**params, "serviceTier": {"type": tier} if operation in tiers.typed else tier}


def short_list(names: Collection[str]) -> str:
    """A few names for a log line; there may be thousands, of any length."""
    shown = [f"{name[:_SHOWN_CHARACTERS]}…" if len(name) > _SHOWN_CHARACTERS else name for name in list(names)[:_SHOWN_NAMES]]
    return ", ".join(shown) + (f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else "")


def _record_of(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
