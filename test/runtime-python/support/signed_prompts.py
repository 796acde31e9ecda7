"""Documents and deployments as the registry has them, signed with a key of tests."""

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from plumbline.contract.prompt_registry import current_key, environment_object, signed_text
from plumbline.contract.prompts import canonical_json, compiled_hash, template_hash

_KEY = json.loads((Path(__file__).resolve().parents[2] / "support" / "prompt-registry" / "signing-key.json").read_text(encoding="utf-8"))
_MODULUS, _EXPONENT = int(_KEY["modulus"], 16), int(_KEY["privateExponent"], 16)
_SIZE = (_MODULUS.bit_length() + 7) // 8
_SHA_256 = bytes.fromhex("3031300d060960864801650304020105000420")

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PUBLIC_KEY: str = _KEY["publicKey"]


@dataclass(frozen=True)
class Published:
    content: bytes
    release: dict[str, Any]


def signed(statement: dict[str, Any]) -> dict[str, Any]:
    end = _SHA_256 + sha256(signed_text(statement).encode()).digest()
    return {**statement, "signature": signature_of(b"\x00\x01" + b"\xff" * (_SIZE - 3 - len(end)) + b"\x00" + end)}


def signature_of(block: bytes) -> str:
    """What the key makes of a block, whatever the block is."""
    return b64encode(pow(int.from_bytes(block, "big"), _EXPONENT, _MODULUS).to_bytes(_SIZE, "big")).decode()


def published(
    version: str = "1.0.0",
    text: str = "Say hello to {{name}}.",
    longest: int = 40,
    environment: str = "prod",
    is_signed: bool = True,
    **more: Any,
) -> Published:
    """`more` is other content of the prompt."""
    written = {"model": "amazon.nova-pro-v1:0", "messages": [{"role": "user", "text": text}], "parameters": {"maxTokens": 512}}
    content = {**written, **more}
    variables = {"name": {"sample": "Ada", "maxLength": longest}}
    hashes = {"template_hash": template_hash(content), "compiled_hash": compiled_hash(content, variables)}
    document = {"kind": "version", "id": "greeting", "version": version, **content, "variables": variables, **hashes}
    in_bytes = canonical_json(signed(document) if is_signed else document).encode()
    digest = sha256(in_bytes).hexdigest()
    place = {"key": environment_object(environment, "greeting", version), "object_version_id": f"v-{digest[:12]}"}
    return Published(in_bytes, {"version": version, **hashes, **place, "sha256": digest})


def deployed(
    active: dict[str, Any],
    sequence: int = 1,
    revoked: list[str] | None = None,
    environment: str = "prod",
    is_signed: bool = True,
    **more: Any,
) -> dict[str, Any]:
    """The item of a deployment, as DynamoDB has it."""
    statement = {"kind": "deployment", "environment": environment, "prompt_id": "greeting", "sequence": sequence, "active": active}
    statement = {**statement, "revoked": revoked or [], **more}
    return item_of({**current_key(environment, "greeting"), **(signed(statement) if is_signed else statement)})


def item_of(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: _attribute_of(value) for name, value in statement.items()}


def _attribute_of(value: Any) -> dict[str, Any]:
    match value:
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case list():
            return {"L": [_attribute_of(one) for one in value]}
    return {"M": item_of(value)}
