"""Which prompt a call to a model sends; the log of each call tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptIdentity:
    prompt_id: str
    prompt_version: str
    #: SHA-256 of the compiled text.
    prompt_hash: str
    #: SHA-256 of the prompt with its variables unfilled.
    template_hash: str | None = None


_current: ContextVar[PromptIdentity | None] = ContextVar("plumbline_prompt", default=None)


@contextmanager
def with_prompt(prompt: PromptIdentity) -> Iterator[None]:
    """Every call to a model made within is logged as one of this prompt."""
    token = _current.set(prompt)
    try:
        yield
    finally:
        _current.reset(token)


def current_prompt() -> dict[str, str]:
    """In the words of the log; empty without a prompt."""
    prompt = _current.get()
    if prompt is None:
        return {}
    named = {"prompt_id": prompt.prompt_id, "prompt_version": prompt.prompt_version, "prompt_hash": prompt.prompt_hash}
    return {**named, "template_hash": prompt.template_hash} if prompt.template_hash else named
