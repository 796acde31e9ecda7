"""From whatever was raised to a code of the contract."""

from re import Pattern
from typing import Any, Literal, NamedTuple, TypeGuard, get_args

from ..contract import document
from ..telemetry.ecmascript import ecmascript
from ..telemetry.thrown import cause_of, code_of, message_of, names_of, original_message_of, read
from ..telemetry.utf16 import utf16_start

# Written by projen from contract/error-codes.json:
ErrorCode = Literal[
    "THROTTLE",
    "MODEL_UNAVAILABLE",
    "SESSION_EXPIRED",
    "CONTEXT_TOO_LARGE",
    "RETRIEVAL_FAILED",
    "CONTENT_POLICY_VIOLATION",
    "INTERNAL_ERROR",
    "AUTH_FAILED",
    "INVALID_REQUEST",
    "NOT_FOUND",
    "PAYLOAD_TOO_LARGE",
    "TIMEOUT",
]
# End of what projen writes.
CODES: tuple[str, ...] = get_args(ErrorCode)

ERROR_CODES = document("error-codes")
FALLBACK_CODE: ErrorCode = ERROR_CODES["fallbackCode"]
SUCCESS_STATUS: int = ERROR_CODES["successHttpStatus"]

# What a message says, it says at its beginning; the rest may be the caller's own input.
_MAX_READ = 2048


class CodeRule(NamedTuple):
    retryable: bool
    http_status: int
    message: str
    retry_after_seconds: int | None


def _rule_of(written: dict[str, Any]) -> CodeRule:
    return CodeRule(written["retryable"], written["httpStatus"], written["message"], written.get("retryAfterSeconds"))


_RULES = {code: _rule_of(written) for code, written in ERROR_CODES["codes"].items()}
_EXCEPTIONS: dict[str, ErrorCode] = ERROR_CODES["exceptions"]
_SYSTEM_ERRORS: dict[str, ErrorCode] = ERROR_CODES["systemErrors"]
_OWN_ERRORS = ERROR_CODES["ownErrors"]
_CONTENT_POLICY = ERROR_CODES["contentPolicy"]


def _by_message(code: ErrorCode, rule: dict[str, Any]) -> tuple[ErrorCode, frozenset[str], Pattern[str]]:
    return code, frozenset(rule["exceptions"]), ecmascript("|".join(rule["messagePatterns"]), ignore_case=True)


_BY_MESSAGE = (
    _by_message("CONTEXT_TOO_LARGE", ERROR_CODES["contextTooLarge"]),
    _by_message("MODEL_UNAVAILABLE", ERROR_CODES["modelUnavailable"]),
    _by_message("TIMEOUT", ERROR_CODES["modelTimeout"]),
    _by_message("CONTENT_POLICY_VIOLATION", _CONTENT_POLICY),
)


def code_rule(code: ErrorCode) -> CodeRule:
    return _RULES[code]


def is_error_code(value: object) -> TypeGuard[ErrorCode]:
    return isinstance(value, str) and value in _RULES


def code_of_client_error(status: int) -> ErrorCode:
    """The code of an error of 4xx that a handler answers with by itself."""
    code: ErrorCode = _OWN_ERRORS["codes"].get(str(status), _OWN_ERRORS["otherClientErrors"])
    return code


def error_code_of(thrown: object) -> ErrorCode:
    """
    The code for anything that was raised; what no rule knows is INTERNAL_ERROR.

    What a service answered counts before the class of the exception, and that before what it inherits from.
    """
    if _is_guardrail_intervention(thrown):
        return "CONTENT_POLICY_VIOLATION"
    names = [_exception_name(name) for name in names_of(thrown)]
    # Of a container on SageMaker the second is the whole text.
    texts = [utf16_start(text, _MAX_READ) for text in (message_of(thrown), original_message_of(thrown)) if text]
    for code, exceptions, message in _BY_MESSAGE:
        if not exceptions.isdisjoint(names) and any(message.search(text) for text in texts):
            return code
    known = next((_EXCEPTIONS[name] for name in names if name in _EXCEPTIONS), None)
    return known or _try_system_error(thrown) or _try_system_error(cause_of(thrown)) or FALLBACK_CODE


def _try_system_error(thrown: object) -> ErrorCode | None:
    """The code of a failure in the network, which many a client tells only as the cause of its error."""
    return _SYSTEM_ERRORS.get(code_of(thrown) or "")


def _exception_name(name: str) -> str:
    """An event of a stream calls its exception `throttlingException`."""
    return name[:1].upper() + name[1:] if name.endswith("Exception") else name


def _is_guardrail_intervention(thrown: object) -> bool:
    """A guardrail that intervenes answers, it does not raise: so handlers hand over the answer itself, or raise with it."""
    answers = [thrown, *(thrown.args if isinstance(thrown, BaseException) else ())]
    return any(
        read(answer, "stopReason") == _CONTENT_POLICY["guardrailStopReason"]
        or read(answer, "amazon-bedrock-guardrailAction") == _CONTENT_POLICY["guardrailAction"]
        for answer in answers
    )
