"""What the envelope would change of an answer that leaves without it."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

from ...contract import document
from ...envelope.envelope import serialize_envelope
from ...envelope.envelope_check import is_envelope
from ...envelope.error_mapping import FALLBACK_CODE, ErrorCode, code_of_client_error
from ...telemetry.log import LOG_EVENTS, log_event, without_events
from ...telemetry.metrics import emit_metric
from . import proxy_result as proxy
from .api_answer import ApiAnswer, answer_of, answer_of_error

_CHANGE = document("logging")["envelopeWouldChange"]


class EnvelopeChange(NamedTuple):
    reason: str
    before: int | None = None
    after: int | None = None
    error_code: ErrorCode | None = None


class EnvelopeTrial(NamedTuple):
    """What the envelope would make of a result, and whether that is another answer."""

    error_code: ErrorCode | None = None
    change: EnvelopeChange | None = None


def report_change(change: EnvelopeChange | None) -> None:
    """Writes the line about a change, if there is one, and counts the answer either way."""
    emit_metric(_CHANGE["metricId"], 1 if change else 0, {"reason": change.reason if change else _CHANGE["unchanged"]})
    if change is None:
        return
    fields = {
        "reason": change.reason,
        "status_before": change.before,
        "status_after": change.after,
        "error_code": change.error_code,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    log_event(_CHANGE["level"], LOG_EVENTS["envelopeWouldChange"], given)


def try_envelope(returned: object, status_of_plain: int | None = None) -> EnvelopeTrial:
    """
    Makes the answer to an HTTP request as the envelope would, and compares. Nothing of it leaves, not into the log either.

    `status_of_plain` is the status of a result that names none.
    """
    try:
        with without_events():
            return _compared(returned, status_of_plain)
    except Exception:
        return EnvelopeTrial(FALLBACK_CODE, EnvelopeChange("error_result", error_code=FALLBACK_CODE))


def error_code_of_result(returned: object) -> ErrorCode | None:
    """The code that a result counts under without the envelope: its status tells."""
    return error_code_of_status(proxy.status_of(returned) or 0) if _is_proxy_result(returned) else None


def error_code_of_status(status: int) -> ErrorCode | None:
    if proxy.is_server_error(status):
        return FALLBACK_CODE
    return code_of_client_error(status) if proxy.is_error_status(status) else None


def _compared(returned: object, status_of_plain: int | None) -> EnvelopeTrial:
    made, was_raised = _trial_answer(returned)
    given = returned if _is_proxy_result(returned) else None
    before = status_of_plain if given is None else proxy.status_of(given)
    reason = "error_result" if was_raised else _reason_of(given, made)
    after, error_code = made.result["statusCode"], made.error_code
    return EnvelopeTrial(error_code, EnvelopeChange(reason, before, after, error_code) if reason else None)


def _is_proxy_result(returned: object) -> TypeGuard[proxy.GivenProxyResult]:
    return not isinstance(returned, BaseException) and proxy.is_proxy_result(returned)


def _trial_answer(returned: object) -> tuple[ApiAnswer, bool]:
    try:
        return answer_of(returned), False
    except Exception as error:
        return answer_of_error(error), True


def _reason_of(given: proxy.GivenProxyResult | None, answer: ApiAnswer) -> str | None:
    if given is None:
        return "wrapped"
    if answer.made in ("client_error", "server_error"):
        return answer.made
    body = proxy.body_of(given)
    if answer.made == "foreign":
        if answer.result["body"] != proxy.text_of_body(given):
            return "mended"
    elif not is_envelope(body.value):
        return "wrapped"
    elif answer.result["statusCode"] != proxy.status_of(given) or not _says_the_same(body, answer.result):
        return "mended"
    return None if _has_same_headers(given, answer.result) else "headers"


def _says_the_same(body: proxy.Body, result: proxy.ProxyResult) -> bool:
    """Whether an envelope left as it was, but for the order of its fields."""
    return proxy.body_of(result).json == serialize_envelope(body.value, proxy.data_json_of(body))


def _has_same_headers(given: proxy.GivenProxyResult, result: proxy.ProxyResult) -> bool:
    """The type is the gateway's own to add, and the length to count."""
    before, after = _header_lines(given), _header_lines(result)
    if any(name == "content-type" for name, _ in before):
        return before == after
    return before == [line for line in after if line[0] != "content-type"]


def _header_lines(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for headers in (given.get("headers"), given.get("multiValueHeaders")):
        for name, value in headers.items() if isinstance(headers, Mapping) else enumerate(headers) if isinstance(headers, list) else ():
            values = value if isinstance(value, list | tuple) else [] if value is None else [value]
            lines += [(str(name).lower(), proxy.header_text(one)) for one in values]
    cookies = given.get("cookies")
    lines += [("set-cookie", proxy.header_text(cookie)) for cookie in (cookies if isinstance(cookies, list) else ())]
    return sorted(line for line in lines if line[0] != "content-length")
