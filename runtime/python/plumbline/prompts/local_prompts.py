"""Prompts in files: copies in the function's code, and the file that stands for the registry in a unit test."""

from collections.abc import Mapping
from typing import Any

from ..contract.teaching_text import teaching_text
from .prompt_problem import integrity_problem
from .published_prompt import PublishedPrompt, compiled_hash_of, document_in, read_prompt


def bundled_prompt(prompt_id: str, file: str, template_hash: str) -> PublishedPrompt:
    """The copy of a prompt in the function's code. Raises a PromptProblem when it is not the one that was pinned."""
    try:
        written = _parsed(file)
    except (ValueError, OSError) as error:
        raise integrity_problem("bundled_file", f"{file} cannot be read: {error}") from error
    prompt = _read(written, file)
    if (prompt.id, prompt.template_hash) == (prompt_id, template_hash):
        return prompt
    found = f"{prompt.id} with the template hash {prompt.template_hash}"
    raise integrity_problem("bundled_hash", f"{file} holds {found}; pinned is {prompt_id} with {template_hash}.")


def prompts_in_file(file: str) -> Mapping[str, PublishedPrompt]:
    """The prompts of the file that stands for the registry in a unit test, by id."""
    documents = _parsed(file)
    if isinstance(documents, list):
        return {prompt.id: prompt for prompt in (_read(written, f"{file}[{index}]") for index, written in enumerate(documents))}
    raise ValueError(
        teaching_text(
            "get_prompt",
            problem=f"{file} is no list of prompts",
            given=documents,
            allowed='[{ "id", "version", "model", "messages": [{ "role", "text" }], "variables": { name: { "sample", "maxLength" } } }]',
            fix="write it by: npx plumbline prompts export prompts --out prompts.json",
        )
    )


def _read(written: Any, where: str) -> PublishedPrompt:
    members = written if isinstance(written, dict) else {}
    prompt = read_prompt(members, where)
    compiled_hash_of(members, where)
    return prompt


def _parsed(file: str) -> Any:
    with open(file, encoding="utf-8") as opened:
        return document_in(opened.read())
