"""What was raised, read without being trusted: nothing here raises, whatever an exception does when it is asked."""

import errno
from collections.abc import Mapping

_UNSHOWN = "(a value that cannot be shown)"


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
    code = read(_service_error(thrown), "Code")
    if isinstance(code, str):
        # In a stream the name of an error begins with a small letter.
        code = code[:1].upper() + code[1:]
    given = read(thrown, "name") if isinstance(thrown, Mapping) else None
    classes = type(thrown).__mro__ if isinstance(thrown, BaseException) else ()
    return [*(name for name in (code, given) if isinstance(name, str) and name), *(known.__name__ for known in classes)]


def name_of(thrown: object) -> str:
    names = names_of(thrown)
    return names[0] if names else type(thrown).__name__


def message_of(thrown: object) -> str | None:
    """What the service said, or what the exception says; None for what has no message."""
    said = read(_service_error(thrown), "Message")
    if isinstance(said, str):
        return said
    if isinstance(thrown, BaseException):
        return safe_text(thrown)
    given = read(thrown, "message") if isinstance(thrown, Mapping) else None
    return given if isinstance(given, str) else None


def code_of(thrown: object) -> str | None:
    """The code of an error of the operating system, by its name, or whatever code an exception carries."""
    number = read(thrown, "errno") if isinstance(thrown, OSError) else None
    if isinstance(number, int):
        return errno.errorcode.get(number, str(number))
    code = read(thrown, "code")
    return str(code) if isinstance(code, str | int) and not isinstance(code, bool) else None


def metadata_of(thrown: object) -> object:
    """What came with the answer of an AWS service."""
    return read(read(thrown, "response"), "ResponseMetadata")


def _service_error(thrown: object) -> object:
    """botocore's `ClientError`: one class for nearly all errors; what happened stands in its response."""
    return read(read(thrown, "response"), "Error") if isinstance(thrown, BaseException) else None
