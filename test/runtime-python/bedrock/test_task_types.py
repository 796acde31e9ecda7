import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from plumbline.bedrock.client.app_config_source import app_config_source
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.client.task_types import TaskTypes, TaskTypeSource
from plumbline.contract.task_types import TaskTypeSettings, UnusableDocumentError, task_type_settings_of

BUILT_IN = STANDARD_POLICY.read_timeout_ms
LIMITS = STANDARD_POLICY.refresh.read_timeouts
TIERS = STANDARD_POLICY.service_tier
MINUTE = STANDARD_POLICY.refresh.interval_ms / 1_000


def tuned(synthesis: object) -> str:
    return json.dumps({"readTimeoutMs": {"synthesis": synthesis}})


class Scripted:
    """A source that says what it is told to, and task types that ask it once a minute."""

    def __init__(self, *script: str | Exception | None) -> None:
        self.script = script
        self.fetches = 0
        self.now = 0.0
        self.warnings: list[tuple[str, Any]] = []
        self.types = TaskTypes(STANDARD_POLICY, lambda event, fields: self.warnings.append((event, fields)), lambda: self, lambda: self.now)

    def fetch(self) -> str | None:
        told = self.script[min(self.fetches, len(self.script) - 1)]
        self.fetches += 1
        if isinstance(told, Exception):
            raise told
        return told

    def ask_next_minute(self) -> int:
        """Asks, lets the background work be done, and asks again a minute later."""
        self.types.read_timeout_ms("synthesis")
        for thread in threading.enumerate():
            if thread.name == "plumbline-task-types":
                thread.join(5)
        read_timeout_ms = self.types.read_timeout_ms("synthesis")
        self.now += MINUTE
        return read_timeout_ms


class TestTheReadTimeoutOfATaskType:
    def test_is_the_built_in_one_without_a_source(self) -> None:
        types = TaskTypes(STANDARD_POLICY, lambda *_: None)
        assert {name: types.read_timeout_ms(name) for name in BUILT_IN} == BUILT_IN

    def test_is_the_tuned_one_once_the_source_has_answered_and_the_others_stay(self) -> None:
        scripted = Scripted(tuned(30_000))
        assert scripted.ask_next_minute() == 30_000
        assert scripted.types.read_timeout_ms("embedding") == BUILT_IN["embedding"]

    def test_follows_the_source_once_a_minute_and_stays_when_there_is_nothing_new(self) -> None:
        scripted = Scripted(tuned(30_000), tuned(40_000), None)
        assert [scripted.ask_next_minute() for _ in range(3)] == [30_000, 40_000, 40_000]
        assert scripted.fetches == 3

    def test_stays_the_last_good_one_when_the_source_fails_with_one_warning_until_it_is_well_again(self) -> None:
        away = OSError("away")
        scripted = Scripted(tuned(30_000), away, away, None, away)
        assert [scripted.ask_next_minute() for _ in range(5)] == [30_000] * 5
        assert scripted.warnings == [("taskTypesStale", {"reason": "OSError: away"})] * 2

    def test_stays_the_last_good_one_when_the_document_is_not_good_with_one_warning(self) -> None:
        scripted = Scripted(tuned(30_000), tuned(-1), tuned(-1))
        assert [scripted.ask_next_minute() for _ in range(3)] == [30_000] * 3
        ((event, fields),) = scripted.warnings
        assert event == "taskTypesRejected"
        assert "synthesis" in fields["problem"]

    def test_returns_to_the_built_in_one_when_the_document_no_longer_tunes_it(self) -> None:
        scripted = Scripted(tuned(30_000), '{"readTimeoutMs": {}}')
        assert [scripted.ask_next_minute() for _ in range(2)] == [30_000, BUILT_IN["synthesis"]]

    def test_is_asked_for_by_one_request_at_a_time_and_no_call_waits(self) -> None:
        scripted = Scripted(tuned(30_000))
        may_answer = threading.Event()
        answer = scripted.fetch
        scripted.fetch = lambda: answer() if may_answer.wait(5) else None  # type: ignore[method-assign]
        assert scripted.types.read_timeout_ms("synthesis") == BUILT_IN["synthesis"]
        scripted.now += 10 * MINUTE
        assert scripted.types.read_timeout_ms("synthesis") == BUILT_IN["synthesis"]
        may_answer.set()
        scripted.ask_next_minute()
        assert scripted.fetches <= 2

    def test_warns_shortly_of_keys_that_it_does_not_know(self) -> None:
        scripted = Scripted(json.dumps({"readTimeoutMs": {}, **{f"key_{n}_{'x' * 200}": 1 for n in range(500)}}))
        scripted.ask_next_minute()
        ((_, fields),) = scripted.warnings
        assert "unknown keys" in fields["problem"]
        assert "and 497 more" in fields["problem"]
        assert len(fields["problem"]) < 300

    def test_begins_anew_after_a_restore(self) -> None:
        scripted = Scripted(tuned(30_000))
        scripted.ask_next_minute()
        scripted.types.begin_anew()
        assert scripted.types._read_timeout_ms == BUILT_IN
        assert scripted.ask_next_minute() == 30_000


def test_the_service_tier_of_a_task_type_is_none_until_the_source_names_one() -> None:
    scripted = Scripted(json.dumps({"readTimeoutMs": {}, "serviceTiers": {"embedding_batch": "flex"}}))
    assert scripted.types.try_service_tier("embedding_batch") is None
    scripted.ask_next_minute()
    assert [scripted.types.try_service_tier(name) for name in ("embedding_batch", "synthesis")] == ["flex", None]


class TestADocument:
    @pytest.mark.parametrize(
        ("document", "problem"),
        [
            ("", "not JSON"),
            ("null", "not JSON"),
            ("{}", "not JSON"),
            ('{"readTimeoutMs": []}', "not JSON"),
            ("[" * 100_000, "not JSON"),
            ('{"readTimeoutMs": {"haiku": 5}}', "unknown task types: haiku"),
            (tuned(0), "synthesis"),
            (tuned(999), "from 1000 to 900000: synthesis"),
            (tuned(1.5), "synthesis"),
            (tuned("60000"), "synthesis"),
            (tuned(True), "synthesis"),
            (tuned(None), "synthesis"),
            (tuned(LIMITS.max_ms + 1), "synthesis"),
            ('{"readTimeoutMs": {"synthesis": NaN}}', "synthesis"),
            ('{"readTimeoutMs": {}, "serviceTiers": ["flex"]}', "serviceTiers is not of the shape"),
            ('{"readTimeoutMs": {}, "serviceTiers": {"haiku": "flex"}}', "unknown task types: haiku"),
            ('{"readTimeoutMs": {}, "serviceTiers": {"embedding": "fast"}}', "no service tiers .*: embedding"),
        ],
    )
    def test_that_is_wrong_is_refused_as_a_whole(self, document: str, problem: str) -> None:
        with pytest.raises(UnusableDocumentError, match=problem):
            task_type_settings_of(document, BUILT_IN, LIMITS, TIERS)

    def test_may_hold_more_than_this_version_knows(self) -> None:
        document = json.dumps({"note": "from a newer version", "readTimeoutMs": {"synthesis": 1_000}})
        assert task_type_settings_of(document, BUILT_IN, LIMITS, TIERS) == TaskTypeSettings({**BUILT_IN, "synthesis": 1_000}, {}, ("note",))


class FakeAppConfig(ThreadingHTTPServer):
    """AppConfig's data plane, as far as one poller sees it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.requests: list[str] = []
        self.document = ""
        self.fault: Callable[[BaseHTTPRequestHandler], object] | None = None


class _Answer(BaseHTTPRequestHandler):
    server: FakeAppConfig

    def do_POST(self) -> None:
        self._answer(201, b'{"InitialConfigurationToken": "first"}')

    def do_GET(self) -> None:
        document, self.server.document = self.server.document, ""
        self._answer(200, document.encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        if self.server.fault is not None:
            self.server.fault(self)
            return
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("next-poll-configuration-token", f"token-{len(self.server.requests)}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the screen."""


class TestAppConfig:
    @pytest.fixture
    def app_config(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAppConfig]:
        server = FakeAppConfig()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_APPCONFIGDATA", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield server
        server.shutdown()
        server.server_close()

    def source(self, timeout_ms: float = 30_000) -> TaskTypeSource:
        source = app_config_source("shop/prod/bedrock-client", "us-east-1", timeout_ms, lambda *_: None)
        assert source
        return source

    def test_gives_the_document_with_the_first_fetch_and_nothing_while_it_stays_the_same(self, app_config: FakeAppConfig) -> None:
        app_config.document = '{"readTimeoutMs":{}}'
        source = self.source()
        assert [source.fetch(), source.fetch()] == ['{"readTimeoutMs":{}}', None]
        assert [request.split("?")[0] for request in app_config.requests] == ["POST /configurationsessions", *["GET /configuration"] * 2]

    def test_begins_a_new_session_after_an_error(self, app_config: FakeAppConfig) -> None:
        source = self.source()
        app_config.document = "old"
        source.fetch()
        app_config.fault = lambda request: request.send_error(400)
        with pytest.raises(Exception, match="400"):
            source.fetch()
        app_config.fault, app_config.document = None, "new"
        assert source.fetch() == "new"
        assert sum(request.startswith("POST") for request in app_config.requests) == 2

    def test_is_given_up_when_it_hangs(self, app_config: FakeAppConfig) -> None:
        is_over = threading.Event()
        app_config.fault = lambda _: is_over.wait(60)
        started = time.monotonic()
        try:
            with pytest.raises(Exception, match=r"[Tt]ime"):
                self.source(timeout_ms=100).fetch()
            assert time.monotonic() - started < 10
        finally:
            is_over.set()

    @pytest.mark.parametrize("given", [None, ""])
    def test_is_not_asked_where_the_function_has_none(self, given: str | None) -> None:
        assert app_config_source(given, "us-east-1", 1, lambda *_: pytest.fail("no warning")) is None

    @pytest.mark.parametrize("given", ["shop", "shop/prod", "shop//client", "a/b/c/d"])
    def test_that_is_named_wrongly_is_none_and_a_warning_says_so(self, given: str) -> None:
        warnings: list[Any] = []
        assert app_config_source(given, "us-east-1", 1, lambda event, fields: warnings.append((event, fields))) is None
        ((event, fields),) = warnings
        assert event == "taskTypesRejected"
        assert given in fields["problem"]
