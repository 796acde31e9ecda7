"""A prompt with its variables filled, ready for a model."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from ..bedrock.client.prompt_context import PromptIdentity, with_prompt
from ..contract.converse_input import converse_input
from ..contract.prompts import filled_messages, prompt_hash
from ..contract.teaching_text import teaching_text
from ..envelope.envelope import EnvelopeError
from .prompt_source import FoundPrompt
from .published_prompt import PublishedPrompt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prompt:
    id: str
    version: str
    #: SHA-256 of the prompt with its variables unfilled: what was approved.
    template_hash: str
    #: SHA-256 of what is sent.
    prompt_hash: str
    model: str
    messages: list[dict[str, str]]
    #: Where it comes from: the registry; the cache, after its time, since the registry is away; the copy in the function's code, for the
    #: same reason; or the file that stands for the registry in a unit test.
    source: Literal["registry", "stale", "bundled", "file"]
    _deciding: Mapping[str, str] = field(repr=False)

    @property
    def parameters(self) -> Any:
        return self._member("parameters")

    @property
    def tools(self) -> Any:
        return self._member("tools")

    @property
    def response_schema(self) -> Any:
        return self._member("responseSchema")

    @property
    def guardrail(self) -> Any:
        return self._member("guardrail")

    @property
    def cache_points(self) -> Any:
        return self._member("cachePoints")

    def converse_input(self) -> dict[str, Any]:
        """
        What Bedrock's Converse is to be asked: model, messages, tools, parameters, guardrail, the schema of the answer, and the cache
        points at their places. Each call makes a new one, to which a caller can add: `client.converse(**prompt.converse_input())`.
        """
        return converse_input({"model": self.model, "messages": self.messages, **{name: self._member(name) for name in self._deciding}})

    def run(self, work: Callable[[], T]) -> T:
        """Every call to a model made in `work` is logged as one of this prompt."""
        with self.in_use():
            return work()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Every call to a model made within is logged as one of this prompt."""
        with with_prompt(PromptIdentity(self.id, self.version, self.prompt_hash, self.template_hash)):
            yield

    def _member(self, name: str) -> Any:
        """A copy for each caller: what one does with it is nothing to the next."""
        text = self._deciding.get(name)
        return None if text is None else json.loads(text)


def compiled_prompt(found: FoundPrompt, values: Mapping[str, str]) -> Prompt:
    """
    The prompt with these values. Raises ValueError for values that are missing, unknown or no texts, and an EnvelopeError
    CONTEXT_TOO_LARGE for one that is too long.
    """
    prompt, source = found
    _require_values(prompt, values)
    messages = filled_messages(prompt.messages, values)
    return Prompt(
        prompt.id, prompt.version, prompt.template_hash, prompt_hash(messages), prompt.model, messages, source, prompt.deciding
    )  # fmt: skip


def _require_values(prompt: PublishedPrompt, values: Mapping[str, str]) -> None:
    missing = [name for name in prompt.needed if name not in values]
    if missing:
        raise _mistake(prompt, f"no value is given for {', '.join(missing)}", values)
    for name, value in values.items():
        longest = prompt.max_lengths.get(name)
        if longest is None:
            raise _mistake(prompt, f"it has no variable {name}", values)
        if not isinstance(value, str):
            raise _mistake(prompt, f"the value of {name} is no text", values)
        # The budget of tokens was proven for the longest values. Mostly it is the caller who wrote this one, and can write a shorter one.
        if len(value) > longest:
            raise EnvelopeError("CONTEXT_TOO_LARGE", f"{name} has {len(value)} characters; at most {longest} are allowed.")


def _mistake(prompt: PublishedPrompt, problem: str, values: Mapping[str, str]) -> ValueError:
    """The code that asks has to be mended. What the values are is not told: a user may have written them."""
    return ValueError(
        teaching_text(
            f"get_prompt {prompt.id} {prompt.version}",
            problem=problem,
            given=list(values),
            allowed=f"texts for {', '.join(prompt.needed) or 'no variable'}",
            fix="pass variables={name: value} with exactly these names, or promote a version that has the names the code knows",
        )
    )
