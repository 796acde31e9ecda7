"""What a client remembers of its Regions."""

import time

from ..retry.clock_skew import RegionClock
from ..retry.region_circuit import RegionCircuit
from ..retry.region_pacing import RegionPacing
from .client_policy import ClientPolicy


class ClientState:
    """For any number of threads. After a fork or a restore all of it begins anew."""

    def __init__(self, policy: ClientPolicy) -> None:
        self._policy = policy
        self.begin_anew()

    def begin_anew(self) -> None:
        self.circuit = RegionCircuit(self._policy.circuit, lambda: time.time() * 1_000)
        self._pacings: dict[str, RegionPacing] = {}
        self._clocks: dict[str, RegionClock] = {}

    def pacing(self, region: str) -> RegionPacing:
        return self._pacings.get(region) or self._pacings.setdefault(region, RegionPacing(self._policy.retry))

    def clock_of(self, region: str) -> RegionClock:
        return self._clocks.get(region) or self._clocks.setdefault(region, RegionClock())
