"""The key that everything a service believes is signed with. Lambda has no package for it, and verifying takes none."""

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ..contract import document
from ..contract.prompt_registry import signed_text
from .prompt_problem import integrity_problem

_CONTRACT = document("prompt-registry")
_ALGORITHM: str = _CONTRACT["signing"]["algorithm"]
_MIN_KEY_BITS: int = _CONTRACT["read"]["minKeyBits"]
# With a smaller one less is proven: with 1 nothing. KMS has no other.
_MIN_EXPONENT = 65_537
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
# How an RSA key's SubjectPublicKeyInfo names its kind: the object identifier 1.2.840.113549.1.1.1, without parameters.
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
# What stands before a SHA-256 in a signature: its DigestInfo.
_SHA_256 = bytes.fromhex("3031300d060960864801650304020105000420")
_SEQUENCE, _INTEGER, _BIT_STRING = 0x30, 0x02, 0x03


@dataclass(frozen=True, slots=True)
class KmsKey:
    """What KMS says of a key."""

    id: str | None
    usage: str | None
    algorithms: Sequence[str]
    #: As a DER-encoded SubjectPublicKeyInfo.
    der: bytes


class SigningKey:
    def __init__(self, key: KmsKey, asked: str) -> None:
        """Raises a PromptProblem for another key than the one that was asked for, and for one that statements may not be signed with."""
        if ":key/" in asked and key.id != asked:
            raise integrity_problem("signing_key", f"KMS gave the key {key.id}, not {asked}.")
        if key.usage != "SIGN_VERIFY" or _ALGORITHM not in key.algorithms:
            raise integrity_problem("signing_key", f"The key {asked} does not sign with {_ALGORITHM}. Let PromptRegistry make it.")
        try:
            self._modulus, self._exponent = _rsa_numbers(key.der)
        except ValueError as error:
            raise integrity_problem("signing_key", f"What KMS gave for {asked} is no public RSA key: {error}.") from error
        bits = self._modulus.bit_length()
        if bits < _MIN_KEY_BITS or self._exponent < _MIN_EXPONENT:
            raise integrity_problem("signing_key", f"The key {asked} has {bits} bits. It has to be RSA of at least {_MIN_KEY_BITS}.")

    def has_signed(self, statement: Mapping[str, Any]) -> bool:
        """Whether a statement of the registry carries this key's signature over all that it says."""
        signature = statement.get("signature")
        if not isinstance(signature, str) or not _BASE64.fullmatch(signature):
            return False
        try:
            block = b64decode(signature)
        except ValueError:
            return False
        return self._is_signature(block, sha256(signed_text(statement).encode()).digest())

    def _is_signature(self, signature: bytes, digest: bytes) -> bool:
        """
        Compares the whole block of EMSA-PKCS1-v1_5: who looks for the digest in it accepts forged ones.

        See https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2
        """
        size = (self._modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if len(signature) != size or number >= self._modulus:
            return False
        end = _SHA_256 + digest
        expected = b"\x00\x01" + b"\xff" * (size - 3 - len(end)) + b"\x00" + end
        return pow(number, self._exponent, self._modulus).to_bytes(size, "big") == expected


def _rsa_numbers(der: bytes) -> tuple[int, int]:
    info, rest = _element(der, _SEQUENCE)
    if rest or not info.startswith(_RSA):
        raise ValueError("it is of another kind")
    bits, rest = _element(info[len(_RSA) :], _BIT_STRING)
    if rest or bits[:1] != b"\x00":
        raise ValueError("its bits are not whole")
    numbers, rest = _element(bits[1:], _SEQUENCE)
    if rest:
        raise ValueError("something follows it")
    modulus, numbers = _element(numbers, _INTEGER)
    exponent, numbers = _element(numbers, _INTEGER)
    if numbers:
        raise ValueError("it has more than two numbers")
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def _element(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the element that comes first, and what follows it."""
    if len(der) < 2 or der[0] != tag:
        raise ValueError("it is cut off, or has another form")
    length, start = der[1], 2
    if length >= 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(der[2:start], "big")
    content = der[start : start + length]
    if len(content) != length:
        raise ValueError("it is cut off")
    return content, der[start + length :]
