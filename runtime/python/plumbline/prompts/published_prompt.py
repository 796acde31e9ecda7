"""Prompts that were found to be what they should be."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ..contract.converse_input import find_wrong_cache_points
from ..contract.prompts import compiled_hash, template_hash, variables_of
from .deployment import Release, whole_number
from .prompt_problem import integrity_problem
from .signing_key import SigningKey

_ROLES = ("system", "user", "assistant")
_DECIDING = ("parameters", "tools", "responseSchema", "guardrail", "cachePoints")


@dataclass(frozen=True, slots=True)
class PublishedPrompt:
    """Nobody can change it: callers get copies."""

    id: str
    version: str
    template_hash: str
    model: str
    messages: tuple[Mapping[str, str], ...]
    #: Of each variable, how long it may be.
    max_lengths: Mapping[str, int]
    #: The names that the template uses.
    needed: tuple[str, ...]
    #: Each other member that decides an answer, as JSON.
    deciding: Mapping[str, str] = field(default_factory=dict)


def require_published(content: bytes, prompt_id: str, release: Release, key: SigningKey | None) -> PublishedPrompt:
    """
    The prompt in a document of the registry. `key` is None where nothing is signed: in the sandbox.

    Raises a PromptProblem when it is not the one that was deployed, byte by byte, or not signed.
    """
    where = release.key
    found = sha256(content).hexdigest()
    if found != release.sha256:
        raise integrity_problem("object_sha256", f"{where} has the SHA-256 {found}; deployed was {release.sha256}.")
    written = _document_of(content, where)
    if (written.get("kind"), written.get("id"), written.get("version")) != ("version", prompt_id, release.version):
        raise integrity_problem("document_place", f"{where} holds another prompt, another version or something else.")
    if key and not _is_signed(written, key):
        raise integrity_problem("document_signature", f"{where} is not signed by the registry's key.")
    prompt = read_prompt(written, where)
    _require_hash("template_hash", prompt.template_hash, (written.get("template_hash"), release.template_hash), where)
    _require_hash("compiled_hash", compiled_hash_of(written, where), (written.get("compiled_hash"), release.compiled_hash), where)
    return prompt


def read_prompt(written: Mapping[str, Any], where: str) -> PublishedPrompt:
    """The prompt that a document says, whoever wrote it. Raises a PromptProblem when it is none, or has no hash."""
    texts, messages, variables = (
        [written.get(name) for name in ("id", "version", "model")],
        written.get("messages"),
        written.get("variables", {}),
    )
    is_whole = (
        all(isinstance(text, str) and text for text in texts)
        and isinstance(messages, list)
        and len(messages) > 0
        and all(map(_is_message, messages))
        and isinstance(variables, dict)
        and all(map(_is_variable, variables.values()))
    )
    if not is_whole:
        raise integrity_problem("document_shape", f"{where} is not the document of a prompt.")
    for fault in find_wrong_cache_points(written):
        raise integrity_problem("document_shape", f"{where}: {fault}.")
    return PublishedPrompt(
        id=written["id"],
        version=written["version"],
        model=written["model"],
        template_hash=_hashed(lambda: template_hash(written), where),
        messages=tuple({"role": message["role"], "text": message["text"]} for message in written["messages"]),
        max_lengths={name: int(variable["maxLength"]) for name, variable in variables.items()},
        needed=tuple(dict.fromkeys(name for message in written["messages"] for name in variables_of(message["text"]))),
        deciding={name: json.dumps(written[name]) for name in _DECIDING if written.get(name) is not None},
    )


def compiled_hash_of(written: Mapping[str, Any], where: str) -> str:
    """Raises a PromptProblem for a variable that the template has and the document does not declare."""
    return _hashed(lambda: compiled_hash(written, written.get("variables", {})), where)


def document_in(text: str) -> Any:
    """What a JSON text says. Raises ValueError also for what Python alone takes for JSON."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _document_of(content: bytes, where: str) -> dict[str, Any]:
    try:
        written = document_in(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise integrity_problem("document_shape", f"{where} is no JSON.") from error
    if not isinstance(written, dict):
        raise integrity_problem("document_shape", f"{where} is not the document of a prompt.")
    return written


def _is_signed(written: Mapping[str, Any], key: SigningKey) -> bool:
    try:
        return key.has_signed(written)
    except (ValueError, TypeError, RecursionError):
        return False


def _require_hash(name: str, found: str, told: tuple[object, ...], where: str) -> None:
    if any(one != found for one in told):
        raise integrity_problem(name, f"{where}: its content has the {name} {found}. Told was {' and '.join(map(str, told))}.")


def _hashed(work: Callable[[], str], where: str) -> str:
    try:
        return work()
    except (ValueError, TypeError, RecursionError) as error:
        raise integrity_problem("document_shape", f"{where}: its content cannot be hashed. {error}.") from error


def _is_message(value: object) -> bool:
    return isinstance(value, dict) and value.get("role") in _ROLES and isinstance(value.get("text"), str)


def _is_variable(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("sample"), str) and (whole_number(value.get("maxLength")) or 0) > 0
