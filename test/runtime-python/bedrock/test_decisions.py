"""What a failure is, where attempts go, and how long they wait: the cases that both runtimes replay."""

import errno
import http.client
import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import pytest
from bedrock.support.clients import FALLBACK, PRIMARY, RecordingPorts
from botocore.exceptions import ClientError, ConnectionClosedError, SSLError
from plumbline.bedrock.client.call_report import CallReport, ReportedCall
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.retry.attempt import Attempt
from plumbline.bedrock.retry.attempt_clock import AttemptLimits
from plumbline.bedrock.retry.bedrock_call import BedrockCall, CallRequest, CallSurroundings
from plumbline.bedrock.retry.clock_skew import RegionClock
from plumbline.bedrock.retry.failure_kind import FailureKind, failure_kind
from plumbline.bedrock.retry.region_circuit import RegionCircuit
from plumbline.bedrock.retry.region_pacing import RegionPacing
from plumbline.bedrock.retry.retry_delay import retry_delay_ms
from plumbline.bedrock.retry.time_limit_errors import TimeLimitError
from support.vectors import vectors

Case = dict[str, Any]


def cases_of(file: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in vectors(file)["cases"]]


# What Python has a class for, and no number.
_OF_THE_RESOLVER = {"ENOTFOUND": socket.EAI_NONAME, "EAI_AGAIN": socket.EAI_AGAIN}
_BROKEN: dict[str, Exception] = {
    "not HTTP": http.client.BadStatusLine("220 mail.example ESMTP ready"),
    "cut off": http.client.IncompleteRead(b"half"),
    "TLS": ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
    "certificate": ssl.SSLCertVerificationError(1, "certificate verify failed"),
}


def error_of(failure: Case) -> Exception:
    match failure:
        case {"timeLimit": phase}:
            return TimeLimitError(phase, 2_000)
        case {"answer": {"error": code, **more}}:
            metadata: Case = {"HTTPStatusCode": more["status"]} if "status" in more else {}
            wrapped = {"OriginalStatusCode": more["originalStatus"]} if "originalStatus" in more else {}
            error = ClientError({"Error": {"Code": code, "Message": "x"}, "ResponseMetadata": metadata, **wrapped}, "Converse")  # type: ignore[typeddict-item]
            if more.get("clockCorrected"):
                metadata["HTTPHeaders"] = {"date": "Fri, 01 Jan 2100 00:00:00 GMT"}
                RegionClock().correct(error, timedelta())
            return error
        case {"system": code} if code in _OF_THE_RESOLVER:
            return socket.gaierror(_OF_THE_RESOLVER[code], "x")
        case {"system": code}:
            return OSError(getattr(errno, code), "x")
        case {"broken": what}:
            return _BROKEN[what]
        case {"program": message}:
            return TypeError(message)
    raise AssertionError(failure)


@pytest.mark.parametrize("case", cases_of("failure-kinds"))
def test_a_failure_is_of_the_kind_that_the_contract_says(case: Case) -> None:
    error = error_of(case["failure"])
    expected = None if case["kind"] == "none" else case["kind"]
    assert failure_kind(error) == expected
    if not isinstance(error, ClientError):
        # As botocore hands it on.
        wrapper = SSLError if isinstance(error, ssl.SSLError) else ConnectionClosedError
        if case["kind"] != "timeout" and "program" not in case["failure"]:
            assert failure_kind(wrapper(endpoint_url="https://x", error=error)) == expected


def test_an_error_that_is_its_own_cause_is_of_no_kind() -> None:
    circular = RuntimeError("round and round")
    circular.__cause__ = circular
    assert failure_kind(circular) is None


def test_a_failure_is_what_its_cause_is_however_deep_within_reason() -> None:
    outer, middle = RuntimeError("outer"), RuntimeError("middle")
    outer.__cause__, middle.__cause__ = middle, ConnectionResetError(errno.ECONNRESET, "x")
    assert failure_kind(outer) == "connection"


@pytest.mark.parametrize("case", cases_of("retry-delays"))
def test_a_retry_waits_as_long_as_the_contract_says(case: Case) -> None:
    waited = retry_delay_ms(
        case["kind"], STANDARD_POLICY.retry.backoff, retry=case["retry"], hint_ms=case.get("hintMs"), random=case["random"]
    )
    assert waited == case["waitMs"]


@pytest.mark.parametrize("case", cases_of("circuit-decisions"))
def test_the_circuit_decides_as_the_contract_says(case: Case) -> None:
    now = [0]
    circuit = RegionCircuit(STANDARD_POLICY.circuit, lambda: now[0])
    for step in case["steps"]:
        now[0] = step["atMs"]
        decision = circuit.decide() if "decision" in step else "closed"
        assert step.get("decision", decision) == decision
        match step.get("primary"):
            case "well":
                circuit.primary_answered()
            case "timeout" | "error" | "throttle" as reason:
                circuit.fell_back(reason, decision)
        if decision == "probe" and step.get("primary") != "under way":
            circuit.probe_ended()


_FAILURES: dict[str, Case] = {
    "timeout": {"timeLimit": "read"},
    "deadline": {"timeLimit": "deadline"},
    "connection": {"system": "ECONNRESET"},
    "server": {"answer": {"error": "InternalServerException", "status": 500}},
    "throttling": {"answer": {"error": "ThrottlingException", "status": 429}},
    "refused": {"answer": {"error": "ValidationException", "status": 400}},
}


class World:
    """Regions that answer as a case says, and no waits."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.ports = RecordingPorts()
        self._policy = replace(STANDARD_POLICY.retry, max_retry_wait_ms=0)
        self._circuit = RegionCircuit(STANDARD_POLICY.circuit, lambda: self.now_ms)
        self._pacings = {region: RegionPacing(self._policy) for region in (PRIMARY, FALLBACK)}

    def call(self, planned: Case) -> tuple[list[str], str]:
        attempts: list[str] = []
        limits = AttemptLimits(connect_ms=1_000, read_ms=1_000, deadline=inf, standstill_ms=1_000)

        def send(attempt: Attempt) -> str:
            outcome = planned["outcomes"][len(attempts)]
            attempts.append("primary" if attempt.region == PRIMARY else "fallback")
            if outcome == "answer":
                return "answer"
            raise error_of(_FAILURES[outcome])

        report = CallReport(self.ports, ReportedCall("Converse", "m", "default", limits))
        around = CallSurroundings(
            self._policy, self._circuit, report, self._pacings.__getitem__, lambda _: RegionClock(), lambda error: error
        )
        fallback = FALLBACK if planned.get("mayReroute", True) else None
        request = CallRequest(limits=limits, primary=PRIMARY, fallback=fallback, answers_with_events=False, send=send)
        try:
            return attempts, BedrockCall(request, around).run().result
        except Exception as error:
            return attempts, failure_kind(error) or "refused"


@pytest.mark.parametrize("case", cases_of("retry-decisions"))
def test_attempts_go_where_the_contract_says(case: Case) -> None:
    world = World()
    for planned in case["calls"]:
        for _ in range(planned.get("times", 1)):
            world.now_ms += planned.get("afterMs", 0)
            told = len(world.ports.fallback_counts)
            assert world.call(planned) == (planned["attempts"], planned["end"])
            reasons = [count["reason"] for count in world.ports.fallback_counts[told:]]
            assert reasons == ([planned["fellBack"]] if "fellBack" in planned else [])
            assert world.ports.calls[-1]["attempts"] == len(planned["attempts"])


@pytest.mark.parametrize("kind", ["timeout", "connection", "server", "throttling"])
def test_every_kind_of_failure_has_a_back_off(kind: FailureKind) -> None:
    assert STANDARD_POLICY.retry.backoff.base_ms[kind] > 0
    assert kind in STANDARD_POLICY.retry.retried
