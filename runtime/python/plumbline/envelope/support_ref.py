"""What a user reads to support."""

from random import SystemRandom

# Consonants: no reference spells a word, and none holds digits that look like an account id.
_ALPHABET = "bcdfghjkmnpqrstvwxyz"
_LENGTH = 16
_CHANCE = SystemRandom()


def new_support_ref() -> str:
    """16 letters, 69 bits, found only in the answer and in the log. Of the operating system's chance, which no snapshot repeats."""
    return "".join(_CHANCE.choice(_ALPHABET) for _ in range(_LENGTH))
