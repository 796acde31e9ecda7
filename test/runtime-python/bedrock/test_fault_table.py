from collections.abc import Iterator

import pytest
from bedrock.support.fault_run import Case, FaultRun, bound_ms, fault_cases, run_all, through_factory
from bedrock.support.faulty_server import FaultyServer

SLACK_MS = 250
CASES = fault_cases()


@pytest.fixture(scope="module")
def runs(server: FaultyServer) -> Iterator[dict[str, FaultRun]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CA_BUNDLE", str(server.certificate))
        yield run_all(CASES, lambda case: through_factory(server, case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']} ({case['operation']})")
class TestEachFault:
    def test_ends_as_it_does_in_node(self, case: Case, runs: dict[str, FaultRun]) -> None:
        run = runs[case["name"]]
        assert (run.code, run.outcome) == (case["code"], case.get("pythonOutcome", case["outcome"]))

    def test_is_attempted_as_often_as_in_node(self, case: Case, runs: dict[str, FaultRun]) -> None:
        assert runs[case["name"]].attempts == case["attempts"]

    def test_ends_in_the_time_the_policy_gives(self, case: Case, runs: dict[str, FaultRun]) -> None:
        assert runs[case["name"]].ms <= bound_ms(case) + SLACK_MS
