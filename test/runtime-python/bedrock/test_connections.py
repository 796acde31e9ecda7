import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from bedrock.support.clients import MODEL, TASK_TYPE, client_under_test, patient_policy, short_policy
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import send_and_read, together
from plumbline.bedrock.client.client_policy import STANDARD_POLICY, ClientPolicy
from plumbline.bedrock.http.keep_alive import KeepAlive, Moment
from support.waiting import wait_until

_MESSAGES = [{"role": "user", "content": [{"text": "Recommend a manga."}]}]


class TestConnections:
    def test_are_kept_for_calls_that_follow_each_other(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-keep")).client
        before = server.accepted
        for _ in range(5):
            send_and_read(client, "Converse")
            send_and_read(client, "ConverseStream")
        assert server.accepted - before == 1

    def test_are_as_many_as_calls_at_a_time(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("late-ok@python-fan-out")).client
        assert together(client, 60) == [1] * 60

    @pytest.mark.parametrize("idle", [1, 5])
    def test_that_the_network_has_silently_dropped_cost_a_call_one_attempt(self, server: FaultyServer, idle: int) -> None:
        # The first attempt waits for its limit, the second must not reach it.
        policy = short_policy(connect_timeout_ms=2_000, read_timeout_ms={TASK_TYPE: 1_500})
        tested = client_under_test(server.url(f"late-ok@python-dropped-{idle}"), policy=policy)
        together(tested.client, idle)
        server.drop_connections_silently()
        tested.ports.calls.clear()
        send_and_read(tested.client, "Converse")
        assert [call["attempts"] for call in tested.ports.calls] == [2]
        tested.ports.calls.clear()
        together(tested.client, idle)
        assert [call["attempts"] for call in tested.ports.calls] == [1] * idle

    def test_that_have_lain_idle_for_too_long_are_not_used_again(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-idle"), policy=patient_policy(keep_alive=KeepAlive(150_000, 1_000))).client
        before = server.accepted
        send_and_read(client, "Converse")
        for idle_seconds in (20, 151):
            for made in _pooled(client):
                if made is not None:
                    made.idle_since = Moment(made.idle_since.monotonic - idle_seconds, made.idle_since.wall - idle_seconds)
            send_and_read(client, "Converse")
            assert server.accepted - before == (1 if idle_seconds < 150 else 2)

    def test_are_probed_before_a_network_drops_them(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-probe")).client
        send_and_read(client, "Converse")
        (connection,) = [made for made in _pooled(client) if made is not None]
        assert connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) < 350

    def test_hold_no_answer_of_an_earlier_request(self, server: FaultyServer) -> None:
        plan = "endless-informational,endless-informational,endless-informational,ok@python-1xx"
        client = client_under_test(server.url(plan), policy=short_policy()).client
        with pytest.raises(TimeoutError):
            send_and_read(client, "Converse")
        assert send_and_read(client, "Converse") == 1

    def test_are_closed_by_a_reader_that_leaves_a_stream(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("stall-in-stream@python-left"), policy=STANDARD_POLICY).client
        before = server.connections
        stream = client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]
        next(iter(stream))
        assert server.connections > before
        del stream
        wait_until(lambda: server.connections <= before)


def _pooled(client: Any) -> list[Any]:
    (pool,) = client._endpoint.http_session._manager.pools._container.values()
    return list(pool.pool.queue)


def _a_second() -> ClientPolicy:
    return short_policy(connect_timeout_ms=1_000, read_timeout_ms={TASK_TYPE: 1_000})


class TestAStream:
    def test_may_be_read_slower_than_any_limit(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-slow-reader"), policy=_a_second()).client
        events = 0
        for _ in client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]:
            if events == 0:
                time.sleep(1.2)
            events += 1
        assert events == 9

    def test_may_last_longer_than_any_limit_while_it_lives_also_in_another_thread(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("slow-stream@python-long"), policy=_a_second()).client
        stream = client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]
        read: list[int] = []
        reader = threading.Thread(target=lambda: read.append(sum(1 for _ in stream)))
        reader.start()
        reader.join(60)
        assert read == [9]

    def test_wakes_whoever_waits_for_it_when_it_is_closed(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("stall-in-stream@python-closed"), policy=STANDARD_POLICY).client
        stream = client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]
        ended = threading.Event()

        def read() -> None:
            with suppress(Exception):
                list(stream)
            ended.set()

        threading.Thread(target=read, daemon=True).start()
        time.sleep(0.1)
        stream.close()
        # Far below the limit of a stream, far above what a busy machine takes.
        assert ended.wait(10)

    def test_that_is_over_takes_nothing_from_the_next_call_when_it_is_closed(self, server: FaultyServer) -> None:
        client = client_under_test(server.url("ok@python-over")).client
        before = server.accepted
        stream = client.converse_stream(modelId=MODEL, messages=_MESSAGES)["stream"]
        assert len(list(stream)) == 9
        send_and_read(client, "Converse")
        stream.close()
        send_and_read(client, "Converse")
        assert server.accepted - before == 1
