import os

import pytest
from bedrock.support.clients import TASK_TYPE, client_under_test, patient_policy, short_policy
from bedrock.support.faulty_server import FaultyServer
from bedrock.support.operations import outcomes_together, send_and_read, together
from plumbline.bedrock.client.service_client import begin_clients_anew


class TestAForkedProcess:
    def test_has_connections_and_a_circuit_of_its_own(self, server: FaultyServer) -> None:
        plans = ("internal-error@python-fork", "late-ok@python-fork-fallback")
        tested = client_under_test(*map(server.url, plans))
        for _ in range(3):
            send_and_read(tested.client, "Converse")
        assert tested.client._settings.state.circuit.decide() == "open"
        before = server.accepted
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            outcome = b"failed"
            try:
                # What `after_fork` calls in a process that has asked the factory.
                begin_clients_anew()
                send_and_read(tested.client, "Converse")
                outcome = b"closed" if tested.ports.calls[-1]["attempts"] == 3 else b"open"
            finally:
                os.write(writer, outcome)
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as told:
            assert told.read() == b"closed"
        os.waitpid(child, 0)
        assert server.accepted - before == 1
        send_and_read(tested.client, "Converse")
        assert tested.ports.calls[-1]["attempts"] == 1
        assert server.accepted - before == 1


@pytest.mark.parametrize("fault", ["unavailable", "no-answer", "reset-before-answer", "throttle"])
def test_of_two_hundred_calls_at_once_whose_primary_region_is_lost_each_is_answered(server: FaultyServer, fault: str) -> None:
    # Where the limit is waited for, two hundred answers of the other Region must fit into it.
    policy = short_policy(connect_timeout_ms=6_000, read_timeout_ms={TASK_TYPE: 6_000}) if fault == "no-answer" else patient_policy()
    plans = (f"{fault}@python-burst", f"ok@python-burst-{fault}")
    tested = client_under_test(*map(server.url, plans), policy=policy)
    assert together(tested.client, 200) == [1] * 200
    assert len(tested.ports.calls) == 200
    assert max(call["attempts"] for call in tested.ports.calls) <= 3
    assert {call["region"] for call in tested.ports.calls} == {"us-west-2"}
    # The quota is what keeps the lost Region from getting every attempt twice.
    assert len(server.requests_of(plans[0])) < 2 * 200
    assert len(server.requests_of(plans[1])) == 200


def test_without_a_fallback_most_of_many_calls_fail_after_one_attempt(server: FaultyServer) -> None:
    tested = client_under_test(server.url("unavailable@python-alone"))
    assert set(outcomes_together(tested.client, 100)) == {"ServiceUnavailableException"}
    assert len(server.requests_of("unavailable@python-alone")) < 150
