import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

import pytest
from bedrock.support.clients import CREDENTIALS, PRIMARY, TASK_TYPE, patient_policy, set_function_variables
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError, ReadTimeoutError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from plumbline import PromptIdentity, SageMakerClientFactory, with_prompt
from plumbline.bedrock.client.client_policy import STANDARD_POLICY, ClientPolicy
from plumbline.bedrock.client.client_version import BEDROCK_CLIENT_VERSION
from plumbline.bedrock.http.event_stream_check import UnreadableStreamError
from plumbline.bedrock.retry.told_error import BrokenConnectionError, name_of
from plumbline.envelope.error_mapping import error_code_of
from plumbline.sagemaker import standard_sagemaker_clients
from plumbline.sagemaker.endpoint_call import EndpointSettings
from plumbline.sagemaker.sagemaker_client import sagemaker_client
from plumbline.telemetry.invocation import new_invocation, running
from sagemaker.support.sagemaker_fake import SageMakerFake, running_sagemaker_fake
from support.output import Output
from support.vectors import vectors
from support.waiting import BUSY_MS, ms_of

Case = dict[str, Any]
TEXT: Case = {"EndpointName": "text", "ContentType": "application/json", "Body": json.dumps({"inputs": "Sum up: …"})}
ASYNC: Case = {"EndpointName": "text", "InputLocation": "s3://bucket/input.json"}


@dataclass
class RecordingPorts:
    lines: list[dict[str, Any]] = field(default_factory=list)
    invocations: list[dict[str, str]] = field(default_factory=list)
    throttlings: list[dict[str, str]] = field(default_factory=list)
    remaining_ms: float = inf

    def remaining_time_ms(self) -> float:
        return self.remaining_ms

    def log(self, event: str, fields: Any) -> None:
        self.lines.append({"event": event, **fields})

    def count_invocation(self, dimensions: Any) -> None:
        self.invocations.append(dict(dimensions))

    def count_throttling(self, dimensions: Any) -> None:
        self.throttlings.append(dict(dimensions))


@dataclass(frozen=True)
class ClientUnderTest:
    client: Any
    ports: RecordingPorts

    def send(self, operation: str) -> object:
        """Sends one call, and reads its answer to the end."""
        match operation:
            case "InvokeEndpoint":
                return self.client.invoke_endpoint(**TEXT)["Body"].read()
            case "InvokeEndpointWithResponseStream":
                return self.read_all()
            case "InvokeEndpointAsync":
                return self.client.invoke_endpoint_async(**ASYNC)["OutputLocation"]
        raise AssertionError(operation)

    def read_all(self) -> bytes:
        stream = self.client.invoke_endpoint_with_response_stream(**TEXT)["Body"]
        return b"".join(event["PayloadPart"]["Bytes"] for event in stream)


@pytest.fixture(scope="module")
def fake() -> Iterator[SageMakerFake]:
    with running_sagemaker_fake() as running:
        yield running


def client_of(fake: SageMakerFake, policy: ClientPolicy | None = None) -> ClientUnderTest:
    """Tries again at once; waits for no limit unless the policy says so."""
    chosen = policy or patient_policy()
    backoff = replace(chosen.retry.backoff, base_ms=dict.fromkeys(chosen.retry.backoff.base_ms, 5))
    chosen = replace(chosen, retry=replace(chosen.retry, backoff=backoff))
    ports = RecordingPorts()
    settings = EndpointSettings(
        policy=chosen,
        ports=ports,
        task_type=TASK_TYPE,
        primary=PRIMARY,
        read_timeout_ms=lambda: chosen.read_timeout_ms[TASK_TYPE],
        endpoint_of=lambda _: fake.url,
    )
    return ClientUnderTest(sagemaker_client(settings, **CREDENTIALS), ports)


@pytest.fixture
def tested(fake: SageMakerFake) -> ClientUnderTest:
    return client_of(fake)


@pytest.mark.parametrize("case", vectors("endpoint-calls")["cases"], ids=lambda case: case["name"])
def test_a_call_of_an_endpoint_ends_as_the_contract_says(fake: SageMakerFake, case: Case) -> None:
    # A stream that falls silent has begun before, on a busy machine too.
    limit_ms = 500 if case["operation"] == "InvokeEndpoint" else 1_500
    tested = client_of(fake, patient_policy(read_timeout_ms={TASK_TYPE: limit_ms}) if case["waits"] else None)
    fake.play(*case["behaviours"])
    outcome = code = "success"
    try:
        assert tested.send(case["operation"])
    except Exception as error:
        outcome, code = name_of(error), error_code_of(error)
    assert (outcome, code, len(fake.seen)) == (case["outcome"], case["code"], case["attempts"])
    assert tested.ports.throttlings == [{"endpoint_name": "text"}] * case["throttled"]
    assert tested.ports.invocations == [{"endpoint_name": "text", "task_type": TASK_TYPE}]
    assert [{"event": line["event"], "outcome": line["outcome"]} for line in tested.ports.lines] == case["lines"]


class TestTheClient:
    def test_is_botos_own_and_tells_a_call_once(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("ok")
        answer = tested.client.invoke_endpoint(**TEXT, InferenceComponentName="copy")
        assert isinstance(tested.client, BaseClient)
        assert isinstance(answer["Body"], StreamingBody)
        assert "generated_text" in json.loads(answer["Body"].read())[0]
        (line,) = tested.ports.lines
        assert isinstance(line.pop("latency_ms"), int)
        assert line == {
            "event": "sageMakerCall",
            "operation": "InvokeEndpoint",
            "endpoint_name": "text",
            "inference_component": "copy",
            "task_type": TASK_TYPE,
            "region": PRIMARY,
            "outcome": "success",
            "attempts": 1,
            "client_version": BEDROCK_CLIENT_VERSION,
            "connect_timeout_ms": patient_policy().connect_timeout_ms,
            "read_timeout_ms": patient_policy().read_timeout_ms[TASK_TYPE],
        }

    def test_signs_for_sagemaker_and_numbers_the_attempts_of_one_call(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("unavailable", "ok")
        tested.send("InvokeEndpoint")
        headers = [seen["headers"] for seen in fake.seen]
        assert all(f"/{PRIMARY}/sagemaker/aws4_request" in one["authorization"] for one in headers)
        assert len({one["amz-sdk-invocation-id"] for one in headers}) == 1
        assert [one["amz-sdk-request"] for one in headers] == ["attempt=1; max=3", "attempt=2; max=3"]

    def test_sends_a_body_that_is_a_file_whole_each_time(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("internal", "ok")
        body = TEXT["Body"].encode()
        tested.client.invoke_endpoint(**{**TEXT, "Body": io.BytesIO(body)})
        assert [seen["headers"]["content-length"] for seen in fake.seen] == [str(len(body))] * 2

    def test_tells_what_a_container_answered_and_nothing_of_what_it_said(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("model-refused")
        with pytest.raises(tested.client.exceptions.ModelError, match="bad request"):
            tested.send("InvokeEndpoint")
        assert tested.ports.lines[0]["original_status"] == 400
        assert "bad request" not in str(tested.ports.lines)

    def test_leaves_a_stub_of_a_unit_test_and_wrong_input_as_boto_has_them(self, tested: ClientUnderTest) -> None:
        with Stubber(tested.client) as stubber:
            stubber.add_response("invoke_endpoint", {"Body": StreamingBody(io.BytesIO(b"[]"), 2)}, TEXT)
            assert tested.send("InvokeEndpoint") == b"[]"
        tested.ports.invocations.clear()
        for wrong in ({"EndpointName": 7}, {}):
            with pytest.raises(ParamValidationError):
                tested.client.invoke_endpoint(**wrong)
        assert tested.ports.invocations == []

    def test_holds_one_busy_endpoint_apart_from_another(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("throttle")
        with pytest.raises(tested.client.exceptions.ClientError):
            tested.send("InvokeEndpoint")
        state = tested.client._settings.state
        assert state.pacing("text") is not state.pacing("other")
        assert list(state._pacings) == ["text", "other"]


class TestTime:
    def test_no_attempt_goes_past_what_lambda_has_left(self, fake: SageMakerFake) -> None:
        tested = client_of(fake)
        tested.ports.remaining_ms = 700
        fake.play("no-answer")

        def call() -> None:
            with pytest.raises(ReadTimeoutError, match=r"The function has no time left for an answer from Amazon SageMaker"):
                tested.send("InvokeEndpoint")

        took = ms_of(call)
        assert min(took) < 700
        assert max(took) < 700 + BUSY_MS
        assert {line["outcome"] for line in tested.ports.lines} == {"TimeoutError"}

    def test_errors_name_the_service(self, fake: SageMakerFake) -> None:
        fake.play("no-answer")
        hasty = client_of(fake, patient_policy(read_timeout_ms={TASK_TYPE: 50}))
        with pytest.raises(ReadTimeoutError, match=r"^No complete answer from Amazon SageMaker within 50 ms\.$"):
            hasty.send("InvokeEndpoint")
        tested = client_of(fake)
        fake.play("reset")
        with pytest.raises(BrokenConnectionError, match=r"The connection to Amazon SageMaker failed \("):
            tested.send("InvokeEndpoint")
        fake.play("page")
        with pytest.raises(UnreadableStreamError, match=r"not an event stream of Amazon SageMaker"):
            tested.send("InvokeEndpointWithResponseStream")

    @pytest.mark.parametrize("behaviour", ["unavailable", "empty"])
    def test_what_is_told_as_unavailable_is_caught_by_the_clients_own_class(self, fake: SageMakerFake, behaviour: str) -> None:
        tested = client_of(fake)
        fake.play(behaviour)
        with pytest.raises(tested.client.exceptions.ServiceUnavailable):
            tested.send("InvokeEndpoint")


class TestAStream:
    def test_is_read_to_its_end_and_told_then(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("ok")
        assert b"generated_text" in tested.read_all()
        assert isinstance(tested.ports.lines[1]["time_to_first_part_ms"], int)

    def test_that_is_left_is_told_as_left(self, fake: SageMakerFake, tested: ClientUnderTest) -> None:
        fake.play("ok")
        events = iter(tested.client.invoke_endpoint_with_response_stream(**TEXT)["Body"])
        next(events)
        events.close()
        assert (tested.ports.lines[1]["event"], tested.ports.lines[1]["outcome"]) == ("sageMakerStreamEnded", "left")


class TestTheFactory:
    @pytest.fixture(autouse=True)
    def _function(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        set_function_variables(monkeypatch, region="eu-west-1", product="Shop")
        standard_sagemaker_clients._clients.clear()
        yield
        standard_sagemaker_clients._clients.clear()

    def test_gives_one_client_a_task_type_in_the_region_of_the_function(self) -> None:
        client: Any = SageMakerClientFactory.create(task_type="synthesis")
        assert SageMakerClientFactory.create(task_type="synthesis") is client
        assert SageMakerClientFactory.create(task_type="embedding") is not client
        config = client.meta.config
        assert (client.meta.region_name, config.connect_timeout) == ("eu-west-1", STANDARD_POLICY.connect_timeout_ms / 1_000)
        assert config.retries == {"total_max_attempts": 3, "mode": "adaptive"}

    def test_tells_in_its_own_name_of_a_region_that_does_not_exist(self) -> None:
        # In a process of its own: what is loaded with the first client reads the Region too.
        script = "from plumbline import SageMakerClientFactory as f\ntry: f.create(task_type='synthesis')\nexcept ValueError as e: print(e)"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "AWS_REGION": "atlantis"}
        told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.startswith("[SageMakerClientFactory.create]")
        assert "atlantis" in told.stdout

    def test_refuses_a_task_type_that_the_standard_does_not_know(self) -> None:
        with pytest.raises(ValueError, match=r"SageMakerClientFactory\.create.*task type"):
            SageMakerClientFactory.create(task_type="haiku")  # type: ignore[arg-type]

    def test_logs_counts_and_ends_in_the_time_of_the_function(
        self, fake: SageMakerFake, monkeypatch: pytest.MonkeyPatch, output: Output
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", fake.url)
        client = SageMakerClientFactory.create(task_type="synthesis")
        fake.play("model-overloaded", "ok")
        with with_prompt(PromptIdentity("blurb", "1.2.0", "ab12")):
            client.invoke_endpoint(**TEXT)["Body"].read()
        (line,) = output.events("sagemaker_call")
        assert (line["prompt_id"], line["prompt_version"], line["prompt_hash"]) == ("blurb", "1.2.0", "ab12")
        assert (line["attempts"], line["outcome"], line["read_timeout_ms"]) == (2, "success", 60_000)
        counted = {(metric.name, metric.value) for metric in output.metrics if metric.dimensions.get("endpoint_name") == "text"}
        assert counted >= {("InvocationCount", 1), ("ThrottlingCount", 1), ("ThrottlingCount", 0)}
        fake.play("no-answer")

        class Context:
            aws_request_id = "r"

            def get_remaining_time_in_millis(self) -> int:
                return 300

        with running(new_invocation("EVENT", {}, Context())), pytest.raises(ReadTimeoutError, match="no time left"):
            client.invoke_endpoint(**TEXT)

    def test_loads_no_boto_before_a_client_is_asked_for(self) -> None:
        script = "import sys, plumbline; plumbline.SageMakerClientFactory; print({'boto3', 'botocore'} & set(sys.modules))"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "set()"

    def test_a_process_that_was_forked_begins_anew(self) -> None:
        client: Any = SageMakerClientFactory.create(task_type="synthesis")
        state = client._settings.state
        before = state.pacing("text")
        # As if another thread held it, which the child does not have.
        with standard_sagemaker_clients._lock:
            child = os.fork()
            if child == 0:
                os._exit(0 if standard_sagemaker_clients._lock.acquire(blocking=False) and state.pacing("text") is not before else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert state.pacing("text") is before
