"""Which of many words stand in a text. Python's patterns try each word at each letter; to look for one word at a time is far quicker."""

from collections.abc import Collection, Iterator
from functools import cached_property


class FoundWords:
    def __init__(self, words: Collection[str]) -> None:
        self._words = words

    def within(self, text: str) -> list[str]:
        """Those that the text holds."""
        return [word for root, words in self._by_root.items() if root in text for word in words if word == root or word in text]

    def places_in(self, text: str) -> Iterator[int]:
        """Where any of them begins, in order, found when it is asked for: a long text may hold as many as it has letters."""
        nearest = [(text.find(word), word) for word in self.within(text)]
        if not nearest:
            return
        # Not at the start, which has no text.
        from heapq import heapify, heappop, heapreplace

        heapify(nearest)
        last = -1
        while nearest:
            place, word = nearest[0]
            if place > last:
                last = place
                yield place
            following = text.find(word, place + 1)
            if following < 0:
                heappop(nearest)
            else:
                heapreplace(nearest, (following, word))

    @cached_property
    def _by_root(self) -> dict[str, list[str]]:
        """A text is asked for what several words have in common before it is asked for each of them. Made with the first text."""
        by_root: dict[str, list[str]] = {}
        for word in sorted({*self._words}, key=len):
            root = next((root for root in by_root if root in word), None) or _rare_letter(word) or word
            by_root.setdefault(root, []).append(word)
        return by_root


def _rare_letter(word: str) -> str | None:
    """A sign of the word that few texts hold: to look for one sign costs next to nothing."""
    return next((letter for letter in word if not letter.isascii() or letter in "_-/0123456789"), None)
