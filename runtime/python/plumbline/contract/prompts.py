"""What a prompt is compiled to, and its hashes: the same as in TypeScript, byte by byte."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

Message = Mapping[str, str]

# The members that decide an answer beside the messages; one that is None is as good as absent.
_DECIDING = ("cachePoints", "guardrail", "model", "parameters", "responseSchema", "tools")
_ROLE_LINE = re.compile(r"^<!-- (system|user|assistant) -->[ \t]*(?:\n|\Z)", re.MULTILINE)
# A literal `{{`, a variable, or a `{{` that is neither.
_PLACE = re.compile(r"\{\{\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}|\{\{(?!\{)")
_LITERAL = "{{{{"
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LARGEST_WHOLE = 2**53 - 1
_SMALLEST_WITHOUT_EXPONENT = 1e-6
_ESCAPED = json.JSONEncoder(ensure_ascii=False).encode


def normalised_text(text: str) -> str:
    """A file's text without its byte-order mark, each line end as `\\n`: an editor's habits change no hash."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def messages_of(template: str) -> list[dict[str, str]]:
    """
    The messages of a template: lines such as `<!-- system -->` begin one each. Without any it is one text of the user.

    Raises ValueError for text before the first of these lines, which would belong to no message.
    """
    lines = list(_ROLE_LINE.finditer(template))
    if not lines:
        return [{"role": "user", "text": template}]
    before = template[: lines[0].start()].strip(" \t\n")
    if before:
        raise ValueError(f'"{before[:40]}" stands before the first message. Put it under <!-- system --> or <!-- user -->')
    ends = [*(line.start() for line in lines[1:]), len(template)]
    return [{"role": line[1], "text": template[line.end() : end]} for line, end in zip(lines, ends, strict=True)]


def filled_prompt(template: str, values: Mapping[str, str]) -> str:
    """
    A template with each `{{name}}` replaced by its value, as it is: nothing is escaped, and a value is not looked at again.
    `{{{{` stands for `{{`; closing braces need no such form.

    Raises ValueError for a variable without a value, and for a `{{` that begins no variable.
    """

    def filled(place: re.Match[str]) -> str:
        name = place[1]
        if place[0] == _LITERAL:
            return "{{"
        if name is None:
            raise ValueError(f"{_position(place)}: {{{{ begins no variable. Write {{{{name}}}}, or {{{{{{{{ for the text {{{{")
        if name not in values:
            raise ValueError(f"{_position(place)}: the variable {name} has no value")
        return values[name]

    return _PLACE.sub(filled, template)


def variables_of(template: str) -> list[str]:
    """The names of a template's variables, each once, in the order of their first use."""
    return list(dict.fromkeys(place[1] for place in _PLACE.finditer(template) if place[1] is not None))


def filled_messages(messages: Sequence[Message], values: Mapping[str, str]) -> list[dict[str, str]]:
    """The messages with their variables filled. Raises as `filled_prompt` does."""
    return [{"role": message["role"], "text": filled_prompt(message["text"], values)} for message in messages]


def template_hash(content: Mapping[str, Any]) -> str:
    """The hash of a prompt whose variables are not filled."""
    deciding = {name: content[name] for name in _DECIDING if content.get(name) is not None}
    messages = [{"role": message["role"], "text": message["text"]} for message in content["messages"]]
    return _hash(canonical_json({**deciding, "messages": messages}))


def compiled_hash(content: Mapping[str, Any], variables: Mapping[str, Mapping[str, Any]]) -> str:
    """The hash of a prompt with each variable filled by its sample."""
    samples = {name: variable["sample"] for name, variable in variables.items()}
    return template_hash({**content, "messages": filled_messages(content["messages"], samples)})


def prompt_hash(messages: Sequence[Message]) -> str:
    """
    The hash of what was really sent: of its text, or of the canonical JSON of its messages when there are several. A value may
    come from a caller, so half of a surrogate pair counts as U+FFFD, which is what it is in UTF-8.
    """
    turns = [{"role": message["role"], "text": well_formed(message["text"])} for message in messages]
    return _hash(turns[0]["text"] if len(turns) == 1 else canonical_json(turns))


def canonical_json(value: object) -> str:
    """
    The canonical JSON of a value (RFC 8785): one text for it, whatever the order of its members.

    Raises ValueError for what two languages could write in two ways: half of a surrogate pair, NaN, and whole numbers beyond
    2**53 - 1; TypeError for what JSON has no word for.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _string_text(value)
        case int() | float():
            return _number_text(value)
        case list() | tuple():
            return f"[{','.join(map(canonical_json, value))}]"
        case Mapping():
            members = sorted(value.items(), key=lambda member: _code_units(member[0]))
            return f"{{{','.join(f'{_string_text(name)}:{canonical_json(member)}' for name, member in members)}}}"
    raise TypeError(f"A {type(value).__name__} is no JSON")


def _code_units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _string_text(text: str) -> str:
    if not _is_well_formed(text):
        raise ValueError(f"{text[:40]!r} holds half of a surrogate pair, which is no text in UTF-8")
    return _ESCAPED(text)


def _number_text(number: float) -> str:
    """As ECMAScript writes it."""
    is_whole = isinstance(number, int) or number.is_integer()
    if not (abs(number) <= _LARGEST_WHOLE if is_whole else math.isfinite(number)):
        raise ValueError(f"{number} has no canonical form: allowed are whole numbers up to 2**53 - 1, and fractions")
    if is_whole:
        return str(int(number))
    text = repr(float(number))
    if abs(number) >= _SMALLEST_WITHOUT_EXPONENT and "e" in text:
        from decimal import Decimal

        return format(Decimal(text), "f")
    return re.sub(r"e-0", "e-", text)


def well_formed(text: str) -> str:
    """Half of a surrogate pair as U+FFFD, which is what it is in UTF-8."""
    if _is_well_formed(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_well_formed(text: str) -> bool:
    # Most texts of a prompt: Python knows it of them without a look.
    return text.isascii() or not _HALF_PAIR.search(text)


def _position(place: re.Match[str]) -> str:
    lines = place.string[: place.start()].split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
