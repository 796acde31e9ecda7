"""Where the prompts of a function are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..contract import document
from ..contract.teaching_text import teaching_text
from ..telemetry.settings import is_service_on_ecs, variable_name
from .published_prompt import document_in

_UNGATED = frozenset(document("prompt-registry")["ungatedEnvironments"])


@dataclass(frozen=True, slots=True)
class BundledCopy:
    """A copy of a prompt in the function's code, and what its template hash has to be."""

    file: str
    template_hash: str


@dataclass(frozen=True, slots=True)
class PromptSettings:
    bucket: str
    table: str
    #: The key that everything is signed with; None in the sandbox, where nothing is.
    key: str | None
    region: str
    environment: str
    prompts: Mapping[str, BundledCopy | None]


def read_prompt_settings(env: Mapping[str, str]) -> PromptSettings:
    """The settings that the construct wrote. Raises ValueError when there are none, or they are not what it writes."""
    text = env.get(variable_name("prompts"))
    if not text:
        raise ValueError(_not_set())
    given = _parsed(text)
    texts = {name: _text(name, given.get(name)) for name in ("bucket", "table", "region", "environment")}
    is_unsigned = texts["environment"] in _UNGATED
    own = env.get(variable_name("environment"))
    # Else one changed word in one variable would be enough to have unsigned prompts in production.
    if is_unsigned and own != texts["environment"]:
        raise _wrong(f"{variable_name('environment')} is not {texts['environment']}", own)
    key = None if is_unsigned else _text("key", given.get("key"))
    prompts = given.get("prompts")
    if not isinstance(prompts, dict):
        raise _wrong("prompts is not there", prompts)
    return PromptSettings(**texts, key=key, prompts={name: _copy_of(name, prompt, env) for name, prompt in prompts.items()})


def try_prompts_file(env: Mapping[str, str]) -> str | None:
    """The file that stands for the registry in a unit test. Raises ValueError where this is no unit test."""
    name = variable_name("promptsFile")
    file = env.get(name)
    if not file:
        return None
    if not env.get("AWS_LAMBDA_FUNCTION_NAME") and not is_service_on_ecs(env):
        return file
    raise ValueError(
        teaching_text(
            "get_prompt",
            problem=f"{name} is for unit tests, and this is a function of Lambda or a container of ECS",
            given=file,
            allowed="prompts of the registry, whose signatures are checked",
            fix=f"take {name} out of the environment, and let PromptRegistry.grantRead set {variable_name('prompts')}",
        )
    )


def _copy_of(prompt_id: str, given: Any, env: Mapping[str, str]) -> BundledCopy | None:
    members = given if isinstance(given, dict) else {}
    if members.get("bundled") is None:
        return None
    path = _text(f"prompts.{prompt_id}.bundled", members["bundled"])
    template_hash = _text(f"prompts.{prompt_id}.templateHash", members.get("templateHash"))
    return BundledCopy(os.path.join(env.get("LAMBDA_TASK_ROOT") or os.getcwd(), path), template_hash)


def _parsed(text: str) -> dict[str, Any]:
    try:
        given = document_in(text)
    except ValueError:
        given = None
    if isinstance(given, dict):
        return given
    raise _wrong("it is no JSON object", text[:100])


def _text(name: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise _wrong(f"{name} is no text", value)


def _wrong(problem: str, given: object) -> ValueError:
    return ValueError(
        teaching_text(
            "get_prompt",
            problem=f"the environment variable {variable_name('prompts')} cannot be used: {problem}",
            given=given,
            allowed="what PromptRegistry.grantRead writes",
            fix="let grantRead set it, and do not change it",
        )
    )


def _not_set() -> str:
    return teaching_text(
        "get_prompt",
        problem="the service does not know where its prompts are",
        given=None,
        allowed=f"the environment variable {variable_name('prompts')}; in a unit test {variable_name('promptsFile')}",
        fix="call grantRead(function, { prompts: [id] }) of the PromptRegistry, or grantReadToContainer",
    )
