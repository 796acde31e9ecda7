"""The SageMaker that fails to order, in a process of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bedrock.support.faulty_server import ROOT


@dataclass(frozen=True)
class SageMakerFake:
    url: str
    _process: "subprocess.Popen[str]"

    def play(self, *behaviours: str) -> None:
        """From now on: one behaviour after the other, the last one for good. Forgets what was seen."""
        self._told(list(behaviours))

    @property
    def seen(self) -> list[dict[str, Any]]:
        return self._told([])

    def _told(self, line: list[str]) -> list[dict[str, Any]]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(line)}\n")
        self._process.stdin.flush()
        seen: list[dict[str, Any]] = json.loads(self._process.stdout.readline())["seen"]
        return seen


@contextmanager
def running_sagemaker_fake() -> Iterator[SageMakerFake]:
    command = ["node", "--no-warnings", "-r", "tsx/cjs", str(ROOT / "test/support/sagemaker-fake/main.ts")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield SageMakerFake(json.loads(process.stdout.readline())["url"], process)
        finally:
            process.stdin.close()
            process.wait(60)
