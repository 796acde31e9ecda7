"""The shop's catalogue. A real shop asks its vector index."""

import re
from dataclasses import dataclass

_MOST = 3


@dataclass(frozen=True, slots=True)
class TitleChunk:
    title_id: str
    text: str


_CHUNKS = (
    TitleChunk("space-cooks", "A comedy about cooks on a space station who must feed forty species."),
    TitleChunk("quiet-river", "A slow family drama in a village by a river."),
    TitleChunk("steel-petals", "Robots guard the last garden; action with a gentle heart."),
    TitleChunk("midnight-goals", "A girls' football team trains at night; sports and friendship."),
)


def retrieve(query: str) -> list[TitleChunk]:
    """The chunks that share the most words with `query`, best first, at most three."""
    wanted = set(_words(query))
    scores = {chunk: sum(word in wanted for word in _words(chunk.text)) for chunk in _CHUNKS}
    return sorted((chunk for chunk in _CHUNKS if scores[chunk] > 0), key=lambda chunk: -scores[chunk])[:_MOST]


def _words(text: str) -> list[str]:
    return re.findall(r"\w{3,}", text.lower())
