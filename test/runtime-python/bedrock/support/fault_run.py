"""Every way of failing that the client must survive, and what becomes of it. As a program: for the table of faults."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
from botocore.exceptions import ClientError
from plumbline.bedrock.client.client_policy import ClientPolicy
from plumbline.bedrock.retry.told_error import name_of
from plumbline.envelope.error_mapping import error_code_of

from .clients import CREDENTIALS, PRIMARY, TASK_TYPE, client_under_test, short_policy
from .faulty_server import ROOT, FaultyServer
from .operations import send_and_read

Case = dict[str, Any]
AT_A_TIME = 8
_ROOM = 10
_ROOM_BESIDE_A_LIMIT = 4


@dataclass(frozen=True)
class FaultRun:
    #: `success`, or what the log calls the error.
    outcome: str
    #: `success`, or the code of the envelope.
    code: str
    ms: int
    attempts: int | None = None
    region: str | None = None


Run = Callable[[], FaultRun]


def fault_cases() -> list[Case]:
    """Those that boto3 knows the operation of: it has no stream that goes both ways."""
    cases: list[Case] = json.loads((ROOT / "test/support/fault-cases.json").read_text(encoding="utf-8"))
    return [case for case in cases if case["operation"] != "InvokeModelWithBidirectionalStream"]


def exact_policy(case: Case) -> ClientPolicy:
    """What is heavy keeps the machine so busy that it needs more time than the short policy gives."""
    return _with_room(_ROOM if case.get("heavy") else 1)


def policy_for(case: Case) -> ClientPolicy:
    """Short only where a limit is all that is waited for: else a busy machine must not look like the fault."""
    if case.get("heavy") or not _waits_for_a_limit(case):
        return _with_room(_ROOM)
    return _with_room(_ROOM_BESIDE_A_LIMIT if _needs_an_answer_too(case) else 1)


def _with_room(times: int) -> ClientPolicy:
    policy = short_policy()
    return replace(
        policy,
        connect_timeout_ms=times * policy.connect_timeout_ms,
        read_timeout_ms={TASK_TYPE: times * policy.read_timeout_ms[TASK_TYPE]},
    )


def _waits_for_a_limit(case: Case) -> bool:
    return case["outcome"] == "TimeoutError" or case["waits"] == "stream" or "no-answer" in case["fault"]


def _needs_an_answer_too(case: Case) -> bool:
    return bool(case["attempts"] == 1 or case["outcome"] == "success")


def bound_ms(case: Case) -> float:
    """
    By the policy: the limits of each attempt as far as the fault lets it come, and the longest waits between attempts.

    Those that only have room, and wait for nothing, end as if they had none.
    """
    policy = policy_for(case) if _waits_for_a_limit(case) else exact_policy(case)
    read_ms = policy.read_timeout_ms[TASK_TYPE]
    to_first_part = policy.connect_timeout_ms + read_ms
    of_waits = {"connect": policy.connect_timeout_ms, "read": to_first_part, "stream": to_first_part + case.get("silences", 1) * read_ms}
    attempts: int = case["attempts"]
    waits: float = of_waits[case["waits"]]
    return attempts * waits + (attempts - 1) * policy.retry.max_retry_wait_ms


def run_all(cases: Sequence[Case], prepare: Callable[[Case], Run]) -> dict[str, FaultRun]:
    """Runs some at a time, the heavy ones alone. To make a client takes longer than some faults: all are there before."""
    light = [case for case in cases if not case.get("heavy")]
    prepared = [prepare(case) for case in light]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = dict(zip([case["name"] for case in light], pool.map(lambda run: run(), prepared), strict=True))
    return runs | {case["name"]: prepare(case)() for case in cases if case.get("heavy")}


def through_factory(server: FaultyServer, case: Case, policy: ClientPolicy) -> Run:
    """Without a fallback Region: the worst case for time."""
    tested = client_under_test(server.url(f"{case['fault']}@python {case['name']}", case["port"]), policy=policy)

    def run() -> FaultRun:
        timed = _timed(lambda: send_and_read(tested.client, case["operation"]))
        told = tested.ports.calls[0]
        return replace(timed, attempts=told["attempts"], region=told["region"])

    return run


def through_raw_client(server: FaultyServer, case: Case, give_up_seconds: float) -> Run:
    """The same through boto3's client as it comes; given up after a while, because it may never end."""
    url = server.url(f"{case['fault']}@python raw {case['name']}", case["port"])
    client = _raw_session().client("bedrock-runtime", region_name=PRIMARY, endpoint_url=url)

    def run() -> FaultRun:
        runs: list[FaultRun] = []
        caller = Thread(target=lambda: runs.append(_timed(lambda: send_and_read(client, case["operation"]), _own_name)), daemon=True)
        caller.start()
        caller.join(give_up_seconds)
        return runs[0] if runs else FaultRun("still hanging", "", round(give_up_seconds * 1_000))

    return run


@cache
def _raw_session() -> Any:
    settings: Any = CREDENTIALS
    return boto3.session.Session(**settings)


def _own_name(error: Exception) -> str:
    return name_of(error) if isinstance(error, ClientError) else type(error).__name__


def _timed(send: Callable[[], object], name: Callable[[Exception], str] = name_of) -> FaultRun:
    started = time.monotonic()
    outcome = code = "success"
    try:
        send()
    except Exception as error:
        outcome, code = name(error), error_code_of(error)
    return FaultRun(outcome, code, round((time.monotonic() - started) * 1_000))


def main() -> None:
    asked = json.load(sys.stdin)
    server = FaultyServer(asked["ports"], Path(asked["certificate"]))
    os.environ["AWS_CA_BUNDLE"] = asked["certificate"]
    cases = fault_cases()
    ours = run_all(cases, lambda case: through_factory(server, case, exact_policy(case)))
    raw = run_all(cases, lambda case: through_raw_client(server, case, asked["giveUpMs"] / 1_000))
    rows = {name: {"ours": asdict(run), "raw": asdict(raw[name])} for name, run in ours.items()}
    sys.stdout.write(json.dumps(rows))
    sys.stdout.flush()
    # Those that hang are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
