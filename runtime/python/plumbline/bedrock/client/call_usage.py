"""What one call used: tokens, and why its answer ended."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from ...contract import document

_CONTRACT = document("call-usage")
_COUNTERS: dict[str, Any] = _CONTRACT["counters"]
_STOP: dict[str, Any] = _CONTRACT["stopReason"]
_BODY: dict[str, Any] = _CONTRACT["body"]
_NOT_YET = frozenset(_CONTRACT["firstToken"]["notYet"])

_COUNTER_PATHS = {name: [path.split(".") for path in counter["paths"]] for name, counter in _COUNTERS.items()}
_STOP_PATHS = [path.split(".") for path in _STOP["paths"]]
_HINTS = (_BODY["hint"].encode(), _STOP["guardrail"]["path"].encode())
_REASON = re.compile("[A-Za-z][A-Za-z_]{0,63}")
_COUNT = re.compile("[0-9]{1,15}")
_LARGEST_COUNT = 2**53 - 1

#: By the counter's name in the contract, `input` being the sum of what was read anew, read from the cache and written into it; `stopReason`
#: is one of Converse's words where the model's own word means the same. What an answer did not tell is left out.
CallUsage = dict[str, Any]


class UsageReader:
    """Collects what the parts of an answer tell: its headers, its document, or the events of its stream, later ones last."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._told: set[str] = set()
        self._reason: str | None = None
        self._intervened = False

    def headers(self, headers: Mapping[str, str]) -> None:
        """Headers count whatever the body says. Their names are in lower case."""
        for name, counter in _COUNTERS.items():
            count = headers.get(counter["header"])
            if count is not None and _COUNT.fullmatch(count):
                self._counts[name] = int(count)
                self._told.add(name)

    def document(self, answer: object) -> None:
        """The answer of an operation, the body of a model, or one event of either's stream."""
        for name, paths in _COUNTER_PATHS.items():
            count = None if name in self._told else next(filter(_is_count, _values_at(answer, paths)), None)
            if count is not None:
                self._counts[name] = int(count)
        guardrail = _STOP["guardrail"]
        self._intervened = self._intervened or _value_at(answer, [guardrail["path"]]) == guardrail["value"]
        self._reason = next(filter(_is_reason, _values_at(answer, _STOP_PATHS)), self._reason)

    def body(self, content: bytes) -> None:
        """A body of InvokeModel. What cannot tell a reason is not parsed."""
        if len(content) <= _BODY["maxBytes"] and any(hint in content for hint in _HINTS):
            self.document(_try_json(content))

    def usage(self) -> CallUsage:
        counts = {name: self._counts[name] for name in _COUNTERS if name in self._counts}
        if "input" in counts:
            counts["input"] += counts.get("cacheRead", 0) + counts.get("cacheWrite", 0)
        reason = _STOP["guardrail"]["means"] if self._intervened else _STOP["words"].get(self._reason, self._reason)
        return counts if reason is None else {**counts, "stopReason": reason}


def holds_token(event: object) -> bool:
    """Whether an event of a stream can hold a token: the first ones only say that an answer begins."""
    member, content = next(iter(event.items()), (None, None)) if isinstance(event, Mapping) else (None, None)
    return not _NOT_YET.intersection(name for name in (member, _type_of(content), _type_of(event)) if isinstance(name, str))


def document_of(event: object) -> object:
    """The document that an event of InvokeModel's stream holds; any other event is one itself."""
    content = _value_at(event, ["chunk", "bytes"])
    return _try_json(content) if isinstance(content, bytes) else event


def usage_fields(usage: CallUsage) -> dict[str, object]:
    """How the log tells usage, beside the names of OpenTelemetry."""
    known = [name for name in _COUNTERS if name in usage]
    reason = usage.get("stopReason")
    return {
        **{_COUNTERS[name]["field"]: usage[name] for name in known},
        **({} if reason is None else {_STOP["field"]: reason}),
        **{_COUNTERS[name]["attribute"]: usage[name] for name in known},
        **({} if reason is None else {_STOP["attribute"]: [reason]}),
    }


def _values_at(answer: object, paths: Iterable[list[str]]) -> Iterable[object]:
    return (_value_at(answer, path) for path in paths)


def _value_at(answer: object, path: list[str]) -> object:
    value: Any = answer
    for name in path:
        if type(value) is dict or isinstance(value, Mapping):
            value = value.get(name)
            if value is None:
                return None
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _type_of(value: object) -> object:
    return value.get("type") if isinstance(value, Mapping) else None


def _is_count(value: object) -> TypeGuard[int]:
    if isinstance(value, float):
        return value.is_integer() and 0 <= value <= _LARGEST_COUNT
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_COUNT


def _is_reason(value: object) -> TypeGuard[str]:
    """A word, and no text of a model that stands where a word is looked for."""
    return isinstance(value, str) and _REASON.fullmatch(value) is not None


def _try_json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
