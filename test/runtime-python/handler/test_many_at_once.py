"""Several requests at once in one process, as ECS has them, and in several processes: what belongs to one never shows in another."""

import asyncio
import itertools
import json
import os
import random
import selectors
import signal
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

import pytest
from plumbline import EnvelopeError, emit_metric, logger, standard_handler, success, with_prompt
from plumbline.bedrock.client.prompt_context import PromptIdentity, current_prompt
from plumbline.envelope.envelope import current_request_id
from plumbline.telemetry import invocation
from plumbline.telemetry.invocation import new_invocation, running
from support.lambda_events import LambdaContext, http_event
from support.output import Output

CALLS = 300
AT_ONCE = 16
ENDS = ("succeeds", "fails", "refuses", "times out")


async def _step(name: str) -> str:
    await asyncio.sleep(random.random() * 0.005)
    logger.info("step", {"of": name})
    return success()["request_id"]


async def _work(name: str) -> dict[str, Any]:
    logger.info("step", {"of": name})
    emit_metric("RetrievalChunkCount", 1, {"index_name": name})
    with with_prompt(PromptIdentity(name, "1", "hash")):
        inner = list(await asyncio.gather(*(_step(name) for _ in range(3))))
        # A thread that takes the context along.
        inner.append(await asyncio.to_thread(lambda: success()["request_id"]))
        return {"inner": inner, "prompt": current_prompt()["prompt_id"]}


@standard_handler
async def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    name = event["name"]
    result = await _work(name)
    match ENDS_OF[name]:
        case "fails":
            raise RuntimeError(f"Failed in {name}.")
        case "refuses":
            raise EnvelopeError("NOT_FOUND", f"Nothing in {name}.")
        case "times out":
            raise TimeoutError(f"Too late in {name}.")
    return result


def call(name: str) -> dict[str, Any]:
    result: Any = handler(http_event({"name": name, "requestContext": {"requestId": name}}), LambdaContext())
    answer: dict[str, Any] = json.loads(result["body"])
    return answer


NAMES = [f"call-{number}-of-{CALLS}" for number in range(CALLS)]
ENDS_OF = dict(zip(NAMES, itertools.cycle(ENDS)))
CODES = {"fails": "INTERNAL_ERROR", "refuses": "NOT_FOUND", "times out": "TIMEOUT"}


def require_each_its_own(answers: dict[str, dict[str, Any]], output: Output) -> None:
    lines, metrics = defaultdict(list), output.metrics
    for line in output.lines:
        lines[line["request_id"]].append(line)
    assert set(lines) == set(NAMES)
    for name, answer in answers.items():
        assert answer["request_id"] == name
        assert [line["fields"] for line in lines[name] if line["message"] == "step"] == [{"of": name}] * 4
        failures = [line for line in lines[name] if "support_ref" in line]
        if ENDS_OF[name] == "succeeds":
            assert answer["data"] == {"inner": [name] * 4, "prompt": name}
            assert failures == []
        else:
            assert answer["error"]["code"] == CODES[ENDS_OF[name]]
            assert [line["support_ref"] for line in failures] == [answer["error"]["support_ref"]]
            assert f"in {name}." in failures[0]["errors"][0]["message"]
    assert sorted(metric.dimensions["index_name"] for metric in metrics if "index_name" in metric.dimensions) == sorted(NAMES)
    codes = [metric.dimensions["error_code"] for metric in metrics if metric.dimensions.keys() >= {"error_code", "service_name"}]
    assert {code: codes.count(code) for code in codes} == dict.fromkeys(CODES.values(), CALLS // 4)


@pytest.fixture(autouse=True)
def _one_at_a_time_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invocation, "_side_by_side", False)


def test_in_threads_each_has_its_own_answer_log_metrics_and_errors(output: Output) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(NAMES, pool.map(call, NAMES), strict=True))
    require_each_its_own(answers, output)


def test_in_a_server_of_asyncio_each_has_its_own_answer_log_metrics_and_errors(output: Output) -> None:
    async def serve() -> list[dict[str, Any]]:
        return list(await asyncio.gather(*(asyncio.to_thread(call, name) for name in NAMES)))

    require_each_its_own(dict(zip(NAMES, asyncio.run(serve()), strict=True)), output)


def another_request_beside() -> None:
    def answer() -> None:
        with new_request("beside"):
            pass

    with ThreadPoolExecutor(1) as pool:
        pool.submit(answer).result()


def new_request(name: str) -> AbstractContextManager[object]:
    return running(new_invocation("EVENT", {}, SimpleNamespace(aws_request_id=name)))


class TestAThreadWithoutAContext:
    def test_works_for_the_only_request_where_they_come_one_at_a_time(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            for name in ("first", "second"):
                with new_request(name):
                    assert pool.submit(current_request_id).result() == name

    def test_works_for_none_where_requests_have_run_side_by_side(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            with new_request("first"):
                another_request_beside()
            with new_request("second"):
                assert pool.submit(current_request_id).result() == "unknown"
                assert current_request_id() == "second"

    def test_works_for_the_only_request_also_where_one_was_made_within_another(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            with new_request("outer"), new_request("inner"):
                pass
            with new_request("next"):
                assert pool.submit(current_request_id).result() == "next"


def test_what_outlives_a_request_stays_its_own() -> None:
    with new_request("first"):
        rest = copy_context()
        another_request_beside()
    with new_request("second"):
        assert rest.run(current_request_id) == "first"


def test_a_process_that_is_forked_in_the_middle_of_a_request_answers_its_own() -> None:
    reader, writer = os.pipe()
    with invocation._lock:
        child = os.fork()
        if child == 0:
            with new_request("of the child"), ThreadPoolExecutor(1) as pool:
                os.write(writer, pool.submit(current_request_id).result().encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told, selectors.DefaultSelector() as selector:
        selector.register(told, selectors.EVENT_READ)
        waited = selector.select(60)
        if not waited:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert told.read() == "of the child"
