import io
from types import SimpleNamespace

import boto3
import pytest
from bedrock.support.clients import MODEL, PATIENT_MS, PRIMARY, TASK_TYPE, client_under_test, short_policy
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read
from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError, ConnectTimeoutError, ParamValidationError, ReadTimeoutError, SSLError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.client.client_version import BEDROCK_CLIENT_VERSION

_MESSAGES = [{"role": "user", "content": [{"text": "Recommend a manga."}]}]


class TestTheClient:
    def test_is_botos_own_with_every_operation(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-own")).client
        assert isinstance(client, BaseClient)
        assert client.meta.service_model.service_name == "bedrock-runtime"
        raw = boto3.session.Session().client("bedrock-runtime", region_name=PRIMARY)
        assert set(dir(raw)) <= set(dir(client))
        assert client.can_paginate("list_async_invokes")
        with pytest.raises(AttributeError):
            getattr(client, "invoke_everything")  # noqa: B009

    def test_shows_the_policy_in_its_configuration(self) -> None:
        config = client_under_test(policy=STANDARD_POLICY).client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (2, 15)
        assert config.retries == {"total_max_attempts": 3, "mode": "adaptive"}
        assert config.tcp_keepalive is True
        assert config.region_name == PRIMARY

    def test_gives_the_types_that_boto_gives(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-types")).client
        answer = client.invoke_model(modelId=MODEL, body=io.BytesIO(b"{}"))
        assert isinstance(answer["body"], StreamingBody)
        assert answer["body"].read(5) == b'{"com'
        assert answer["body"].read().startswith(b"pletion")
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        stream = client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]
        assert isinstance(stream, EventStream)
        assert next(iter(stream)) == {"messageStart": {"role": "assistant"}}
        stream.close()

    def test_raises_the_exceptions_that_boto_raises(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("throttle@python-exceptions")).client
        with pytest.raises(client.exceptions.ThrottlingException) as raised:
            send_and_read(client, "Converse")
        assert "reached max retries" not in str(raised.value)
        with pytest.raises(ParamValidationError):
            client.converse(modelId=MODEL, messages="none")

    @pytest.mark.parametrize(("port", "fault"), [("blackHole", "ok"), ("http1", "no-answer")])
    def test_raises_time_outs_that_code_for_those_of_boto_catches(self, server: FaultyServer, port: str, fault: str) -> None:
        client = client_under_test(server.url(f"{fault}@python-time-out", port), policy=short_policy()).client
        for expected in (ReadTimeoutError, ConnectTimeoutError, TimeoutError):
            with pytest.raises(expected, match=r"within .00 ms"):
                send_and_read(client, "Converse")

    def test_pages_through_answers(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("unavailable,ok@python-pages"))
        pages = list(tested.client.get_paginator("list_async_invokes").paginate())
        assert len(pages) == 1
        assert tested.ports.calls[0]["operation"] == "ListAsyncInvokes"
        assert tested.ports.calls[0]["attempts"] == 2

    def test_lets_the_handlers_of_a_user_see_every_attempt(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("internal-error,ok@python-handlers")).client
        seen: list[str] = []
        client.meta.events.register("before-send.bedrock-runtime", lambda request, **_: seen.append(request.url))
        client.meta.events.register("before-call.bedrock-runtime.Converse", lambda params, **_: params["headers"].update({"x-user": "1"}))
        send_and_read(client, "Converse")
        assert len(seen) == 2
        assert [request["headers"]["x-user"] for request in server.requests_of("internal-error,ok@python-handlers")] == ["1", "1"]

    def test_answers_as_botos_stubber_tells_it(self) -> None:
        tested = client_under_test(policy=STANDARD_POLICY)
        answer = {"output": {"message": {"role": "assistant", "content": [{"text": "x"}]}}, "stopReason": "end_turn"}
        counts = {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}}
        with Stubber(tested.client) as stubber:
            stubber.add_response("converse", {**answer, **counts})
            stubber.add_response("list_async_invokes", {})
            for _ in range(2):
                stubber.add_client_error("converse", "ThrottlingException", http_status_code=429)
            assert send_and_read(tested.client, "Converse") == 1
            assert tested.client.list_async_invokes() == {}
            for error in (tested.client.exceptions.ThrottlingException, ClientError):
                with pytest.raises(error):
                    send_and_read(tested.client, "Converse")
        assert [call["outcome"] for call in tested.ports.calls] == ["success", "success", *["ThrottlingException"] * 2]

    def test_answers_as_a_handler_before_the_network_tells_it(self) -> None:
        client = client_under_test(policy=STANDARD_POLICY).client
        body, headers = SimpleNamespace(stream=lambda: iter([b'{"stopReason": "end_turn"}'])), HTTPHeaders()
        client.meta.events.register("before-send.bedrock-runtime", lambda request, **_: AWSResponse(request.url, 200, headers, body))
        assert client.converse(modelId=MODEL, messages=_MESSAGES)["stopReason"] == "end_turn"

    def test_tells_its_retries_where_boto_tells_them(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("internal-error,ok@python-metadata")).client
        assert client.converse(modelId=MODEL, messages=_MESSAGES)["ResponseMetadata"]["RetryAttempts"] == 1

    def test_refuses_a_certificate_it_does_not_know_and_says_so_once(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("ok@python-certificate", "tls"))
        with pytest.raises(SSLError, match="certificate verify failed"):
            send_and_read(tested.client, "Converse")
        assert tested.ports.calls[0]["attempts"] == 1

    def test_signs_with_the_role_where_there_is_a_key_too(self, server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "ABSK-not-this-one")
        monkeypatch.setenv("AWS_AUTH_SCHEME_PREFERENCE", "httpBearerAuth")
        send_and_read(client_under_test(server.url("ok@python-bearer")).client, "Converse")
        (request,) = server.requests_of("ok@python-bearer")
        assert request["headers"]["authorization"].startswith("AWS4-HMAC-SHA256 ")


class TestEveryCallTells:
    def test_what_it_was_how_it_went_and_the_limits_it_had(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("ok@python-log"))
        send_and_read(tested.client, "Converse")
        (call,) = tested.ports.calls
        assert isinstance(call.pop("latency_ms"), int)
        assert call == {
            "operation": "Converse",
            "model_id": MODEL,
            "task_type": TASK_TYPE,
            "region": PRIMARY,
            "outcome": "success",
            "attempts": 1,
            "bedrock_client_version": BEDROCK_CLIENT_VERSION,
            "connect_timeout_ms": PATIENT_MS,
            "read_timeout_ms": PATIENT_MS,
            "input_tokens": 3,
            "output_tokens": 5,
            "stop_reason": "end_turn",
            "gen_ai.usage.input_tokens": 3,
            "gen_ai.usage.output_tokens": 5,
            "gen_ai.response.finish_reasons": ["end_turn"],
            "gen_ai.provider.name": "aws.bedrock",
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": MODEL,
        }

    def test_the_count_of_requests_with_the_dimension_that_bypass_detection_looks_for(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("throttle,throttle,ok@python-count"))
        send_and_read(tested.client, "Converse")
        send_and_read(tested.client, "Converse")
        dimensions = {"model_id": MODEL, "task_type": TASK_TYPE, "bedrock_client_version": BEDROCK_CLIENT_VERSION}
        assert tested.ports.invocations == [dimensions, dimensions]
        assert tested.ports.throttlings == [{"model_id": MODEL}] * 2

    def test_that_it_failed_by_the_name_of_the_error_and_without_its_text(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("validation@python-log"))
        with pytest.raises(ClientError, match="by order of the test"):
            send_and_read(tested.client, "Converse")
        assert tested.ports.calls[0]["outcome"] == "ValidationException"
        assert "by order of the test" not in str(tested.ports.calls)
