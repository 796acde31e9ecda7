from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline.contract.prompt_registry import candidate_bucket, is_candidate_chosen, signed_text
from plumbline.prompts.deployment import require_deployment
from plumbline.prompts.prompt_problem import PromptProblem
from plumbline.prompts.published_prompt import PublishedPrompt, require_published
from plumbline.prompts.signing_key import KmsKey, SigningKey
from support.signed_prompts import KEY_ARN, PUBLIC_KEY, signature_of, signed
from support.vectors import vectors

Case = dict[str, Any]

_VECTORS = vectors("prompt-reads")
_DER = b64decode(PUBLIC_KEY)
_SHA_256 = bytes.fromhex("3031300d060960864801650304020105000420")


def key_of(der: str) -> SigningKey:
    return SigningKey(KmsKey(KEY_ARN, "SIGN_VERIFY", ["RSASSA_PKCS1_V1_5_SHA_256"], b64decode(der)), KEY_ARN)


_KEY = key_of(_VECTORS["publicKey"])


def read(item: Any, content: bytes) -> PublishedPrompt | str:
    """As a service reads it: the served prompt, or the check that refuses."""
    environment, prompt_id = _VECTORS["environment"], _VECTORS["promptId"]
    try:
        return require_published(content, prompt_id, require_deployment(item, environment, prompt_id, _KEY).active, _KEY)
    except PromptProblem as problem:
        return problem.reason if problem.kind == "integrity" else problem.kind


@pytest.mark.parametrize("case", vectors("prompt-reads")["cases"], ids=lambda case: case["name"])
def test_what_is_served_and_what_refused(case: Case) -> None:
    found = read(case["item"], case["object"].encode())
    if "reason" in case:
        assert found == case["reason"]
    else:
        assert isinstance(found, PublishedPrompt)
        assert (found.version, found.template_hash) == (case["version"], case["templateHash"])


@settings(max_examples=500)
@given(st.data())
def test_whatever_byte_of_the_object_is_another_it_is_refused(data: st.DataObject) -> None:
    good = next(iter(_VECTORS["cases"]))
    content = good["object"].encode()
    at = data.draw(st.integers(0, len(content) - 1))
    edited = content[:at] + data.draw(st.binary(max_size=3)) + content[at + 1 :]
    assert edited == content or read(good["item"], edited) == "object_sha256"


@pytest.mark.parametrize("case", vectors("candidate-choices")["cases"], ids=lambda case: case["name"])
def test_who_gets_the_candidate(case: Case) -> None:
    asked = (case["promptId"], case["version"], case["sessionKey"])
    assert candidate_bucket(*asked) == case["bucket"]
    assert is_candidate_chosen(*asked, case["percent"]) is case["candidate"]


@pytest.mark.parametrize("case", vectors("signed-statements")["cases"], ids=lambda case: case["name"])
def test_what_is_signed(case: Case) -> None:
    assert signed_text(case["statement"]) == case["text"]
    assert key_of(vectors("signed-statements")["publicKey"]).has_signed(case["statement"]) is case["valid"]


def test_only_the_whole_block_is_a_signature() -> None:
    statement = {"kind": "gates", "a": 1}
    digest = sha256(signed_text(statement).encode()).digest()
    size = 384
    end = b"\x00" + _SHA_256 + digest
    good = b"\x00\x01" + b"\xff" * (size - 2 - len(end)) + end
    assert _KEY.has_signed(signed(statement))
    for forged in (
        # What parsers were taken in by: less padding and garbage after it, other padding, another type of block, no DigestInfo.
        b"\x00\x01" + b"\xff" * 8 + end + b"\x00" * (size - 10 - len(end)),
        good.replace(b"\xff\xff\xff", b"\xff\xfe\xff", 1),
        b"\x00\x02" + good[2:],
        b"\x00\x01" + b"\xff" * (size - 3 - len(digest)) + b"\x00" + digest,
    ):
        assert len(forged) == size
        assert not _KEY.has_signed({**statement, "signature": signature_of(forged)})
    signature = b64decode(signature_of(good))
    for wrong in (signature + b"\x00", b"\x00" + signature, signature[:-1], b"\xff" * size, b""):
        assert not _KEY.has_signed({**statement, "signature": b64encode(wrong).decode()})


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30\x00", _DER[:-1], _DER + b"\x00", _DER.replace(b"\x2a\x86", b"\x2a\x87", 1)],
)
def test_what_is_no_key_is_refused(der: bytes) -> None:
    with pytest.raises(PromptProblem) as refusal:
        key_of(b64encode(der).decode())
    assert refusal.value.reason == "signing_key"


def test_a_short_key_is_refused() -> None:
    # 2,048 bits: what openssl made, with all else as in a good one.
    modulus = (1 << 2047) + 1
    number = b"\x02\x82\x01\x01\x00" + modulus.to_bytes(256, "big")
    numbers = number + b"\x02\x03\x01\x00\x01"
    bits = b"\x00\x30\x82" + len(numbers).to_bytes(2, "big") + numbers
    info = bytes.fromhex("300d06092a864886f70d0101010500") + b"\x03\x82" + len(bits).to_bytes(2, "big") + bits
    with pytest.raises(PromptProblem, match="2048 bits"):
        key_of(b64encode(b"\x30\x82" + len(info).to_bytes(2, "big") + info).decode())
