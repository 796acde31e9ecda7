"""What Bedrock's Converse is asked, as far as a prompt says it: the same as in TypeScript."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .prompts import canonical_json

_MEMBERS = {"after", "ttl"}
# The parameters that Converse knows of every model; a model's own ones go beside them.
_COMMON = ("maxTokens", "temperature", "topP", "stopSequences")
_TOOLS = -1


class _Point(NamedTuple):
    #: That of a message; -1 for the tools.
    place: int
    ttl: str | None


def find_wrong_cache_points(content: Mapping[str, Any]) -> list[str]:
    """
    What is wrong with the cache points of a prompt, whoever wrote them: nothing, when a request can be made of them. Whether the
    model takes them is another question.
    """
    given = content.get("cachePoints")
    if given is None:
        return []
    if not isinstance(given, list) or not given:
        return ["cachePoints has to be a list, such as [{ after: system }]"]
    faults = [_fault_of(point, content) or _twice(given[:at], point, content) for at, point in enumerate(given)]
    return [f"cache point {at + 1} {fault}" for at, fault in enumerate(faults) if fault]


def converse_input(content: Mapping[str, Any]) -> dict[str, Any]:
    """
    The input of Converse that a prompt says, its variables filled. Messages of one role in a row become one, with a text each: Converse
    wants the roles in turn.
    """
    points = [_Point(_index_of(point, content), point.get("ttl")) for point in content.get("cachePoints") or ()]
    system: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    for index, message in enumerate(content["messages"]):
        blocks = [{"text": message["text"]}, *_blocks_after(index, points)]
        if message["role"] == "system":
            system += blocks
        elif turns and turns[-1]["role"] == message["role"]:
            turns[-1]["content"] += blocks
        else:
            turns.append({"role": message["role"], "content": blocks})
    asked: dict[str, Any] = {
        "modelId": content["model"],
        "system": system,
        "messages": turns,
        "toolConfig": _tool_config(content.get("tools"), points),
        **_parameters(content.get("parameters")),
        "guardrailConfig": _guardrail_config(content.get("guardrail")),
        "outputConfig": _output_config(content.get("responseSchema")),
    }
    return {name: value for name, value in asked.items() if value is not None and (name != "system" or system)}


def _fault_of(point: object, content: Mapping[str, Any]) -> str | None:
    if not isinstance(point, dict) or not point.keys() <= _MEMBERS:
        return "is not { after } or { after, ttl }"
    after = point.get("after")
    if "ttl" in point and not isinstance(point["ttl"], str):
        return "has a ttl that is no text"
    if after == "tools":
        return None if _has_tools(content.get("tools")) else "stands after tools, and the prompt has none"
    messages = content["messages"]
    if after == "system":
        is_there = any(message["role"] == "system" for message in messages)
        return None if is_there else "stands after system, and the prompt has no such message"
    if isinstance(after, bool) or not isinstance(after, int | float) or after != after // 1:
        return "has to stand after tools, after system or after the number of a message"
    return None if 1 <= after <= len(messages) else f"stands after message {int(after)}, and the prompt has {len(messages)}"


def _twice(others: Sequence[Any], point: Mapping[str, Any], content: Mapping[str, Any]) -> str | None:
    sound = [other for other in others if _fault_of(other, content) is None]
    place = _index_of(point, content)
    return "stands where another one stands" if any(_index_of(other, content) == place for other in sound) else None


def _index_of(point: Mapping[str, Any], content: Mapping[str, Any]) -> int:
    after = point["after"]
    if after == "tools":
        return _TOOLS
    if after == "system":
        return max(index for index, message in enumerate(content["messages"]) if message["role"] == "system")
    return int(after) - 1


def _has_tools(tools: Any) -> bool:
    listed = tools.get("tools") if isinstance(tools, dict) else tools
    return isinstance(listed, list) and len(listed) > 0


def _blocks_after(index: int, points: Sequence[_Point]) -> list[dict[str, Any]]:
    return [
        {"cachePoint": {"type": "default"} if point.ttl is None else {"type": "default", "ttl": point.ttl}}
        for point in points
        if point.place == index
    ]


def _tool_config(tools: Any, points: Sequence[_Point]) -> dict[str, Any] | None:
    config = {"tools": tools} if isinstance(tools, list) else tools
    if not isinstance(config, dict):
        return None
    blocks = _blocks_after(_TOOLS, points)
    return {**config, "tools": [*config["tools"], *blocks]} if blocks else dict(config)


def _parameters(parameters: Any) -> dict[str, Any]:
    members = parameters if isinstance(parameters, dict) else {}
    common = {name: value for name, value in members.items() if name in _COMMON}
    own = {name: value for name, value in members.items() if name not in _COMMON}
    return {"inferenceConfig": common or None, "additionalModelRequestFields": own or None}


def _guardrail_config(guardrail: Any) -> dict[str, Any] | None:
    if guardrail is None or isinstance(guardrail, dict):
        return guardrail
    return {"guardrailIdentifier": guardrail}


def _output_config(schema: Any) -> dict[str, Any] | None:
    if schema is None:
        return None
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": canonical_json(schema)}}}}
