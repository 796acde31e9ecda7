"""
Loaded into every Python process of the emulator. Keeps what a function writes: the emulator forgets the log of a function that fails
to start.

Lambda puts layers at /opt, which nobody may touch on a developer's machine: a program below /opt is started from the folder where the
emulator keeps the layer. So the CDK's own function, which copies pages into a bucket, finds the AWS CLI.
"""

import os
import subprocess
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

_layers = [Path(folder) for folder in os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep) if folder]


def _in_a_layer(arguments: object) -> object:
    if not isinstance(arguments, list) or not str(arguments[0]).startswith("/opt/"):
        return arguments
    program, *rest = arguments
    for layer in _layers:
        found = layer / str(program).removeprefix("/opt/")
        if found.is_file():
            # The programs of a Python layer begin with the Python of Lambda, which is not here.
            return [sys.executable, str(found), *rest]
    return arguments


if _layers:
    # A program of a layer may start again and again: what is compiled of it goes into the layer's folder, which goes with the emulator.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _start = subprocess.Popen.__init__

    def _start_from_layer(self: subprocess.Popen[bytes], args: object, *rest: object, **options: object) -> None:
        _start(self, _in_a_layer(args), *rest, **options)  # type: ignore[call-overload]

    subprocess.Popen.__init__ = _start_from_layer  # type: ignore[method-assign,assignment]
