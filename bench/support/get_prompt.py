"""Prints, as JSON, the microseconds of CPU that a prompt from the warm cache takes, one figure a round."""

import json
import sys
import time

from plumbline import get_prompt

rounds, calls = int(sys.argv[1]), int(sys.argv[2])
variables = json.loads(sys.argv[3])


def one_round() -> float:
    before = time.process_time_ns()
    for call in range(calls):
        get_prompt("greeting", variables=variables, session_key=f"s{call}")
    return (time.process_time_ns() - before) / 1_000 / calls


for _ in range(5):
    one_round()
print(json.dumps([one_round() for _ in range(rounds)]))
