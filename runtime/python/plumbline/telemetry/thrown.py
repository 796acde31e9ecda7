"""What was raised, read without being trusted: nothing here raises, whatever an exception does when it is asked."""

import errno
from collections.abc import Mapping
from typing import Any

_UNSHOWN = "(a value that cannot be shown)"
_JSON_WORDS: tuple[tuple[Any, str], ...] = (
    (type(None), "null"),
    (str, "string"),
    (bool, "boolean"),
    ((int, float), "number"),
    ((Mapping, list, tuple), "object"),
)


def read(thrown: object, attribute: str) -> object:
    """An attribute of an object, or an entry of a mapping; None when there is none, or when reading it fails."""
    try:
        return thrown.get(attribute) if isinstance(thrown, Mapping) else getattr(thrown, attribute, None)
    except Exception:
        return None


def safe_text(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return _UNSHOWN


def names_of(thrown: object) -> list[str]:
    """
    What an exception is called, most telling first: the code that an AWS service answered with, its class, and what that inherits from.
    """
    answered = read(_service_error(thrown), "Code")
    given = read(thrown, "name") if isinstance(thrown, Mapping) else None
    classes = type(thrown).__mro__ if isinstance(thrown, BaseException) else ()
    own = [name for name in (answered, given, read(thrown, "code")) if isinstance(name, str) and name]
    return [*own, *(known.__name__ for known in classes)]


def name_of(thrown: object) -> str:
    """The name of an exception; of anything else what JSON calls it."""
    if isinstance(thrown, BaseException):
        answered = read(_service_error(thrown), "Code")
        return answered if isinstance(answered, str) and answered else type(thrown).__name__
    given = read(thrown, "name")
    if isinstance(given, str) and given:
        return given
    return next((word for kinds, word in _JSON_WORDS if isinstance(thrown, kinds)), type(thrown).__name__)


def message_of(thrown: object) -> str | None:
    """What the service said, or what the exception says; None for what has no message."""
    said = read(_service_error(thrown), "Message")
    if isinstance(said, str):
        return said
    if isinstance(thrown, BaseException):
        return safe_text(thrown)
    given = read(thrown, "message") if isinstance(thrown, Mapping) else None
    return given if isinstance(given, str) else None


def original_message_of(thrown: object) -> str | None:
    """What the container of a model on SageMaker said, in full."""
    said = read(read(thrown, "response") if isinstance(thrown, BaseException) else thrown, "OriginalMessage")
    return said if isinstance(said, str) else None


def cause_of(thrown: object) -> object:
    """What an error was raised from; `urllib` calls it the reason."""
    if not isinstance(thrown, BaseException):
        return read(thrown, "cause")
    return thrown.__cause__ or read(thrown, "reason")


def code_of(thrown: object) -> str | None:
    """The code of an error of the operating system, by its name, or whatever code an exception carries."""
    number = read(thrown, "errno") if isinstance(thrown, OSError) else None
    if isinstance(number, int):
        return errno.errorcode.get(number, str(number))
    if isinstance(thrown, TimeoutError):
        return errno.errorcode[errno.ETIMEDOUT]
    code = read(thrown, "code")
    return str(code) if isinstance(code, str | int) and not isinstance(code, bool) else None


def metadata_of(thrown: object) -> object:
    """What came with the answer of an AWS service."""
    return read(read(thrown, "response"), "ResponseMetadata")


def _service_error(thrown: object) -> object:
    """botocore's `ClientError`: one class for nearly all errors; what happened stands in its response."""
    return read(read(thrown, "response"), "Error") if isinstance(thrown, BaseException) else None
