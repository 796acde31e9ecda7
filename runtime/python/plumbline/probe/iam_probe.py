"""Asks what the role may do, before the first request does."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from ..contract import document
from ..telemetry.settings import ProbeLevel
from .denial import error_code_of, is_denied, role_arn
from .endpoint import BEDROCK, BEDROCK_RUNTIME, STS
from .signed_request import ProbeRequest, ProbeResponse, send_signed

_CONTRACT = document("iam-probe")
_LOG_EVENTS = document("runtime-environment")["logEvents"]
_TIMEOUT_SECONDS: float = _CONTRACT["timeoutMs"] / 1000
# While the user's module holds the interpreter no answer is read: it has this long after that, however late it is.
_GRACE_SECONDS = 0.1

LogEvent = Callable[[Literal["warn", "error"], str, Mapping[str, object]], object]


class LambdaInitException(Exception):  # noqa: N818 -- the name that the contract gives it
    """Fails the start of a function whose role is not what the function needs. Its message reaches callers: it names no role."""

    def __init__(self, actions: Sequence[str]) -> None:
        self.actions = actions
        super().__init__(f"The function's role is denied {', '.join(actions)}; the log line {_CONTRACT['failureEvent']} names the role")


@dataclass(slots=True)
class _Check:
    action: str
    request: ProbeRequest
    model_id: str | None = None
    response: ProbeResponse | None = None
    failure: str | None = None

    def perform(self, region: str) -> None:
        try:
            self.response = send_signed(self.request, region, _TIMEOUT_SECONDS)
        except Exception as error:
            self.failure = str(error) or type(error).__name__

    def fields(self, **further: object) -> dict[str, object]:
        return {"action": self.action, **further, **({"model_id": self.model_id} if self.model_id else {})}


class RunningProbe:
    """The requests of a probe, under way while the function's own module is loaded."""

    def __init__(self, level: ProbeLevel, models: Sequence[str]) -> None:
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        self._due = time.monotonic() + _TIMEOUT_SECONDS
        self._checks = _checks_of(level, models)
        self._threads = [threading.Thread(target=check.perform, args=(region,), daemon=True) for check in self._checks]
        for thread in self._threads:
            thread.start()

    def judge(self, log: LogEvent) -> None:
        """
        Waits for the answers, 2 seconds from the start at most. Raises a LambdaInitException when something is denied.

        Anything else lets the function start with a warning: an outage of a control plane must not stop a service.
        """
        due = max(self._due, time.monotonic() + _GRACE_SECONDS)
        for thread in self._threads:
            thread.join(max(0.0, due - time.monotonic()))
        denied = []
        for check in self._checks:
            if check.response is not None and is_denied(check.response):
                denied.append(check)
            else:
                _warn_unless_answered(check, log)
        if not denied:
            return
        role = role_arn(check.response.body for check in self._checks if check.response is not None)
        for check in denied:
            log("error", _LOG_EVENTS["iamValidationFailed"], check.fields(role_arn=role))
        raise LambdaInitException(list(dict.fromkeys(check.action for check in denied)))


def start_probe(level: ProbeLevel, models: Sequence[str]) -> RunningProbe:
    return RunningProbe(level, models)


def _checks_of(level: ProbeLevel, models: Sequence[str]) -> list[_Check]:
    if level == "NONE":
        return []
    identity = ProbeRequest(STS, "POST", "/", "application/x-www-form-urlencoded", "Action=GetCallerIdentity&Version=2011-06-15")
    listing = ProbeRequest(BEDROCK, "GET", "/foundation-models")
    basic = [_Check("sts:GetCallerIdentity", identity), _Check("bedrock:ListFoundationModels", listing)]
    return [*basic, *(map(_invoke_check, models) if level == "DEEP" else ())]


def _invoke_check(model_id: str) -> _Check:
    """Bedrock decides on the permission before it reads the body: an empty one is refused as invalid, at no cost."""
    path = f"/model/{quote(model_id, safe='')}/invoke"
    return _Check("bedrock:InvokeModel", ProbeRequest(BEDROCK_RUNTIME, "POST", path, "application/json", "{}"), model_id)


def _warn_unless_answered(check: _Check, log: LogEvent) -> None:
    response = check.response
    error = error_code_of(response) if response is not None else None
    refused_as_invalid = check.model_id is not None and error == "ValidationException"
    if response is not None and (response.status < 300 or refused_as_invalid):
        return
    if response is not None:
        reason = f"HTTP {response.status} {error or ''}".strip()
    else:
        reason = check.failure or f"no answer within {_CONTRACT['timeoutMs']} ms"
    log("warn", _LOG_EVENTS["iamProbeSkipped"], check.fields(reason=reason))
