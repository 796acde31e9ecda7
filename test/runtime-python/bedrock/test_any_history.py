"""What holds for every call, whatever has happened before it."""

from typing import Any

from bedrock.test_decisions import World
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.bedrock.retry.retry_policy import SendRatePolicy
from plumbline.bedrock.retry.send_rate import SendRate

RETRIED = {"timeout", "connection", "server", "throttling"}
RATE: SendRatePolicy = STANDARD_POLICY.retry.send_rate

_calls = st.lists(
    st.fixed_dictionaries(
        {
            "outcomes": st.lists(st.sampled_from(["answer", "refused", "deadline", *sorted(RETRIED)]), min_size=3, max_size=3),
            "mayReroute": st.booleans(),
            "afterMs": st.integers(0, 40_000),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150)
@given(_calls)
def test_of_calls_and_attempts(history: list[dict[str, Any]]) -> None:
    world = World()
    throttled = 0
    for call in history:
        world.now_ms += call["afterMs"]
        told = len(world.ports.fallback_counts)
        attempts, end = world.call(call)
        outcomes = call["outcomes"][: len(attempts)]
        assert len(attempts) <= 3
        # A call ends with its first answer, and with the first failure that is not retried.
        assert all(outcome in RETRIED for outcome in outcomes[:-1])
        assert end == ("timeout" if outcomes[-1] == "deadline" else outcomes[-1])
        if outcomes[-1] in RETRIED:
            assert len(attempts) == 3
        if call["mayReroute"]:
            assert attempts.count(attempts[0]) <= STANDARD_POLICY.retry.failures_before_fallback
        else:
            assert set(attempts) == {"primary"}
        # A fallback is counted and logged once for each call that went there, and for no other.
        assert len(world.ports.fallback_counts) - told == ("fallback" in attempts)
        throttled += outcomes.count("throttling")
        assert len(world.ports.throttlings) == throttled
        assert len(world.ports.invocations) == len(world.ports.calls)
        assert world.ports.calls[-1]["attempts"] == len(attempts)
        assert len(world.ports.fallbacks) == len(world.ports.fallback_counts)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), max_size=8),
    st.integers(0, 3_000),
    st.integers(0, 5_000),
)
def test_of_waits_for_a_turn(history: list[tuple[int, float]], earliest_ms: int, limit_ms: int) -> None:
    now = [1_000_000.0]
    rate = SendRate(RATE, lambda: now[0])
    for count, share in history:
        for answer in range(count):
            now[0] += RATE.window_ms / count
            rate.answered(int((answer + 1) * share) > int(answer * share))
    for _ in range(50):
        assert min(earliest_ms, limit_ms) <= rate.take_turn(earliest_ms, limit_ms) <= limit_ms


def test_a_region_that_throttles_gets_as_many_requests_as_it_takes() -> None:
    now = [1_000_000.0]
    rate = SendRate(RATE, lambda: now[0])
    for answer in range(400):
        now[0] += 2 * RATE.window_ms / 400
        rate.answered(answer % 2 == 0)
    waits = [rate.take_turn(0, 5_000) for _ in range(11)]
    # Half of 200 a second: the first has its turn at once.
    assert waits[0] == 0
    assert 90 <= waits[10] <= 130
