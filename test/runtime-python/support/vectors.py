"""The cases that both runtimes replay."""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[3] / "contract" / "vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
