"""
Calls Bedrock through one client, as often as its parent asks, and tells how long each call took. One client a process:
two in one would warm each other up.
"""

import json
import os
import sys
import time
from collections.abc import Callable

REQUEST = {"modelId": "amazon.nova-pro-v1:0", "messages": [{"role": "user", "content": [{"text": "Recommend a manga."}]}]}


def raw() -> Callable[..., object]:
    import boto3

    return boto3.client("bedrock-runtime").converse


def factory() -> Callable[..., object]:
    from plumbline import BedrockClientFactory

    return BedrockClientFactory.create(task_type="synthesis").converse


call = {"raw": raw, "factory": factory}[sys.argv[1]]()
parent = sys.stdout
# Log line and metrics are made and formatted as in Lambda; only the screen is spared.
sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

for asked in sys.stdin:
    ms = []
    cpu = time.process_time()
    for _ in range(int(asked)):
        started = time.perf_counter()
        call(**REQUEST)
        ms.append((time.perf_counter() - started) * 1_000)
    print(json.dumps({"ms": ms, "cpuMicros": (time.process_time() - cpu) * 1_000_000 / len(ms)}), file=parent, flush=True)
