import time

import pytest
from bedrock.support.clients import client_under_test
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.retry.call_deadline import call_deadline
from plumbline.bedrock.retry.time_limit_errors import TimeLimitError
from support.waiting import BUSY_MS, ms_of

LEFT_MS = 600


class TestACallEndsWhileTheFunctionCanStillAnswer:
    @pytest.mark.parametrize(
        ("port", "fault", "operation"),
        [
            ("blackHole", "ok", "Converse"),
            ("silent", "ok", "Converse"),
            ("http1", "no-answer", "Converse"),
            ("http1", "slow-body", "Converse"),
            ("http1", "stall-in-body", "InvokeModel"),
            ("http1", "stall-in-stream", "ConverseStream"),
        ],
    )
    def test_at_any_stage(self, server: FaultyServer, port: str, fault: str, operation: str) -> None:
        tested = client_under_test(server.url(f"{fault}@python-deadline", port), policy=STANDARD_POLICY)
        tested.ports.remaining_ms = LEFT_MS

        def call() -> None:
            with pytest.raises(TimeLimitError) as raised:
                send_and_read(tested.client, operation)
            assert raised.value.phase == "deadline"
            assert tested.ports.calls[-1]["attempts"] == 1

        took, until_ms = ms_of(call), LEFT_MS * 0.85
        assert until_ms - 100 < min(took) < until_ms + 250
        assert max(took) < until_ms + BUSY_MS

    def test_at_once_when_there_is_no_time_left(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("ok@python-no-time"))
        tested.ports.remaining_ms = 0
        with pytest.raises(TimeLimitError):
            send_and_read(tested.client, "Converse")
        assert server.requests_of("ok@python-no-time") == []

    def test_waiting_to_retry_with_the_error_that_made_it_wait(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("throttle-retry-after@python-deadline"), policy=STANDARD_POLICY)
        tested.ports.remaining_ms = 2_000
        with pytest.raises(tested.client.exceptions.ThrottlingException):
            send_and_read(tested.client, "Converse")

    def test_and_takes_more_time_than_a_clock_can_count_as_more_than_enough(self, server: FaultyServer) -> None:
        tested = client_under_test(server.url("slow-start@python-endless"), policy=STANDARD_POLICY)
        tested.ports.remaining_ms = 1_620_725_955_128
        assert send_and_read(tested.client, "Converse") == 1

    @pytest.mark.parametrize(("left_ms", "until_ms"), [(60_000, 59_250), (1_000, 850), (0, 0)])
    def test_with_a_reserve_that_the_policy_gives(self, left_ms: float, until_ms: float) -> None:
        reserve = STANDARD_POLICY.deadline_reserve
        before = time.monotonic()
        deadline = call_deadline(left_ms, reserve_ms=reserve.ms, reserve_share=reserve.share)
        assert before + until_ms / 1_000 <= deadline <= time.monotonic() + until_ms / 1_000
