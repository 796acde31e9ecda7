import threading
import time
from itertools import count
from typing import Any

import pytest
from bedrock.support.clients import FALLBACK, MODEL, PRIMARY, TASK_TYPE, client_under_test, patient_policy, short_policy
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read
from botocore.exceptions import ClientError, EventStreamError
from plumbline.bedrock.client.model_route import RegionalTwins
from plumbline.bedrock.retry.told_error import BrokenConnectionError
from support.waiting import wait_until

_cases = count()
_MESSAGES = [{"role": "user", "content": [{"text": "Recommend a manga."}]}]
LIMIT_MS = 1_000
_WAITED_FOR = ("no-answer", "stall-in-stream")
GUARDRAILS = {
    PRIMARY: {"guardrailIdentifier": "east1guard", "guardrailVersion": "3"},
    FALLBACK: {"guardrailIdentifier": "west2guard", "guardrailVersion": "7"},
}
EAST_ARN = f"arn:aws:bedrock:{PRIMARY}::foundation-model/{MODEL}"


class Regions:
    """A client whose primary Region plays one plan and whose fallback Region another."""

    def __init__(self, server: FaultyServer, primary: str, fallback: str = "ok", twins: RegionalTwins | None = None) -> None:
        number = next(_cases)
        self._server = server
        self._plans = (f"{primary}@python-primary-{number}", f"{fallback}@python-fallback-{number}")
        # Where a limit is waited for, it is one that the other Region does not reach.
        limits: dict[str, Any] = {"connect_timeout_ms": LIMIT_MS, "read_timeout_ms": {TASK_TYPE: LIMIT_MS}}
        policy = short_policy(**limits) if primary in _WAITED_FOR else patient_policy()
        tested = client_under_test(*(server.url(plan) for plan in self._plans), twins=twins, policy=policy)
        self.client, self.ports = tested.client, tested.ports

    def requests(self) -> list[int]:
        return [len(self._server.requests_of(plan)) for plan in self._plans]

    def seen_by_fallback(self) -> list[dict[str, Any]]:
        return self._server.requests_of(self._plans[1])

    def seen_by_primary(self) -> list[dict[str, Any]]:
        return self._server.requests_of(self._plans[0])


class TestARequestThatFailsTwiceInThePrimaryRegion:
    @pytest.mark.parametrize(
        ("fault", "reason"),
        [("no-answer", "timeout"), ("throttle", "throttle"), ("internal-error", "error"), ("reset-before-answer", "error")],
    )
    def test_goes_to_the_fallback_region_and_says_why(self, server: FaultyServer, fault: str, reason: str) -> None:
        regions = Regions(server, fault)
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [2, 1]
        assert regions.ports.fallback_counts == [{"from_region": PRIMARY, "to_region": FALLBACK, "reason": reason}]
        (call,) = regions.ports.calls
        assert (call["outcome"], call["attempts"], call["region"]) == ("success", 3, FALLBACK)

    def test_is_logged_with_both_regions_and_the_time_it_took_to_fail(self, server: FaultyServer) -> None:
        regions = Regions(server, "no-answer")
        send_and_read(regions.client, "Converse")
        (line,) = regions.ports.fallbacks
        latency = line.pop("latency_to_failure_ms")
        assert line == {"primary_region": PRIMARY, "fallback_region": FALLBACK}
        assert latency >= 2 * LIMIT_MS

    def test_is_signed_for_the_fallback_region_and_names_the_model_there(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error")
        send_and_read(regions.client, "Converse", EAST_ARN)
        (seen,) = regions.seen_by_fallback()
        assert f"/{FALLBACK}/bedrock/aws4_request" in seen["headers"]["authorization"]
        assert f"arn%3Aaws%3Abedrock%3A{FALLBACK}%3A%3Afoundation-model" in seen["path"]
        for primary in regions.seen_by_primary():
            assert f"/{PRIMARY}/bedrock/aws4_request" in primary["headers"]["authorization"]

    def test_goes_with_the_guardrail_of_the_fallback_region(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error", twins=RegionalTwins(guardrails=GUARDRAILS))
        regions.client.invoke_model(modelId=MODEL, body=b"{}", trace="ENABLED", **GUARDRAILS[PRIMARY])
        headers = regions.seen_by_fallback()[0]["headers"]
        assert headers["x-amzn-bedrock-guardrailidentifier"] == "west2guard"
        assert headers["x-amzn-bedrock-guardrailversion"] == "7"

    def test_names_the_application_inference_profile_that_the_fallback_region_has(self, server: FaultyServer) -> None:
        models = {
            region: f"arn:aws:bedrock:{region}:111122223333:application-inference-profile/x{region[3:7]}" for region in (PRIMARY, FALLBACK)
        }
        regions = Regions(server, "internal-error", twins=RegionalTwins(models=models))
        send_and_read(regions.client, "Converse", models[PRIMARY])
        assert f"bedrock%3A{FALLBACK}%3A111122223333" in regions.seen_by_fallback()[0]["path"]

    def test_has_one_attempt_left_for_both_regions_together(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error", "internal-error")
        with pytest.raises(regions.client.exceptions.InternalServerException):
            send_and_read(regions.client, "Converse")
        assert regions.requests() == [2, 1]
        assert regions.ports.calls[0]["attempts"] == 3

    def test_is_one_request_to_the_service_whose_attempts_share_their_id(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error")
        send_and_read(regions.client, "Converse")
        headers = [seen["headers"] for seen in [*regions.seen_by_primary(), *regions.seen_by_fallback()]]
        assert len({header["amz-sdk-invocation-id"] for header in headers}) == 1
        assert [header["amz-sdk-request"] for header in headers] == ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]

    def test_sends_a_body_that_is_a_file_whole_each_time(self, server: FaultyServer, tmp_path: Any) -> None:
        regions = Regions(server, "internal-error")
        body = tmp_path / "body.json"
        body.write_bytes(b'{"prompt": "Recommend a manga."}')
        with body.open("rb") as opened:
            regions.client.invoke_model(modelId=MODEL, body=opened)
        lengths = {seen["headers"]["content-length"] for seen in [*regions.seen_by_primary(), *regions.seen_by_fallback()]}
        assert lengths == {str(body.stat().st_size)}


class TestARequestStaysInThePrimaryRegion:
    def test_after_one_failure(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error,ok")
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [2, 0]
        assert regions.ports.fallback_counts == []

    @pytest.mark.parametrize("fault", ["validation", "access-denied", "not-found", "quota", "expired-token"])
    def test_when_it_is_refused(self, server: FaultyServer, fault: str) -> None:
        regions = Regions(server, fault)
        with pytest.raises(ClientError):
            send_and_read(regions.client, "Converse")
        assert regions.requests() == [1, 0]

    def test_when_it_asks_for_something_that_exists_only_there(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error")
        with pytest.raises(ClientError):
            regions.client.get_async_invoke(invocationArn=f"arn:aws:bedrock:{PRIMARY}:111122223333:async-invoke/abcdefghijkl")
        assert regions.requests() == [3, 0]

    def test_when_it_names_a_guardrail_that_has_no_twin(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error", twins=RegionalTwins(guardrails=GUARDRAILS))
        config = {"guardrailIdentifier": "other", "guardrailVersion": "1"}
        with pytest.raises(ClientError):
            regions.client.converse(modelId=MODEL, messages=_MESSAGES, guardrailConfig=config)
        assert regions.requests() == [3, 0]

    def test_when_it_names_a_profile_of_another_geography(self, server: FaultyServer) -> None:
        regions = Regions(server, "internal-error")
        with pytest.raises(ClientError):
            send_and_read(regions.client, "Converse", f"eu.{MODEL}")
        assert regions.requests() == [3, 0]

    def test_when_a_stream_has_begun(self, server: FaultyServer) -> None:
        regions = Regions(server, "reset-in-stream")
        with pytest.raises(BrokenConnectionError):
            send_and_read(regions.client, "ConverseStream")
        assert regions.requests() == [1, 0]


def test_a_job_that_is_started_again_keeps_its_token(server: FaultyServer) -> None:
    regions = Regions(server, "unavailable")
    bodies: list[bytes] = []
    regions.client.meta.events.register("before-send.bedrock-runtime", lambda request, **_: bodies.append(request.body))
    output = {"s3OutputDataConfig": {"s3Uri": "s3://bucket/prefix"}}
    with pytest.raises(regions.client.exceptions.ServiceUnavailableException):
        regions.client.start_async_invoke(modelId=MODEL, modelInput={}, outputDataConfig=output)
    assert regions.requests() == [3, 0]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert b"clientRequestToken" in bodies[0]


FAILING = ",".join(["internal-error"] * 6)


class TestAfterThreeFallbacksInARow:
    def open_circuit(self, server: FaultyServer, primary: str, fallback: str = "ok") -> Regions:
        regions = Regions(server, primary, fallback)
        for _ in range(patient_policy().circuit.fallbacks_to_open):
            send_and_read(regions.client, "Converse")
        return regions

    def half_open(self, regions: Regions) -> None:
        circuit = regions.client._settings.state.circuit
        circuit._now_ms = lambda: time.time() * 1_000 + patient_policy().circuit.open_ms

    def test_new_requests_go_straight_to_the_fallback_region_and_are_counted(self, server: FaultyServer) -> None:
        regions = self.open_circuit(server, FAILING)
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [6, 4]
        assert len(regions.ports.fallback_counts) == 4
        assert regions.ports.fallback_counts[3] == {"from_region": PRIMARY, "to_region": FALLBACK, "reason": "error"}
        assert (regions.ports.calls[3]["attempts"], regions.ports.calls[3]["region"]) == (1, FALLBACK)

    def test_a_probe_finds_the_primary_region_well_and_returns_the_requests_to_it(self, server: FaultyServer) -> None:
        regions = self.open_circuit(server, f"{FAILING},ok")
        self.half_open(regions)
        send_and_read(regions.client, "Converse")
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [8, 3]

    def test_a_probe_that_fails_costs_one_attempt_there_not_two(self, server: FaultyServer) -> None:
        regions = self.open_circuit(server, f"{FAILING},internal-error")
        self.half_open(regions)
        send_and_read(regions.client, "Converse")
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [7, 5]

    def test_a_request_that_can_only_go_to_the_primary_region_still_goes_there(self, server: FaultyServer) -> None:
        regions = self.open_circuit(server, f"{FAILING},ok")
        send_and_read(regions.client, "Converse", f"eu.{MODEL}")
        assert regions.requests() == [7, 3]

    def test_the_primary_region_is_tried_when_the_fallback_region_fails_too(self, server: FaultyServer) -> None:
        regions = self.open_circuit(server, f"{FAILING},ok", "ok,ok,ok,internal-error")
        send_and_read(regions.client, "Converse")
        assert regions.requests() == [7, 5]


def test_a_stream_that_is_open_in_the_primary_region_lives_on_while_others_fall_back(server: FaultyServer) -> None:
    regions = Regions(server, "slow-stream,internal-error")
    events: list[int] = []
    reader = threading.Thread(target=lambda: events.append(send_and_read(regions.client, "ConverseStream")))
    reader.start()
    wait_until(lambda: regions.requests()[0] == 1)
    for _ in range(4):
        send_and_read(regions.client, "Converse")
    assert len(regions.ports.fallback_counts) == 4
    reader.join(60)
    assert events == [9]


def test_an_endpoint_that_the_user_names_is_the_only_one_there_is(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url("internal-error@python-pinned"))
    tested = client_under_test(fallback_url="unused")
    with pytest.raises(ClientError):
        send_and_read(tested.client, "Converse")
    assert len(server.requests_of("internal-error@python-pinned")) == 3
    assert tested.ports.fallback_counts == []


@pytest.mark.parametrize(
    ("fault", "outcome", "error", "throttlings"),
    [
        ("stream-throttled", "ThrottlingException", EventStreamError, 1),
        ("stream-internal-error", "InternalServerException", EventStreamError, 0),
        ("stall-in-stream", "TimeoutError", TimeoutError, 0),
    ],
)
def test_a_stream_that_breaks_off_is_told_as_such(
    server: FaultyServer, fault: str, outcome: str, error: type[Exception], throttlings: int
) -> None:
    regions = Regions(server, fault)
    with pytest.raises(error):
        send_and_read(regions.client, "ConverseStream")
    (warning,) = regions.ports.warnings
    warning.pop("latency_ms")
    assert warning == {"event": "bedrockStreamFailed", "operation": "ConverseStream", "model_id": MODEL, "outcome": outcome}
    assert len(regions.ports.throttlings) == throttlings
