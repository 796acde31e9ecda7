"""Calls Bedrock when it is told to. As a program that can be frozen as Lambda freezes a function: everything stops but the time."""

import json
import sys
import time
from dataclasses import replace

from plumbline.bedrock.retry.told_error import name_of

from .clients import TASK_TYPE, client_under_test, short_policy
from .operations import send_and_read


def main() -> None:
    policy = replace(short_policy(), connect_timeout_ms=2_000, read_timeout_ms={TASK_TYPE: 2_000})
    tested = client_under_test(sys.argv[1], policy=policy)
    print("ready", flush=True)  # noqa: T201
    for _ in sys.stdin:
        started = time.monotonic()
        outcome = "success"
        try:
            send_and_read(tested.client, "Converse")
        except Exception as error:
            outcome = name_of(error)
        told = {"outcome": outcome, "attempts": tested.ports.calls[-1]["attempts"], "ms": (time.monotonic() - started) * 1_000}
        print(json.dumps(told), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
