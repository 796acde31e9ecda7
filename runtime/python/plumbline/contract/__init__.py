"""The contract, as the JSON files have it. What is built carries a copy of them; a checkout reads the files themselves."""

from functools import cache
from json import load
from os import path
from typing import Any

# Not pathlib, which takes longer to load than the documents.
_PACKAGE = path.dirname(path.dirname(path.realpath(__file__)))
_BUILT_IN = path.join(_PACKAGE, "contract_data")
_CHECKOUT = path.join(_PACKAGE, "..", "..", "..", "contract")


@cache
def document(name: str) -> Any:
    """A document by its file's name without the extension, such as `error-codes`. Read once, and not to be changed."""
    folder = _BUILT_IN if path.isdir(_BUILT_IN) else _CHECKOUT
    with open(path.join(folder, f"{name}.json"), encoding="utf-8") as file:
        return load(file)
