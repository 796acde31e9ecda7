"""The prompt that the function's environment serves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .compiled_prompt import Prompt


def get_prompt(prompt_id: str, *, variables: Mapping[str, str] | None = None, session_key: str | None = None) -> "Prompt":
    """
    The prompt, proven to be the one that was signed, with its variables filled.

    Read once a minute, within the invocation that asks. While the registry is away it is served for five minutes after it was read; then
    comes an EnvelopeError. Send it within `with prompt.in_use():`: the log of each call then says which words were sent.

    :param variables: A text for each variable of the prompt. It is put in as it is: nothing is escaped, and it is not looked at again.
    :param session_key: The same for every request of a session, so that one session sees one version while a candidate is tried beside
        the active one. Default: the active version.
    :raises EnvelopeError: INTERNAL_ERROR when what the registry has is not what was signed, was revoked or was never promoted;
        MODEL_UNAVAILABLE when the registry cannot be read; CONTEXT_TOO_LARGE when a value is longer than its variable may be
    :raises ValueError: when the function has no such prompt; when a value is missing, unknown or no text
    """
    # Functions without prompts must not load what reads them.
    from .standard_prompts import standard_prompt

    return standard_prompt(prompt_id, variables or {}, session_key)
