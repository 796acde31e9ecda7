"""The prompts of one function."""

import os
from collections.abc import Callable, Mapping
from threading import Lock

from ..contract.teaching_text import teaching_text
from ..envelope.envelope import EnvelopeError
from ..lifecycle import after_fork, after_restore
from .compiled_prompt import Prompt, compiled_prompt
from .local_prompts import bundled_prompt, prompts_in_file
from .ports import PromptLimits, PromptPorts, PromptStore, RuntimePromptPorts
from .prompt_problem import PromptProblem
from .prompt_settings import BundledCopy, PromptSettings, read_prompt_settings, try_prompts_file
from .prompt_source import FoundPrompt, PromptSource
from .published_prompt import PublishedPrompt
from .registry_reader import RegistryReader


def _aws_store(settings: PromptSettings) -> PromptStore:
    from .aws_store import AwsPromptStore

    return AwsPromptStore(bucket=settings.bucket, table=settings.table, region=settings.region)


class StandardPrompts:
    def __init__(
        self,
        env: Mapping[str, str] = os.environ,
        ports: PromptPorts | None = None,
        limits: PromptLimits | None = None,
        store_of: Callable[[PromptSettings], PromptStore] = _aws_store,
    ) -> None:
        self._env = env
        self._ports = ports or RuntimePromptPorts()
        self._limits = limits or PromptLimits()
        self._store_of = store_of
        self._turn = Lock()
        self._sources: dict[str, PromptSource] = {}
        self._settings: PromptSettings | None = None
        self._registry: RegistryReader | None = None
        self._file: tuple[str, Mapping[str, PublishedPrompt]] | None = None

    def get(self, prompt_id: str, variables: Mapping[str, str], session_key: str | None) -> Prompt:
        _require_session_key(prompt_id, session_key)
        source = self._sources.get(prompt_id)
        if source is not None:
            return compiled_prompt(_found(source, session_key), variables)
        file = try_prompts_file(self._env)
        if file is not None:
            return compiled_prompt(FoundPrompt(self._prompt_in_file(prompt_id, file), "file"), variables)
        with self._turn:
            source = self._sources.get(prompt_id) or self._new_source(prompt_id)
            self._sources[prompt_id] = source
        return compiled_prompt(_found(source, session_key), variables)

    def _new_source(self, prompt_id: str) -> PromptSource:
        settings = self._settings = self._settings or read_prompt_settings(self._env)
        if prompt_id not in settings.prompts:
            fix = f'call grantRead(function, {{ prompts: ["{prompt_id}"] }}) of the PromptRegistry'
            raise _unknown_prompt(prompt_id, settings.prompts, fix)
        self._registry = self._registry or RegistryReader(self._store_of(settings), settings.environment, settings.key)
        copy = settings.prompts[prompt_id]
        return PromptSource(settings.environment, prompt_id, self._registry, self._ports, self._limits, _bundled(prompt_id, copy))

    def _prompt_in_file(self, prompt_id: str, name: str) -> PublishedPrompt:
        """Not kept by id: a test may name another file."""
        if self._file is None or self._file[0] != name:
            self._file = (name, prompts_in_file(name))
        prompt = self._file[1].get(prompt_id)
        if prompt is None:
            raise _unknown_prompt(prompt_id, self._file[1], f"write it into {name}")
        return prompt


_prompts = StandardPrompts()


def standard_prompt(prompt_id: str, variables: Mapping[str, str], session_key: str | None) -> Prompt:
    return _prompts.get(prompt_id, variables, session_key)


@after_fork
@after_restore
def begin_anew() -> None:
    """Connections, threads and times belong to another process."""
    global _prompts
    _prompts = StandardPrompts()


def _found(source: PromptSource, session_key: str | None) -> FoundPrompt:
    """Waiting mends only what cannot be read now. Everything else has to be mended by people, who are alarmed."""
    try:
        return source.find(session_key)
    except PromptProblem as problem:
        if problem.kind != "unavailable":
            raise EnvelopeError("INTERNAL_ERROR") from problem
        raise EnvelopeError("MODEL_UNAVAILABLE", "The prompt for the model cannot be read now. Retry after 30 seconds.") from problem


def _bundled(prompt_id: str, copy: BundledCopy | None) -> Callable[[], PublishedPrompt | None]:
    return lambda: None if copy is None else bundled_prompt(prompt_id, copy.file, copy.template_hash)


def _require_session_key(prompt_id: str, session_key: object) -> None:
    if session_key is None or (isinstance(session_key, str) and session_key):
        return
    raise ValueError(
        teaching_text(
            f"get_prompt {prompt_id}",
            problem="session_key is no text",
            given=session_key,
            allowed="a text that is the same for every request of a session; none: the active version",
            fix="pass the id of the session or of the user",
        )
    )


def _unknown_prompt(prompt_id: str, known: Mapping[str, object], fix: str) -> ValueError:
    allowed = ", ".join(known) or "none"
    return ValueError(teaching_text("get_prompt", problem="the function has no such prompt", given=prompt_id, allowed=allowed, fix=fix))
