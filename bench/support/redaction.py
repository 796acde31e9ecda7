"""Reads texts as JSON, and prints how many milliseconds of CPU each takes in redaction: the median of some rounds."""

import json
import sys
import time
from statistics import median

from plumbline.telemetry.redaction import redact_text

rounds = int(sys.argv[1])


def ms_of(text: str) -> float:
    before = time.process_time_ns()
    redact_text(text)
    return (time.process_time_ns() - before) / 1_000_000


print(json.dumps([median(ms_of(text) for _ in range(rounds)) for text in json.load(sys.stdin)]))
