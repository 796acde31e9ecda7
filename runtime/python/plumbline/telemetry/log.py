"""Powertools' logger, with the standard's fields on each line and secrets blacked out."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import BasePowertoolsFormatter

from ..contract import document
from .error_chain import error_chain
from .invocation import current_invocation
from .json_text import json_text
from .redacted_copy import redacted
from .settings import settings

LOG_EVENTS: dict[str, str] = document("runtime-environment")["logEvents"]

LogLevel = Literal["debug", "info", "warn", "error"]
_LEVELS: dict[LogLevel, int] = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
_NAMES = {logging.WARNING: "WARN", logging.CRITICAL: "CRITICAL"}

# What a line says of itself, and what makes it a metric to CloudWatch: no field of a call can say it instead.
_OWN_NAMES = frozenset(
    (
        "_aws", "level", "message", "timestamp", "service", "service_name", "environment", "request_id", "function_request_id",
        "xray_trace_id", "sampling_rate",
    )
)  # fmt: skip
_FIELDS = "plumbline_fields"


class _StandardFormatter(BasePowertoolsFormatter):
    """Every line says where it comes from, also in a function that runs several invocations at a time."""

    def format(self, record: logging.LogRecord) -> str:
        return json_text(self._line_of(record))

    def append_keys(self, **additional_keys: Any) -> None:
        """What is appended by hand could pass for a field of the standard."""

    def remove_keys(self, keys: Any) -> None:
        """Nothing is appended."""

    def clear_state(self) -> None:
        """Nothing is appended."""

    def _line_of(self, record: logging.LogRecord) -> dict[str, object]:
        known = settings()
        invocation = current_invocation()
        trace = os.environ.get("_X_AMZN_TRACE_ID", "").split(";")[0].removeprefix("Root=")
        line: dict[str, object] = {
            "level": _NAMES.get(record.levelno, record.levelname),
            "message": record.msg,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "service_name": known.service_name,
            "environment": known.environment,
        }
        if invocation:
            line["request_id"] = invocation.request_id
            if invocation.lambda_request_id != invocation.request_id:
                line["function_request_id"] = invocation.lambda_request_id
        if trace:
            line["xray_trace_id"] = trace
        line.update(getattr(record, _FIELDS, {}))
        # What is empty is left out, as Powertools for TypeScript does.
        return {name: value for name, value in line.items() if value is not None and value != ""}


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Wherever standard output leads when a line is written: Lambda's client puts its own there, and so do tests."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stdout


# Powertools keeps its loggers by the name of the service: a function's own must not be this one.
_SERVICE = "plumbline-runtime"
_powertools = Logger(service=_SERVICE, logger_formatter=_StandardFormatter(), logger_handler=_StandardOutput())
_lines = logging.getLogger(_SERVICE)
_lines.propagate = False


class StandardLogger:
    """
    What a handler logs with.

    What a call gives stands under `fields` or `error`, never at the root of the line: there a caller's own words could pass for a
    metric, a request id or an event of the standard.
    """

    def debug(self, message: str, fields: Mapping[str, object] | BaseException | None = None) -> None:
        _log("debug", message, fields)

    def info(self, message: str, fields: Mapping[str, object] | BaseException | None = None) -> None:
        _log("info", message, fields)

    def warning(self, message: str, fields: Mapping[str, object] | BaseException | None = None) -> None:
        _log("warn", message, fields)

    def error(self, message: str, fields: Mapping[str, object] | BaseException | None = None) -> None:
        _log("error", message, fields)


logger = StandardLogger()


# Whether work is under way that only finds out what would be.
_is_trial: ContextVar[bool] = ContextVar("plumbline_trial", default=False)


@contextmanager
def without_events() -> Iterator[None]:
    """Work of which the log shall have no event."""
    token = _is_trial.set(True)
    try:
        yield
    finally:
        _is_trial.reset(token)


def log_event(level: LogLevel, event: str, fields: Mapping[str, object] | None = None) -> None:
    """One of the contract's events, so that a filter or a query finds it by name; its fields stand at the root of the line."""
    if _is_trial.get():
        return
    line: dict[str, object] = {**(fields or {}), "event": event}
    for name in _OWN_NAMES.intersection(line):
        del line[name]
    _write(level, event, line)


def _log(level: LogLevel, message: object, fields: object) -> None:
    # Typed or not, what is no text would be spread at the root.
    if not isinstance(message, str):
        _write(level, "", {"fields": message if fields is None else [message, fields]})
    else:
        _write(level, message, {} if fields is None else {"error" if isinstance(fields, BaseException) else "fields": fields})


def _write(level: LogLevel, message: str, fields: Mapping[str, object]) -> None:
    """Never raises: a log line is not worth a request."""
    try:
        if _lines.isEnabledFor(_LEVELS[level]):
            # Powertools' own methods look for their caller in the stack, which costs more than the line.
            line = logging.LogRecord("plumbline", _LEVELS[level], "", 0, redacted(message), None, None)
            setattr(line, _FIELDS, redacted(fields))
            _lines.handle(line)
    except Exception as error:
        failed = {"level": level.upper(), "message": message, "event": fields.get("event"), "log_failed": error_chain(error)[0]["message"]}
        sys.stdout.write(f"{json_text(redacted({name: value for name, value in failed.items() if value is not None}))}\n")
