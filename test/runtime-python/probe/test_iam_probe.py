import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from plumbline.probe.iam_probe import LambdaInitException, start_probe
from plumbline.telemetry.log import log_event
from plumbline.telemetry.settings import ProbeLevel
from support.answering_server import Answer, AnsweringServer, Request, answering
from support.output import Output

MODELS = ["anthropic.claude-3-haiku-20240307-v1:0", "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc"]
SESSION = "arn:aws:sts::123456789012:assumed-role/chat-role/chat"
SLACK_SECONDS = 5
FINE = {
    "sts:GetCallerIdentity": Answer(body=f"<Arn>{SESSION}</Arn>"),
    "bedrock:ListFoundationModels": Answer(),
    "bedrock:InvokeModel": Answer(400, "{}", {"x-amzn-errortype": "ValidationException"}),
}
DENIED = Answer(403, f'{{"message":"User: {SESSION} is not authorized"}}', {"x-amzn-errortype": "AccessDeniedException:http://x/"})


def action_of(request: Request) -> str:
    if request.path.endswith("/foundation-models"):
        return "bedrock:ListFoundationModels"
    return "bedrock:InvokeModel" if "/model/" in request.path else "sts:GetCallerIdentity"


class Aws:
    """What the role may do, by the action that asks."""

    def __init__(self, server: AnsweringServer) -> None:
        self.answers = dict(FINE)
        self._server = server
        server.answer = lambda request: self.answers[action_of(request)]

    def asked(self, action: str) -> list[Request]:
        return [request for request in self._server.requests if action_of(request) == action]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    with answering(lambda _: Answer()) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        for name, value in (("ACCESS_KEY_ID", "AKIDEXAMPLE"), ("SECRET_ACCESS_KEY", "secret"), ("SESSION_TOKEN", "session")):
            monkeypatch.setenv(f"AWS_{name}", value)
        yield Aws(server)


def probe(level: ProbeLevel = "BASIC", models: list[str] = MODELS) -> None:
    start_probe(level, models).judge(log_event)


def credential_of(request: Request) -> str:
    found = re.search(r"Credential=(\S+),", request.headers["authorization"])
    assert found
    return found[1]


def test_none_asks_nothing(aws: Aws) -> None:
    probe("NONE")
    assert not any(aws.asked(action) for action in FINE)


def test_basic_asks_who_the_role_is_and_whether_it_may_list_models(aws: Aws, output: Output) -> None:
    probe()
    (identity,), (listing,) = aws.asked("sts:GetCallerIdentity"), aws.asked("bedrock:ListFoundationModels")
    assert (identity.method, identity.path, identity.body) == ("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15")
    assert identity.headers["content-type"] == "application/x-www-form-urlencoded"
    assert identity.headers["x-amz-security-token"] == "session"
    assert re.fullmatch(r"AKIDEXAMPLE/\d{8}/eu-west-1/sts/aws4_request", credential_of(identity))
    assert (listing.method, listing.path, listing.body) == ("GET", "/foundation-models", "")
    assert credential_of(listing).endswith("/eu-west-1/bedrock/aws4_request")
    assert aws.asked("bedrock:InvokeModel") == []
    assert output.text == ""


@pytest.mark.parametrize(
    ("region", "default", "expected"), [("eu-west-1", "eu-west-2", "eu-west-1"), ("", "eu-west-2", "eu-west-2"), ("", "", "us-east-1")]
)
def test_is_signed_for_the_region_of_the_function(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, region: str, default: str, expected: str
) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", default)
    probe()
    assert f"/{expected}/" in credential_of(aws.asked("bedrock:ListFoundationModels")[0])


def test_an_endpoint_may_have_a_path(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"{aws._server.url}/a/b/")
    probe()
    assert [request.path for request in aws.asked("bedrock:ListFoundationModels")] == ["/a/b/foundation-models"]


def test_deep_also_asks_for_every_model_without_a_body_that_a_model_would_answer(aws: Aws, output: Output) -> None:
    probe("DEEP")
    asked = aws.asked("bedrock:InvokeModel")
    assert sorted(request.path for request in asked) == sorted(f"/model/{quote(model, safe='')}/invoke" for model in MODELS)
    assert {(request.method, request.body, request.headers["content-type"]) for request in asked} == {("POST", "{}", "application/json")}
    assert output.text == ""


def failure(*arguments: Any) -> LambdaInitException:
    with pytest.raises(LambdaInitException) as raised:
        probe(*arguments)
    return raised.value


def test_a_denial_fails_the_start_names_the_action_and_the_role_in_the_log_only(aws: Aws, output: Output) -> None:
    aws.answers["bedrock:ListFoundationModels"] = DENIED
    error = failure()
    assert error.actions == ["bedrock:ListFoundationModels"]
    assert "bedrock:ListFoundationModels" in str(error)
    assert "iam_validation_failed" in str(error)
    assert "arn:" not in str(error)
    (line,) = output.events("iam_validation_failed")
    assert (line["level"], line["action"]) == ("ERROR", "bedrock:ListFoundationModels")
    assert line["role_arn"] == "arn:aws:iam::123456789012:role/chat-role"
    assert "model_id" not in line


def test_each_denied_model_has_its_line_and_the_action_is_named_once(aws: Aws, output: Output) -> None:
    aws.answers["bedrock:InvokeModel"] = aws.answers["sts:GetCallerIdentity"] = DENIED
    assert failure("DEEP").actions == ["sts:GetCallerIdentity", "bedrock:InvokeModel"]
    assert [line.get("model_id") for line in output.events("iam_validation_failed")] == [None, *MODELS]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(429, "", {"x-amzn-errortype": "ThrottlingException"}), "HTTP 429 ThrottlingException"),
        (Answer(503, ""), "HTTP 503"),
        (Answer(403, "", {"x-amzn-errortype": "ExpiredTokenException"}), "HTTP 403 ExpiredTokenException"),
        (Answer(400, "", {"x-amzn-errortype": "ValidationException"}), "HTTP 400 ValidationException"),
        (Answer(300, ""), "HTTP 300"),
    ],
)
def test_anything_else_lets_the_function_start_with_a_warning(aws: Aws, output: Output, answer: Answer, reason: str) -> None:
    aws.answers["bedrock:ListFoundationModels"] = answer
    probe()
    (line,) = output.events("iam_probe_skipped")
    assert (line["level"], line["action"], line["reason"]) == ("WARN", "bedrock:ListFoundationModels", reason)


def test_a_model_that_answers_is_one_that_may_be_invoked(aws: Aws, output: Output) -> None:
    aws.answers["bedrock:InvokeModel"] = Answer()
    probe("DEEP")
    assert output.text == ""


def test_a_model_that_is_throttled_is_named_in_the_warning(aws: Aws, output: Output) -> None:
    aws.answers["bedrock:InvokeModel"] = Answer(429, "")
    probe("DEEP", ["one"])
    (line,) = output.events("iam_probe_skipped")
    assert (line["action"], line["model_id"], line["reason"]) == ("bedrock:InvokeModel", "one", "HTTP 429")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "not a url"])
@pytest.mark.usefixtures("aws")
def test_nobody_at_the_other_end_lets_the_function_start_with_warnings(
    monkeypatch: pytest.MonkeyPatch, output: Output, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    probe()
    lines = output.events("iam_probe_skipped")
    assert len(lines) == 2
    assert all(line["reason"] for line in lines)


def test_no_answer_is_awaited_for_longer_than_two_seconds_and_one_denial_among_silence_is_heard(aws: Aws, output: Output) -> None:
    aws.answers.update({"sts:GetCallerIdentity": Answer(hangs=True), "bedrock:ListFoundationModels": DENIED})
    start = time.monotonic()
    assert failure().actions == ["bedrock:ListFoundationModels"]
    assert 1.9 < time.monotonic() - start < 2 + SLACK_SECONDS
    assert [line["action"] for line in output.events("iam_probe_skipped")] == ["sts:GetCallerIdentity"]


def test_what_the_import_of_the_users_module_held_up_is_read_after_it(aws: Aws, output: Output) -> None:
    running = start_probe("BASIC", [])
    running._due = 0
    running.judge(log_event)
    assert output.text == ""
    assert len(aws.asked("bedrock:ListFoundationModels")) == 1
