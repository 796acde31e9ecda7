import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from bedrock.support.clients import MODEL, set_function_variables
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read
from botocore.client import BaseClient
from plumbline import BedrockClientFactory, PromptIdentity, TaskType, with_prompt
from plumbline.bedrock.client import client_version, standard_clients
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.retry.time_limit_errors import TimeLimitError
from plumbline.contract import document
from plumbline.telemetry.invocation import new_invocation, running
from support.output import Output

create: Any = BedrockClientFactory.create


@pytest.fixture(autouse=True)
def _function(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    set_function_variables(monkeypatch, region="us-east-1", product="MangaAssist")
    standard_clients._clients.clear()
    yield
    standard_clients._clients.clear()


class TestTheFactoryGives:
    def test_the_same_client_for_the_same_task_type_and_regions(self) -> None:
        client = create(task_type="synthesis")
        assert isinstance(client, BaseClient)
        assert create(task_type="synthesis") is client
        assert create(task_type="synthesis", region="us-east-1", allow_cross_region=False) is client

    @pytest.mark.parametrize(
        "other",
        [
            {"task_type": "embedding"},
            {"task_type": "synthesis", "region": "eu-west-1"},
            {"task_type": "synthesis", "allow_cross_region": True},
        ],
    )
    def test_another_client_for_other_arguments(self, other: dict[str, Any]) -> None:
        assert create(**other) is not create(task_type="synthesis")

    def test_one_client_to_many_threads(self) -> None:
        with ThreadPoolExecutor(16) as pool:
            clients = list(pool.map(lambda _: create(task_type="classification"), range(16)))
        assert len(set(map(id, clients))) == 1

    @pytest.mark.parametrize("task_type", list(STANDARD_POLICY.read_timeout_ms))
    def test_each_task_type_its_own_read_timeout(self, task_type: str) -> None:
        assert create(task_type=task_type).meta.config.read_timeout == STANDARD_POLICY.read_timeout_ms[task_type] / 1_000

    @pytest.mark.parametrize("task_type", ["haiku", "", "__class__", None, 15_000])
    def test_no_client_for_another_task_type_and_an_error_that_names_those_there_are(self, task_type: object) -> None:
        with pytest.raises(
            ValueError, match=r'task type is not in the standard(.|\n)*given:(.|\n)*"synthesis", "classification"(.|\n)*fix:'
        ):
            create(task_type=task_type)

    def test_no_client_for_a_region_that_does_not_exist(self) -> None:
        for region in ("useast1", "us-east-1.evil.example", "US-EAST-1", "us-east-1\n", "*", "us-east-9", ""):
            with pytest.raises(ValueError, match=r"Region does not exist(.|\n)*given:(.|\n)*allowed:(.|\n)*fix:"):
                create(task_type="synthesis", region=region)

    @pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"])
    def test_no_fallback_where_the_partition_has_none(self, region: str) -> None:
        with pytest.raises(ValueError, match=r"no fallback Region in this partition(.|\n)*fix:"):
            create(task_type="synthesis", region=region, allow_cross_region=True)

    def test_a_client_in_a_region_newer_than_the_contract_where_the_function_runs_in_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_REGION", "eu-north-9")
        assert create(task_type="synthesis").meta.region_name == "eu-north-9"

    def test_no_more_clients_than_the_policy_keeps_and_forgets_the_one_asked_for_longest_ago(self) -> None:
        first = create(task_type="embedding_batch")
        often = create(task_type="classification")
        for number in range(STANDARD_POLICY.max_clients):
            models = {"us-east-1": f"east-{number}", "us-west-2": f"west-{number}"}
            create(task_type="synthesis", allow_cross_region=True, model_by_region=models)
            assert create(task_type="classification") is often
        assert create(task_type="embedding_batch") is not first


EAST = {"guardrailIdentifier": "east", "guardrailVersion": "1"}
WEST = {"guardrailIdentifier": "west", "guardrailVersion": "1"}


class TestOfArgumentsForTwoRegions:
    def test_equal_ones_give_the_same_client_in_whichever_order(self) -> None:
        given = {"task_type": "synthesis", "allow_cross_region": True}
        one = create(**given, guardrail_by_region={"us-east-1": EAST, "us-west-2": WEST})
        assert create(**given, guardrail_by_region={"us-west-2": WEST, "us-east-1": EAST}) is one
        assert create(**given) is not one

    def test_one_that_is_missing_is_named(self) -> None:
        with pytest.raises(ValueError, match=r"guardrail_by_region does not name both(.|\n)*fix: +add us-west-2"):
            create(task_type="synthesis", allow_cross_region=True, guardrail_by_region={"us-east-1": EAST})

    def test_they_count_for_nothing_in_a_client_that_does_not_fall_back(self) -> None:
        alone = create(task_type="synthesis", guardrail_by_region={"us-east-1": EAST})
        assert create(task_type="synthesis") is alone


def test_the_types_name_every_task_type_of_the_contract() -> None:
    assert list(get_args(TaskType)) == list(document("client-policy")["readTimeoutMs"])


def test_a_call_leaves_its_log_line_and_its_metrics_in_the_words_of_the_contract(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch, output: Output
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url("throttle,ok@python-factory"))
    client = create(task_type="classification", region="us-east-2")
    invocation = new_invocation("EVENT", {}, SimpleNamespace(aws_request_id="r-1"))
    with running(invocation), with_prompt(PromptIdentity("recommend", "1.2.0", "a" * 64)):
        send_and_read(client, "Converse")
    (call,) = output.events("bedrock_call")
    expected = {
        "operation": "Converse",
        "task_type": "classification",
        "region": "us-east-2",
        "attempts": 2,
        "outcome": "success",
        "connect_timeout_ms": 2_000,
        "read_timeout_ms": 15_000,
        "prompt_id": "recommend",
        "prompt_version": "1.2.0",
        "prompt_hash": "a" * 64,
        "service_name": "chat",
        "environment": "prod",
        "request_id": "r-1",
    }
    assert {name: call[name] for name in expected} == expected
    # What FACTS want in each line, by which `history` finds the version that answered.
    assert call.keys() >= set(document("prompt-registry")["callLogFields"])
    own = {"service_name": "chat", "environment": "prod", "model_id": MODEL}
    counted = [(metric.name, metric.value) for metric in output.metrics if metric.dimensions.items() >= own.items()]
    used = [("InputTokenCount", 3), ("OutputTokenCount", 5), ("StopReasonCount", 1)]
    assert counted == [("InvocationCount", 1), ("ThrottlingCount", 0), ("ThrottlingCount", 1), *used]


def test_a_fallback_leads_to_the_real_name_of_the_other_region_over_tls(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client as a function has it; only the names lead to the faulty server."""
    find = socket.getaddrinfo

    def find_on_loopback(host: str, port: int, *more: Any, **options: Any) -> Any:
        is_region = host.startswith("bedrock-runtime.") and host.endswith(".amazonaws.com")
        return find("127.0.0.1", server.ports["tls"], *more, **options) if is_region else find(host, port, *more, **options)

    def choose_fault(request: Any, **_: Any) -> None:
        request.headers["x-fault"] = "internal-error" if "us-east-1" in request.url else "ok"

    monkeypatch.setattr(socket, "getaddrinfo", find_on_loopback)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(server.certificate))
    client = create(task_type="synthesis", allow_cross_region=True, model_by_region={"us-east-1": "east", "us-west-2": "west"})
    client.meta.events.register("before-send.bedrock-runtime", choose_fault)
    send_and_read(client, "ConverseStream", "east")

    seen = server.requests_of_host("amazonaws.com")[-3:]
    assert [(request["headers"]["host"], request["path"]) for request in seen] == [
        ("bedrock-runtime.us-east-1.amazonaws.com", "/model/east/converse-stream"),
        ("bedrock-runtime.us-east-1.amazonaws.com", "/model/east/converse-stream"),
        ("bedrock-runtime.us-west-2.amazonaws.com", "/model/west/converse-stream"),
    ]
    assert "/us-west-2/bedrock/aws4_request" in seen[2]["headers"]["authorization"]


def _at_once(call: Callable[..., int], *given: Any) -> Future[int]:
    done: Future[int] = Future()
    done.set_result(call(*given))
    return done


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_call_ends_before_the_invocation_it_is_made_in(server: FaultyServer, monkeypatch: pytest.MonkeyPatch, in_thread: bool) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url("no-answer@python-invocation"))
    client = create(task_type="synthesis")
    context = SimpleNamespace(aws_request_id="r", get_remaining_time_in_millis=lambda: 500)
    with running(new_invocation("EVENT", {}, context)), ThreadPoolExecutor(1) as pool:
        call: Callable[..., Future[int]] = pool.submit if in_thread else _at_once
        with pytest.raises(TimeLimitError) as raised:
            call(send_and_read, client, "Converse").result()
    assert raised.value.phase == "deadline"


def test_a_key_in_the_environment_is_left_aside_with_a_warning(monkeypatch: pytest.MonkeyPatch, output: Output) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "ABSK-not-this-one")
    assert create(task_type="synthesis").meta.config.signature_version == "v4"
    (warning,) = output.events("bedrock_bearer_token_ignored")
    assert warning["variable"] == "AWS_BEARER_TOKEN_BEDROCK"
    assert "ABSK" not in str(warning)


def test_a_process_that_asks_for_no_client_loads_no_boto() -> None:
    script = "import sys, plumbline; plumbline.BedrockClientFactory; print({'boto3', 'botocore'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_a_process_that_was_forked_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create(task_type="synthesis", allow_cross_region=True)
    state = client._settings.state
    for _ in range(3):
        state.circuit.fell_back("error", "closed")
    # As if another thread held them, which the child does not have.
    with standard_clients._lock, state.circuit._lock:
        child = os.fork()
        if child == 0:
            os._exit(0 if standard_clients._lock.acquire(blocking=False) and state.circuit.decide() == "closed" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert state.circuit.decide() == "open"


def test_the_layer_tells_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "version.txt"
    monkeypatch.setattr(client_version, "_OF_LAYER", file)
    assert client_version._version() == client_version.BEDROCK_CLIENT_VERSION
    file.write_text("1.2.3\n", encoding="utf-8")
    assert client_version._version() == "1.2.3"
