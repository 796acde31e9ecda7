"""What the runtime writes while a test runs."""

import json
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class EmittedMetric:
    """One value under one dimension set, as CloudWatch would store it."""

    namespace: str
    name: str
    unit: str
    dimensions: dict[str, str]
    value: float


class Output:
    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured
        self._text = ""

    @property
    def text(self) -> str:
        self._text += self._captured.readouterr().out
        return self._text

    def forget(self) -> None:
        """What was written so far is not looked at."""
        self._captured.readouterr()
        self._text = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log lines, metrics apart."""
        return [record for record in self._records() if "_aws" not in record]

    @property
    def metrics(self) -> list[EmittedMetric]:
        return [metric for record in self._records() if "_aws" in record for metric in _metrics_of(record)]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log lines of one of the contract's events."""
        return [line for line in self.lines if line.get("event") == name]

    def _records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.split("\n") if line.startswith("{")]


def _metrics_of(record: dict[str, Any]) -> list[EmittedMetric]:
    return [
        EmittedMetric(
            directive["Namespace"], metric["Name"], metric["Unit"], {name: record[name] for name in names}, record[metric["Name"]]
        )
        for directive in record["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for names in directive["Dimensions"]
    ]
