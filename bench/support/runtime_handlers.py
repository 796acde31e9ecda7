"""Handlers that do the same under the standard and under Powertools' decorators, timed in turns: microseconds of CPU an invocation."""

import json
import os
import sys
import time
from types import SimpleNamespace

os.environ.update(
    POWERTOOLS_SERVICE_NAME="chat", PLUMBLINE_PRODUCT="MangaAssist", PLUMBLINE_ENVIRONMENT="prod", PLUMBLINE_SERVICE_NAME="chat"
)
figures = sys.stdout
# Lines are made and formatted as in Lambda; only the screen is spared.
sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

from aws_lambda_powertools import Logger, Metrics  # noqa: E402
from aws_lambda_powertools.metrics import MetricUnit  # noqa: E402
from plumbline import logger as standard_logger  # noqa: E402
from plumbline import standard_handler  # noqa: E402

INVOCATIONS = 300
WARM_UP_ROUNDS = 5
EVENT = {"requestContext": {"requestId": "gateway-1", "http": {"method": "POST"}}}
CONTEXT = SimpleNamespace(
    aws_request_id="lambda-1",
    function_name="chat",
    memory_limit_in_mb="128",
    invoked_function_arn="arn",
    get_remaining_time_in_millis=lambda: 30_000,
)


@standard_handler
def standard(event, context):
    standard_logger.info("answered", {"order": 7})
    return {"answer": 42}


logger = Logger(stream=sys.stdout)
metrics = Metrics(namespace="MangaAssist/Latency")


@logger.inject_lambda_context
@metrics.log_metrics
def same(event, context):
    start = time.perf_counter()
    logger.info("answered", extra={"fields": {"order": 7}})
    metrics.add_dimensions(service_name="chat", request_type="API", environment="prod")
    metrics.add_dimensions(service_name="chat", environment="prod")
    metrics.add_dimensions(environment="prod")
    metrics.add_metric("EndToEndMs", MetricUnit.Milliseconds, (time.perf_counter() - start) * 1_000)
    body = json.dumps({"status": "success", "request_id": event["requestContext"]["requestId"], "data": {"answer": 42}, "error": None})
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}


plain_metrics = Metrics(namespace="MangaAssist/Latency")


@logger.inject_lambda_context
@plain_metrics.log_metrics
def plain(event, context):
    start = time.perf_counter()
    logger.info("answered", extra={"fields": {"order": 7}})
    plain_metrics.add_dimension("request_type", "API")
    plain_metrics.add_metric("EndToEndMs", MetricUnit.Milliseconds, (time.perf_counter() - start) * 1_000)
    return {"answer": 42}


contestants = {
    "standard_handler": standard,
    "Powertools' decorators, same work": same,
    "Powertools' decorators, plain": plain,
}
times = {name: [] for name in contestants}
for round_ in range(-WARM_UP_ROUNDS, int(sys.argv[1])):
    for name, handler in contestants.items():
        start = time.process_time_ns()
        for _ in range(INVOCATIONS):
            handler(EVENT, CONTEXT)
        if round_ >= 0:
            times[name].append((time.process_time_ns() - start) / 1_000 / INVOCATIONS)
json.dump([{"name": name, "times": found} for name, found in times.items()], figures)
