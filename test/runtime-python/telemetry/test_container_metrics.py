import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from plumbline.contract import document
from support.fake_cloudwatch import FakeCloudWatch, Mood, fake_cloudwatch

RUNTIME = Path(__file__).resolve().parents[3] / "runtime" / "python"
TRANSPORT = document("metric-catalog")["transport"]
SERIES = {"service_name": "worker", "index_name": "titles", "environment": "prod"}
EMIT_100 = """
for i in range(100):
    emit_metric("RetrievalChunkCount", i % 7, {"index_name": "titles"})
"""
PRELUDE = """
import os, sys, threading, time
from plumbline import emit_metric, flush_metrics
"""
STAY = """
print("ready", flush=True)
time.sleep(60)
"""
# A process has to start and to load boto3, and a busy machine is slow.
SLACK_SECONDS = 20
# What waits for a call of CloudWatch, or for boto3 to be loaded, waits longer.
LONGEST_EMIT_SECONDS = 1.5


@dataclass(frozen=True)
class End:
    """How a service ended, and what it wrote."""

    code: int
    output: str
    error: str
    seconds: float

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    @property
    def times_logged(self) -> int:
        """How often a value of the series stands in the log for CloudWatch."""
        metrics = [record["ChunkCount"] for record in self.records if "_aws" in record and record.get("index_name") == "titles"]
        return sum(len(values) if isinstance(values, list) else 1 for values in metrics)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record.get("event") == name]


def start(program: str, fake: FakeCloudWatch, **variables: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not re.match("AWS_|CI$|CODEBUILD_|PYTHON", name)}
    environment = {
        **inherited,
        "ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/some-container",
        "AWS_ENDPOINT_URL_CLOUDWATCH": fake.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "PLUMBLINE_PRODUCT": "Shop",
        "PLUMBLINE_ENVIRONMENT": "prod",
        "PLUMBLINE_SERVICE_NAME": "worker",
        "PYTHONPATH": str(RUNTIME),
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
    program = f"{PRELUDE}{program}"
    return subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
    )


def end_of(service: "subprocess.Popen[str]", since: float | None = None) -> End:
    begun = since or time.monotonic()
    output, error = service.communicate(timeout=60)
    return End(service.returncode, output, error, time.monotonic() - begun)


def run(program: str, fake: FakeCloudWatch, **variables: str) -> End:
    return end_of(start(program, fake, **variables))


def taken(fake: FakeCloudWatch) -> int:
    return fake.times_taken("ChunkCount", SERIES)


@pytest.mark.parametrize(
    ("ending", "code"),
    [("", 0), ("sys.exit(3)", 3), ("raise ValueError('nobody catches me')", 1), ("flush_metrics(); os._exit(4)", 4)],
    ids=["nothing more to do", "sys.exit()", "an error that nobody catches", "os._exit() after flush_metrics()"],
)
def test_at_the_end_of_a_process_everything_is_sent(ending: str, code: int) -> None:
    with fake_cloudwatch("slowly") as fake:
        end = run(f"{EMIT_100}{ending}", fake)
        assert (end.code, taken(fake), end.times_logged) == (code, 100, 0), end.error
        assert fake.times_taken("ChunkCount", {"environment": "prod"}) == 100
        assert {call["Namespace"] for call in fake.taken} == {"Shop/Retrieval"}


@pytest.mark.parametrize(
    ("listener", "code"),
    [
        ("", -signal.SIGTERM),
        ("import signal; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n", 7),
    ],
    ids=["by itself", "to which the service listens"],
)
def test_sigterm_ends_a_process_with_everything_sent(listener: str, code: int) -> None:
    with fake_cloudwatch("slowly") as fake:
        service = start(f"{listener}{EMIT_100}{STAY}", fake)
        assert service.stdout
        assert service.stdout.readline() == "ready\n"
        service.send_signal(signal.SIGTERM)
        end = end_of(service)
        assert (end.code, taken(fake)) == (code, 100), end.error


def test_sigterm_in_the_middle_of_a_print_while_cloudwatch_hangs_ends_a_process_all_the_same() -> None:
    with fake_cloudwatch("never") as fake:
        service = start(f"{EMIT_100}print('ready', flush=True)\nwhile True: print('x' * 1000, flush=True)", fake)
        assert service.stdout
        assert service.stdout.readline() == "ready\n"
        # The pipe is full soon, and the print waits for it.
        time.sleep(1)
        service.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        end = end_of(service)
        assert (end.code, end.error) == (-signal.SIGTERM, "")
        assert '"index_name":"titles"' in end.output


def test_while_cloudwatch_hangs_a_process_ends_in_time_and_the_log_has_the_rest() -> None:
    with fake_cloudwatch("never") as fake:
        service = start(f"{EMIT_100}print('ready', flush=True)", fake)
        assert service.stdout
        assert service.stdout.readline() == "ready\n"
        end = end_of(service)
        assert (end.code, end.times_logged) == (0, 100), end.error
        assert end.seconds < TRANSPORT["exitTimeoutMs"] / 1000 + SLACK_SECONDS


def test_while_a_process_runs_metrics_are_sent_once_a_second() -> None:
    with fake_cloudwatch("well") as fake:
        service = start(f"{EMIT_100}{STAY}", fake)
        due = time.monotonic() + SLACK_SECONDS + 4
        while taken(fake) < 100 and time.monotonic() < due:
            time.sleep(0.05)
        service.kill()
        end_of(service)
        assert taken(fake) == 100


def test_what_throttling_and_errors_hold_up_is_sent_later_once() -> None:
    moods: list[Mood] = ["throttling", "failing", "well"]
    with fake_cloudwatch(*moods) as fake:
        end = run(f"{EMIT_100}time.sleep(6)", fake)
        assert (end.code, taken(fake), end.times_logged, fake.calls) == (0, 100, 0, 3), end.error
        lines = end.events("metrics_not_sent")
        assert [(line["level"], line["lost"], line["waiting"]) for line in lines] == [("WARN", 0, 300)]
        assert "told to be throttling" in lines[0]["reason"]


def test_what_cloudwatch_refuses_is_counted_as_lost_and_not_sent_again() -> None:
    with fake_cloudwatch("refusing") as fake:
        end = run(f"{EMIT_100}time.sleep(4)", fake)
        assert (end.code, fake.calls) == (0, 1), end.error
        assert [(line["lost"], line["waiting"]) for line in end.events("metrics_not_sent")] == [(300, 0)]


def test_thousands_of_metrics_from_several_threads_arrive_and_nobody_waits() -> None:
    program = """
longest = 0.0
def work(number):
    global longest
    for i in range(500):
        start = time.perf_counter()
        emit_metric("RetrievalChunkCount", i, {"index_name": f"index {number} {i}"})
        longest = max(longest, time.perf_counter() - start)
threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
flush_metrics()
print('{"longest": %f}' % longest, flush=True)
"""
    with fake_cloudwatch("well") as fake:
        end = run(program, fake)
        assert end.code == 0, end.error
        assert max(len(call["MetricData"]) for call in fake.taken) == TRANSPORT["maxDataPerCall"]
        dimensions = [one for call in fake.taken for datum in call["MetricData"] for one in datum["Dimensions"]]
        sent = [one["Value"] for one in dimensions if one["Name"] == "index_name"]
        logged = [record["index_name"] for record in end.records if "_aws" in record and "index_name" in record]
        assert len(sent) == len(set(sent))
        assert len({*sent, *logged}) == 3_000
        assert end.records[0]["longest"] < LONGEST_EMIT_SECONDS


@pytest.mark.parametrize(
    "fork",
    [
        "pid = os.fork()\nif pid == 0:\n    work()\n    sys.exit(0)\nos.waitpid(pid, 0)",
        "child = multiprocessing.get_context('fork').Process(target=work)\nchild.start()\nchild.join()",
    ],
    ids=["os.fork", "multiprocessing"],
)
def test_a_forked_process_sends_its_own_metrics_and_none_of_its_parent(fork: str) -> None:
    with fake_cloudwatch("well") as fake:
        end = run(f"import multiprocessing\ndef work():\n{indent(EMIT_100, '    ')}\nwork()\n{fork}", fake)
        assert (end.code, taken(fake), end.times_logged) == (0, 200, 0), end.error


def test_without_boto3_it_says_so_once_and_the_log_is_the_way() -> None:
    with fake_cloudwatch("well") as fake:
        end = run(f"sys.modules['botocore'] = None\n{EMIT_100}time.sleep(2.5)\n{EMIT_100}", fake)
        assert (end.code, taken(fake), end.times_logged) == (0, 0, 200), end.error
        assert [(line["level"], line["reason"]) for line in end.events("metrics_without_sdk")] == [
            ("ERROR", "boto3 could not be loaded: add it to the dependencies of the service")
        ]


def test_an_old_name_is_sent_beside_the_new_one() -> None:
    old = json.dumps([{"metric": "RetrievalChunkCount", "namespace": "Old", "name": "chunks"}])
    with fake_cloudwatch("well") as fake:
        run(EMIT_100, fake, PLUMBLINE_METRIC_MIGRATIONS=old)
        assert {call["Namespace"] for call in fake.taken} == {"Shop/Retrieval", "Old"}
        assert [fake.times_taken(name, SERIES) for name in ("ChunkCount", "chunks")] == [100, 100]


def test_in_lambda_the_log_is_the_way() -> None:
    with fake_cloudwatch("well") as fake:
        end = run(EMIT_100, fake, AWS_LAMBDA_FUNCTION_NAME="worker")
        assert (end.code, fake.calls, end.times_logged) == (0, 0, 100)
