"""The contract, as the JSON files have it. What is built carries a copy of them; a checkout reads the files themselves."""

from functools import cache
from json import loads
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_BUILT_IN = _PACKAGE / "contract_data"
_CHECKOUT = _PACKAGE.parents[2] / "contract"


@cache
def document(name: str) -> Any:
    """A document by its file's name without the extension, such as `error-codes`. Read once, and not to be changed."""
    folder = _BUILT_IN if _BUILT_IN.is_dir() else _CHECKOUT
    return loads((folder / f"{name}.json").read_text(encoding="utf-8"))
