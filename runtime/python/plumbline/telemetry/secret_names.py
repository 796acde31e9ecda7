"""What a field's name says of its value."""

import re
from functools import lru_cache
from typing import NamedTuple

from ..contract import document
from .ecmascript import ecmascript, of_python

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
    behind = (f"(?<=(?:{'|'.join(alike)}){joint}{word})" for alike in by_length.values() for joint in ("", "[\\s._-]"))
    return f"{word}(?:{'|'.join(behind)})"


# What every name of a secret holds, in small letters: where none of them is, no name needs to be read.
_SHORTEST_WORDS = [
    word for word in _NAMES["secretWords"] if not any(other != word and word.startswith(other) for other in _NAMES["secretWords"])
]
# One of these begins each of them.
HINT_WORDS = (*_SHORTEST_WORDS, "token", *_NAMES["qualifiedWords"])
HINTS = "|".join(
    [
        *_SHORTEST_WORDS,
        "token",
        *(_qualified(word, qualifiers) for word, qualifiers in _NAMES["qualifiedWords"].items()),
    ]
)
# What comes before the last of these characters of a name cannot make it harmless.
MAX_NAME = 128

_WORD = of_python("U+(?!l)|U?l+|o+")
# Of an ASCII name the same, without asking what each letter is.
_ASCII_WORD = of_python(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_KINDS_OF_LETTERS = {"Lu": "U", "Ll": "l", "Lo": "o", "Lm": "o"}
_HINT = ecmascript(HINTS)
# What a person types is written in one with what it is for: `dbpassword`, `Benutzerkennwort`; some alphabets know no other way.
_TYPED = [word for word in _NAMES["numericSecretWords"] if len(word) > 5 or not word.isascii()]
# Written in one: `apikey`, `dbpassword`, `accesskeyid`.
_GLUED = of_python(rf"(.+?)({'|'.join([*_TYPED, 'secret', 'token', 'key', 'keyid'])})\Z", re.DOTALL)
_MAX_KNOWN_NAMES = 2000


class SecretName(NamedTuple):
    # A number under this name is a secret too, not a count.
    numbers_too: bool


def try_secret_name(name: str) -> SecretName | None:
    """What a field name says of its value; none for nearly every name."""
    return _read_once(name[-MAX_NAME:])


@lru_cache(_MAX_KNOWN_NAMES)
def _read_once(name: str) -> SecretName | None:
    return _read_name(name) if _HINT.search(small_letters(name)) else None


def is_qualified_word(name: str) -> bool:
    """Whether the word before decides what this one names."""
    return name.lower() in _QUALIFIED_WORDS


def is_secret_parameter(name: str) -> bool:
    """Whether a parameter in the query of a URL holds a secret: there a signature opens doors."""
    return try_secret_name(name) is not None or name.lower() in _IN_QUERIES


def small_letters(text: str) -> str:
    """In small letters, each at its place: a pattern of small letters finds its way in a text ten times as fast as one of either."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _read_name(name: str) -> SecretName | None:
    words = _words_of(name)
    while len(words) > 1 and words[-1] in _NEUTRAL_WORDS:
        words.pop()
    for index in range(len(words) - 1, -1, -1):
        secret_word = _try_secret_word(words, index)
        if secret_word is not None:
            return SecretName(numbers_too=secret_word in _NUMERIC_SECRET_WORDS)
        if words[index] in _DESCRIBING_WORDS and not _is_key_id(words, index):
            return None
    in_one = "".join(words)
    return SecretName(numbers_too=in_one in _NUMERIC_SECRET_WORDS) if in_one in _SECRET_WORDS else None


def _try_secret_word(words: list[str], index: int) -> str | None:
    """The word here that says that the name is one of a secret, be it written as two as in `passWord`."""
    word = words[index]
    before = words[index - 1] if index > 0 else ""
    if word in _SECRET_WORDS:
        return word
    if before + word in _SECRET_WORDS:
        return before + word
    if before in _QUALIFIED_WORDS.get(word, ()):
        return word
    return word if word == "token" and index == len(words) - 1 and before not in _HARMLESS_TOKENS else None


def _is_key_id(words: list[str], index: int) -> bool:
    """The id of an access key is half of the key."""
    return index >= 2 and words[index - 2 : index + 1] == ["access", "key", "id"]


def _words_of(name: str) -> list[str]:
    if name.isascii():
        written = _ASCII_WORD.findall(name)
    else:
        # Few names need it, and it takes a start longer than most of our modules.
        from unicodedata import category

        kinds = "".join(_KINDS_OF_LETTERS.get(category(letter), ".") for letter in name)
        written = [name[word.start() : word.end()] for word in _WORD.finditer(kinds)]
    return [part for word in written for part in _parts_of(word.lower())]


def _parts_of(word: str) -> list[str]:
    glued = _GLUED.match(word)
    if not glued:
        return [word]
    front, end = glued.groups()
    return [*_parts_of(front), *(("key", "id") if end == "keyid" else (end,))]
