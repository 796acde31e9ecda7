"""What a field's name says of its value."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ..contract import document
from .ecmascript import ecmascript

_NAMES = document("redaction")["names"]
_SECRET_WORDS = frozenset(_NAMES["secretWords"])
_NUMERIC_SECRET_WORDS = frozenset(_NAMES["numericSecretWords"])
_DESCRIBING_WORDS = frozenset(_NAMES["describingWords"])
_NEUTRAL_WORDS = frozenset(_NAMES["neutralWords"])
_HARMLESS_TOKENS = frozenset(_NAMES["harmlessTokens"])
_QUALIFIED_WORDS = {word: frozenset(qualifiers) for word, qualifiers in _NAMES["qualifiedWords"].items()}
_IN_QUERIES = frozenset(_NAMES["inQueries"])


def _qualified(word: str, qualifiers: list[str]) -> str:
    """The word where one of its qualifiers stands before it. Python looks behind for alternatives of one length only."""
    by_length: dict[int, list[str]] = {}
    for qualifier in qualifiers:
        by_length.setdefault(len(qualifier), []).append(qualifier)
    behind = (f"(?<=(?:{'|'.join(alike)}){joint}{word})" for alike in by_length.values() for joint in ("", "[\\s_-]"))
    return f"{word}(?:{'|'.join(behind)})"


# What every name of a secret holds: where none of them is, no name needs to be read.
HINTS = "|".join(
    [
        *(word for word in _NAMES["secretWords"] if not any(other != word and word.startswith(other) for other in _NAMES["secretWords"])),
        "token",
        *(_qualified(word, qualifiers) for word, qualifiers in _NAMES["qualifiedWords"].items()),
    ]
)
# What comes before the last of these characters of a name cannot make it harmless.
MAX_NAME = 128

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HINT = ecmascript(HINTS, ignore_case=True)
# Written in one: `apikey`, `dbpassword`, `accesskeyid`.
_GLUED = re.compile(r"(.+?)(password|passwd|passphrase|secret|token|key|keyid)\Z")
_MAX_KNOWN_NAMES = 2000


@dataclass(frozen=True, slots=True)
class SecretName:
    # A number under this name is a secret too, not a count.
    numbers_too: bool


def try_secret_name(name: str) -> SecretName | None:
    """What a field name says of its value; none for nearly every name."""
    return _read_once(name[-MAX_NAME:])


@lru_cache(_MAX_KNOWN_NAMES)
def _read_once(name: str) -> SecretName | None:
    return _read_name(name) if _HINT.search(name) else None


def is_qualified_word(name: str) -> bool:
    """Whether the word before decides what this one names."""
    return name.lower() in _QUALIFIED_WORDS


def is_secret_parameter(name: str) -> bool:
    """Whether a parameter in the query of a URL holds a secret: there a signature opens doors."""
    return try_secret_name(name) is not None or name.lower() in _IN_QUERIES


def _read_name(name: str) -> SecretName | None:
    words = _words_of(name)
    while len(words) > 1 and words[-1] in _NEUTRAL_WORDS:
        words.pop()
    for index in range(len(words) - 1, -1, -1):
        if _names_secret(words, index):
            return SecretName(numbers_too=words[index] in _NUMERIC_SECRET_WORDS)
        if words[index] in _DESCRIBING_WORDS and not _is_key_id(words, index):
            return None
    return None


def _names_secret(words: list[str], index: int) -> bool:
    word = words[index]
    if word in _SECRET_WORDS:
        return True
    before = words[index - 1] if index > 0 else ""
    if before in _QUALIFIED_WORDS.get(word, ()):
        return True
    return word == "token" and index == len(words) - 1 and before not in _HARMLESS_TOKENS


def _is_key_id(words: list[str], index: int) -> bool:
    """The id of an access key is half of the key."""
    return index >= 2 and words[index - 2 : index + 1] == ["access", "key", "id"]


def _words_of(name: str) -> list[str]:
    return [part for word in _WORD.findall(name) for part in _parts_of(word.lower())]


def _parts_of(word: str) -> list[str]:
    glued = _GLUED.match(word)
    if not glued:
        return [word]
    front, end = glued.groups()
    return [*_parts_of(front), *(("key", "id") if end == "keyid" else (end,))]
