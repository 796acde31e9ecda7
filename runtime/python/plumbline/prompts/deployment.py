"""What an environment serves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract import document
from ..contract.prompt_registry import current_key, environment_object, is_candidate_chosen, signed_text
from .attributes import Attributes, values_of
from .prompt_problem import PromptProblem, integrity_problem
from .signing_key import SigningKey

_CONTRACT = document("prompt-registry")
_VERSION = re.compile(_CONTRACT["versionPattern"])
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST_WHOLE = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Release:
    """One version as it is deployed: where its document is, and what that has to be."""

    version: str
    template_hash: str
    compiled_hash: str
    key: str
    object_version_id: str
    #: Of the object's bytes.
    sha256: str


@dataclass(frozen=True, slots=True)
class Deployment:
    #: Grows with each deployment: an older one that is put back is found by it.
    sequence: int
    #: All that it says.
    text: str
    active: Release
    candidate: Release | None
    #: The candidate's share of the sessions.
    percent: int
    #: Template hashes that may not be served any more.
    revoked: frozenset[str]


def require_deployment(item: Attributes, environment: str, prompt_id: str, key: SigningKey | None) -> Deployment:
    """
    The deployment that an item says. `key` is None where nothing is signed: in the sandbox.

    Raises a PromptProblem when it is half-written, of another place, or not signed.
    """
    fields = _fields_of(item)
    place = {**current_key(environment, prompt_id), "kind": "deployment", "environment": environment, "prompt_id": prompt_id}
    if any(fields.get(name) != value for name, value in place.items()):
        raise integrity_problem("deployment_place", "The deployment is one of another prompt, environment or kind.")
    try:
        text = signed_text(fields)
    except (ValueError, TypeError) as error:
        raise integrity_problem("deployment_shape", "The deployment holds what JSON has no words for.") from error
    if key and not key.has_signed(fields):
        raise integrity_problem("deployment_signature", "The deployment is not signed by the registry's key.")
    sequence = whole_number(fields.get("sequence"))
    if sequence is None or sequence < 1:
        raise _misshapen("sequence")
    revoked = fields.get("revoked", [])
    if not isinstance(revoked, list) or not all(isinstance(one, str) for one in revoked):
        raise _misshapen("revoked")
    active = _release_of(fields.get("active"), environment, prompt_id, "active")
    if "candidate" not in fields:
        return Deployment(sequence, text, active, None, 0, frozenset(revoked))
    candidate = _release_of(fields["candidate"], environment, prompt_id, "candidate")
    return Deployment(sequence, text, active, candidate, _percent_of(fields["candidate"]), frozenset(revoked))


def release_for(deployment: Deployment, prompt_id: str, session_key: str | None, revoked: frozenset[str]) -> Release:
    """
    The release for a session: one session sees one version. A candidate that was revoked is chosen for none; `revoked` is what is known
    to be by now.
    """
    candidate = deployment.candidate
    if candidate is None or session_key is None or candidate.template_hash in revoked:
        return deployment.active
    is_chosen = is_candidate_chosen(prompt_id, candidate.version, session_key, deployment.percent)
    return candidate if is_chosen else deployment.active


def whole_number(value: object) -> int | None:
    """A whole number, however JSON wrote it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > _LARGEST_WHOLE:
        return None
    return int(value) if int(value) == value else None


def _fields_of(item: Attributes) -> dict[str, Any]:
    try:
        return values_of(item)
    except (TypeError, ValueError, AttributeError) as error:
        raise integrity_problem("deployment_shape", f"The deployment has {error}.") from error


def _release_of(given: object, environment: str, prompt_id: str, name: str) -> Release:
    members: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    version, object_version = members.get("version"), members.get("object_version_id")
    hashes: Sequence[Any] = [members.get(one) for one in ("template_hash", "compiled_hash", "sha256")]
    if not isinstance(version, str) or not _VERSION.fullmatch(version) or not isinstance(object_version, str) or not object_version:
        raise _misshapen(name)
    if not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in hashes):
        raise _misshapen(name)
    key = environment_object(environment, prompt_id, version)
    if members.get("key") != key:
        raise _misshapen(f"{name}.key")
    return Release(version, hashes[0], hashes[1], key, object_version, hashes[2])


def _percent_of(candidate: Mapping[str, Any]) -> int:
    percent = whole_number(candidate.get("percent"))
    if percent is None or not _CONTRACT["candidate"]["minPercent"] <= percent <= _CONTRACT["candidate"]["maxPercent"]:
        raise _misshapen("candidate.percent")
    return percent


def _misshapen(member: str) -> PromptProblem:
    return integrity_problem("deployment_shape", f"The deployment's member {member} is not there, or is not what it should be.")
