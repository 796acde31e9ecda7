"""Where the prompt registry keeps what, what is signed, and who gets a candidate: the same as in TypeScript."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from . import document
from .prompts import canonical_json, well_formed

_CONTRACT = document("prompt-registry")
_UNSIGNED = frozenset(_CONTRACT["signing"]["unsigned"])
_MODULUS: int = _CONTRACT["candidate"]["modulus"]
_TABLE = _CONTRACT["table"]


def environment_object(environment: str, prompt_id: str, version: str) -> str:
    """Where in the bucket an environment's copy of a version is."""
    return str(_CONTRACT["objects"]["environment"]).format(environment=environment, prompt_id=prompt_id, version=version)


def current_key(environment: str, prompt_id: str) -> dict[str, str]:
    """The deployment that an environment has now."""
    partition = str(_TABLE["deployed"]).format(environment=environment, prompt_id=prompt_id)
    return {_TABLE["partitionKey"]: partition, _TABLE["sortKey"]: _TABLE["current"]}


def signed_text(statement: Mapping[str, Any]) -> str:
    """The text whose SHA-256 is signed: the canonical JSON of a statement without its signature."""
    return canonical_json({name: value for name, value in statement.items() if name not in _UNSIGNED})


def is_candidate_chosen(prompt_id: str, version: str, session_key: str, percent: int) -> bool:
    """Whether a session gets the candidate."""
    return candidate_bucket(prompt_id, version, session_key) < percent * (_MODULUS // 100)


def candidate_bucket(prompt_id: str, version: str, session_key: str) -> int:
    """The bucket of a session; the version is the candidate's."""
    text = well_formed(f"{prompt_id} {version} {session_key}")
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % _MODULUS
