from typing import NoReturn

from plumbline.contract import document
from plumbline.telemetry.container_metrics import MetricBuffer
from plumbline.telemetry.metric_calls import EmittedValue, MetricCall
from support.output import Output

MOST = document("metric-catalog")["transport"]["maxWaitingData"]


def _emitted(series: int) -> EmittedValue:
    return EmittedValue("Shop/Retrieval", "ChunkCount", "Count", 1, 100, [{"index_name": str(series)}])


def _refused(_call: MetricCall) -> NoReturn:
    raise ConnectionRefusedError("refused")


def test_what_is_more_than_can_wait_is_dropped_and_counted(output: Output) -> None:
    sent: list[MetricCall] = []
    buffer = MetricBuffer(lambda: sent.append)
    for series in range(MOST + 5):
        buffer.add(_emitted(series))
    buffer.flush()
    assert sum(len(call["MetricData"]) for call in sent) == MOST
    assert [(line["lost"], line["waiting"]) for line in output.events("metrics_not_sent")] == [(5, 0)]


def test_what_waits_for_the_next_flush_takes_room_too(output: Output) -> None:
    buffer = MetricBuffer(lambda: _refused)
    for series in range(MOST):
        buffer.add(_emitted(series))
    buffer.flush()
    buffer.add(_emitted(0))
    buffer.write_rest()
    assert [(line["lost"], line["waiting"]) for line in output.events("metrics_not_sent")] == [(0, MOST), (1, 0)]
    assert len(output.metrics) == MOST


def test_an_outage_is_one_line_a_minute(output: Output) -> None:
    buffer = MetricBuffer(lambda: _refused)
    buffer.add(_emitted(0))
    for _second in range(5):
        buffer.flush()
    assert len(output.events("metrics_not_sent")) == 1
