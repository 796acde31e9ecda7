"""Why a prompt cannot be served from the registry."""

from typing import Literal

# Something is not what was signed; the registry cannot be read now; or there is nothing that may be served. Only the second is mended
# by waiting.
ProblemKind = Literal["integrity", "unavailable", "refused"]


class PromptProblem(Exception):  # noqa: N818 - not each is an error of the code
    """Its words are for the log; `reason` is one word, for queries."""

    def __init__(self, kind: ProblemKind, reason: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.reason = reason


def integrity_problem(check: str, message: str) -> PromptProblem:
    return PromptProblem("integrity", check, message)


def problem_of(error: BaseException) -> PromptProblem:
    """Whatever went wrong, as a problem: what is no fault of what was read is one of reading it."""
    if isinstance(error, PromptProblem):
        return error
    problem = PromptProblem("unavailable", type(error).__name__, f"The registry could not be read: {error}")
    problem.__cause__ = error
    return problem
