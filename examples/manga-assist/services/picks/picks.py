"""Writes a pick for the shop window every minute: a service on Fargate, which nobody calls."""

import os
import signal
import threading
import time

from plumbline import BedrockClientFactory, emit_metric, logger, to_error_envelope

_PROMPT = "Recommend a manga about cooks to a customer of our shop, in one sentence."

_bedrock = BedrockClientFactory.create(task_type="classification")
_is_over = threading.Event()


def main() -> None:
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, lambda *_: _is_over.set())
    every_seconds = float(os.environ["PICKS_EVERY_SECONDS"])
    while not _is_over.is_set():
        _write_in_time()
        _is_over.wait(every_seconds)


def _write_in_time() -> None:
    """Metrics go to CloudWatch from here: no layer emits the time and the errors of what is no request."""
    start = time.perf_counter()
    try:
        # A real shop would store it.
        logger.info("pick", {"text": _pick()})
    except Exception as error:
        told = to_error_envelope(error)["error"]
        emit_metric("ErrorCount", 1, {"error_code": told["code"] if told else "INTERNAL_ERROR"})
    emit_metric("LatencyEndToEndMs", (time.perf_counter() - start) * 1000, {"request_type": "JOB"})


def _pick() -> str:
    answer = _bedrock.converse(
        modelId=os.environ["PICKS_MODEL"],
        messages=[{"role": "user", "content": [{"text": _PROMPT}]}],
        inferenceConfig={"maxTokens": 100},
    )
    return "".join(block.get("text", "") for block in answer["output"]["message"]["content"])


if __name__ == "__main__":
    main()
