import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import pytest
from plumbline.bedrock.client.prompt_context import current_prompt
from plumbline.envelope.envelope import EnvelopeError
from plumbline.prompts.compiled_prompt import Prompt
from plumbline.prompts.ports import PromptEvent, PromptLimits, PromptMetric
from plumbline.prompts.prompt_problem import PromptProblem
from plumbline.prompts.standard_prompts import StandardPrompts
from support.fake_prompt_registry import FakePromptRegistry, Mood, Service, fake_prompt_registry
from support.signed_prompts import KEY_ARN, Published, deployed, published
from support.waiting import wait_until

ADA = {"name": "Grace"}
MOODS: list[Mood] = ["never", "throttling", "failing", "denying", "breaking off"]
# What a registry that answers needs on a busy machine, and what is soon over for one that does not.
LIMITS = PromptLimits(fresh=60, max_stale=300, wait=0.05, total=30, retry=10)
SHORT = replace(LIMITS, total=0.8)
LONG_ENOUGH = replace(LIMITS, total=3)
SLACK_SECONDS = 5


class Ports:
    """Everything that was told, and a clock that goes only when it is turned."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []
        self.counts: list[tuple[PromptMetric, int]] = []
        self.time = 1_800_000_000.0
        self.remaining = inf

    def now(self) -> float:
        return self.time

    def remaining_time_ms(self) -> float:
        return self.remaining

    def log(self, level: Literal["warn", "error"], event: PromptEvent, fields: Mapping[str, object]) -> None:
        self.lines.append({"event": event, **fields})

    def count(self, metric: PromptMetric, value: int, dimensions: Mapping[str, str]) -> None:
        self.counts.append((metric, value))

    def counted(self, metric: PromptMetric) -> int:
        return sum(value for name, value in self.counts if name == metric)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePromptRegistry]:
    with fake_prompt_registry() as fake:
        for name, value in {"AWS_ENDPOINT_URL": fake.url, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}.items():
            monkeypatch.setenv(name, value)
        yield fake


class Asker:
    """Prompts as a function has them, with boto3's clients against the fake."""

    def __init__(self, env: Mapping[str, str] | None = None, *, limits: PromptLimits = LIMITS, **settings: Any) -> None:
        self.ports = Ports()
        told = {"bucket": "registry", "table": "registry", "key": KEY_ARN, "region": "us-east-1", "environment": "prod"}
        text = json.dumps({**told, "prompts": {"greeting": {}}, **settings})
        self._prompts = StandardPrompts({"PLUMBLINE_PROMPTS": text, **(env or {})}, self.ports, limits)

    def get(self, session_key: str | None = None, variables: Mapping[str, str] = ADA) -> Prompt:
        return self._prompts.get("greeting", variables, session_key)

    def try_version(self) -> str | None:
        """None when it is refused."""
        with suppress(EnvelopeError):
            return self.get().version
        return None

    def refused(self) -> tuple[str, str]:
        with pytest.raises(EnvelopeError) as refusal:
            self.get()
        problem = refusal.value.__cause__
        assert isinstance(problem, PromptProblem)
        return refusal.value.code, problem.reason


def serve(registry: FakePromptRegistry, sequence: int = 1, **of: Any) -> Published:
    prompt = published(**of)
    registry.put(prompt)
    registry.deploy(deployed(prompt.release, sequence))
    return prompt


def test_a_prompt_is_what_was_signed_and_names_itself_in_the_log(registry: FakePromptRegistry) -> None:
    release = serve(registry).release
    prompt = Asker().get()
    assert (prompt.version, prompt.source, prompt.messages) == ("1.0.0", "registry", [{"role": "user", "text": "Say hello to Grace."}])
    assert prompt.template_hash == release["template_hash"]
    named = {"prompt_id": "greeting", "prompt_version": "1.0.0", "prompt_hash": prompt.prompt_hash, "template_hash": prompt.template_hash}
    assert prompt.run(current_prompt) == named
    assert current_prompt() == {}


def test_a_prompt_is_what_converse_is_asked_with_its_cache_points_and_a_caller_can_add_to_it(registry: FakePromptRegistry) -> None:
    serve(registry, cachePoints=[{"after": 1, "ttl": "1h"}])
    prompt = Asker().get()
    prompt.converse_input()["messages"].append({"role": "assistant", "content": [{"text": "Hello"}]})
    assert prompt.converse_input() == {
        "modelId": "amazon.nova-pro-v1:0",
        "messages": [{"role": "user", "content": [{"text": "Say hello to Grace."}, {"cachePoint": {"type": "default", "ttl": "1h"}}]}],
        "inferenceConfig": {"maxTokens": 512},
    }
    assert prompt.cache_points == [{"after": 1, "ttl": "1h"}]


def test_a_prompt_whose_cache_points_stand_nowhere_is_refused_signed_as_it_is(registry: FakePromptRegistry) -> None:
    serve(registry, cachePoints=[{"after": 2}])
    assert Asker().refused() == ("INTERNAL_ERROR", "document_shape")


def test_many_threads_read_it_once_and_not_again_while_it_is_fresh(registry: FakePromptRegistry) -> None:
    serve(registry)
    asker = Asker()
    with ThreadPoolExecutor(16) as pool:
        assert {prompt.version for prompt in pool.map(lambda _: asker.get(), range(64))} == {"1.0.0"}
    asker.ports.time += 59
    asker.get()
    assert sorted(registry.asked) == ["dynamodb", "kms", "s3"]


def test_what_one_caller_does_with_it_is_nothing_to_the_next(registry: FakePromptRegistry) -> None:
    serve(registry)
    asker = Asker()
    asker.get().parameters["maxTokens"] = 1
    asker.get().messages.clear()
    assert (asker.get().parameters, len(asker.get().messages)) == ({"maxTokens": 512}, 1)


def test_the_new_version_comes_a_minute_later(registry: FakePromptRegistry) -> None:
    serve(registry)
    asker = Asker()
    asker.get()
    serve(registry, 2, version="1.1.0")
    asker.ports.time += 60
    assert asker.get().version in ("1.0.0", "1.1.0")
    wait_until(lambda: asker.get().version == "1.1.0")


def test_a_share_of_the_sessions_gets_the_candidate(registry: FakePromptRegistry) -> None:
    active, candidate = published(), published("1.1.0", "Hi {{name}}")
    registry.put(active)
    registry.put(candidate)
    registry.deploy(deployed(active.release, candidate={**candidate.release, "percent": 10}))
    asker = Asker()
    versions = [asker.get(f"s{index}").version for index in range(300)]
    assert 10 < versions.count("1.1.0") < 60
    assert versions == [asker.get(f"s{index}").version for index in range(300)]
    assert asker.get().version == "1.0.0"


@pytest.mark.parametrize(
    ("variables", "told"),
    [({}, "no value is given for name"), ({"name": "Ada", "tone": "kind"}, "it has no variable tone"), ({"name": 7}, "is no text")],
)
def test_wrong_values_are_a_mistake_of_the_code(registry: FakePromptRegistry, variables: Any, told: str) -> None:
    serve(registry)
    with pytest.raises(ValueError, match=told) as mistake:
        Asker().get(variables=variables)
    assert "kind" not in str(mistake.value)


def test_a_value_that_is_too_long_is_refused_counted_in_characters(registry: FakePromptRegistry) -> None:
    serve(registry, longest=3)
    asker = Asker()
    assert asker.get(variables={"name": "🙂🙂🙂"}).messages[0]["text"] == "Say hello to 🙂🙂🙂."
    with pytest.raises(EnvelopeError) as refusal:
        asker.get(variables={"name": "🙂🙂🙂🙂"})
    assert refusal.value.code == "CONTEXT_TOO_LARGE"


@pytest.mark.parametrize("mood", MOODS)
def test_while_the_registry_is_away_it_is_served_for_five_minutes(registry: FakePromptRegistry, mood: Mood) -> None:
    serve(registry)
    asker = Asker(limits=LONG_ENOUGH if mood == "never" else LIMITS)
    asker.get()
    registry.moods["dynamodb"] = mood
    asker.ports.time += 299
    assert asker.get().source == "stale"
    assert [(line["event"], line["prompt_version"]) for line in asker.ports.lines] == [("promptStale", "1.0.0")]
    asker.ports.time += 1
    assert asker.refused()[0] == "MODEL_UNAVAILABLE"
    assert (asker.ports.counted("PromptStaleCount"), asker.ports.counted("PromptUnavailableCount")) == (1, 1)


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("service", ["dynamodb", "s3", "kms"])
def test_a_cold_start_ends_in_time(registry: FakePromptRegistry, service: Service, mood: Mood) -> None:
    serve(registry)
    registry.moods[service] = mood
    begin = monotonic()
    assert Asker(limits=SHORT).refused()[0] == "MODEL_UNAVAILABLE"
    assert monotonic() - begin < 2 * SHORT.total + SLACK_SECONDS


def test_nobody_waits_longer_than_the_function_has(registry: FakePromptRegistry) -> None:
    serve(registry)
    registry.moods["dynamodb"] = "never"
    asker = Asker()
    asker.ports.remaining = 100
    assert asker.refused() == ("MODEL_UNAVAILABLE", "slow")


def test_a_deployment_that_is_put_back_is_refused_until_a_newer_one_comes(registry: FakePromptRegistry) -> None:
    old = serve(registry, 1)
    asker = Asker()
    serve(registry, 2, version="1.1.0")
    asker.get()
    for replay in (deployed(old.release, 1), deployed(old.release, 2)):
        registry.deploy(replay)
        asker.ports.time += 600
        assert asker.refused() == ("INTERNAL_ERROR", "deployment_sequence")
    registry.items.clear()
    asker.ports.time += 600
    assert asker.refused() == ("INTERNAL_ERROR", "deployment_sequence")
    assert asker.ports.counted("PromptIntegrityFailureCount") == 3
    registry.moods["dynamodb"] = "denying"
    asker.ports.time += 10
    assert asker.refused() == ("INTERNAL_ERROR", "deployment_sequence")
    registry.moods["dynamodb"] = "well"
    serve(registry, 3, version="1.2.0")
    asker.ports.time += 10
    assert asker.get().version == "1.2.0"


def test_a_revoked_version_is_not_served_stale(registry: FakePromptRegistry) -> None:
    old = serve(registry)
    asker = Asker()
    asker.get()
    registry.deploy(deployed(published("1.1.0", "Good day, {{name}}.").release, 2, [old.release["template_hash"]]))
    registry.moods["s3"] = "denying"
    asker.ports.time += 60
    # Whoever asks before the deployment is read may still get the old one; after that nobody does.
    asker.try_version()
    wait_until(lambda: asker.try_version() is None)
    assert asker.refused()[0] == "MODEL_UNAVAILABLE"


def test_the_pinned_copy_stands_in_on_a_cold_start(registry: FakePromptRegistry, tmp_path: Path) -> None:
    prompt = published()
    (tmp_path / "greeting.json").write_bytes(prompt.content)
    registry.moods["dynamodb"] = "denying"
    for template_hash, expected in ((prompt.release["template_hash"], "bundled"), ("0" * 64, None)):
        copy = {"bundled": "greeting.json", "templateHash": template_hash}
        asker = Asker({"LAMBDA_TASK_ROOT": str(tmp_path)}, prompts={"greeting": copy})
        if expected is None:
            assert asker.refused() == ("INTERNAL_ERROR", "bundled_hash")
        else:
            assert asker.get().source == expected
            assert asker.ports.counted("PromptBundledCount") == 1


def test_unsigned_prompts_are_for_functions_of_the_sandbox_alone(registry: FakePromptRegistry) -> None:
    prompt = published(environment="sandbox", is_signed=False)
    registry.put(prompt)
    registry.deploy(deployed(prompt.release, environment="sandbox", is_signed=False))
    assert Asker({"PLUMBLINE_ENVIRONMENT": "sandbox"}, environment="sandbox", key=None).get().version == "1.0.0"
    with pytest.raises(ValueError, match="PLUMBLINE_ENVIRONMENT is not sandbox"):
        Asker({"PLUMBLINE_ENVIRONMENT": "prod"}, environment="sandbox").get()


def test_a_file_stands_for_the_registry_outside_of_services_alone(tmp_path: Path) -> None:
    file = tmp_path / "prompts.json"
    file.write_text(f"[{published().content.decode()}]", encoding="utf-8")
    assert Asker({"PLUMBLINE_PROMPTS_FILE": str(file)}).get().source == "file"
    for service in ({"AWS_LAMBDA_FUNCTION_NAME": "f"}, {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4"}):
        with pytest.raises(ValueError, match="is for unit tests"):
            Asker({"PLUMBLINE_PROMPTS_FILE": str(file), **service}).get()
    pipeline = {"ECS_CONTAINER_METADATA_URI": "http://169.254.170.2/v3", "CODEBUILD_BUILD_ID": "b"}
    assert Asker({"PLUMBLINE_PROMPTS_FILE": str(file), **pipeline}).get().source == "file"
