"""
Loaded into every Python process of the emulator. Keeps what a function writes: the emulator forgets the log of a function that fails
to start.
"""

import os
import sys
from pathlib import Path

_logs = os.environ.get("LOCAL_STAGE_LOGS")
_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")

if _logs and _name:
    _log = Path(_logs, f"{_name}.log").open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 -- as long as the process
    _write = sys.stderr.write

    def _write_and_keep(text: str) -> int:
        _log.write(text)
        return _write(text)

    sys.stderr.write = _write_and_keep  # type: ignore[method-assign]
