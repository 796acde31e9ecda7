"""Regions and partitions of AWS."""

import re
from typing import Any

from . import document


def is_region(text: str) -> bool:
    """Whether a text has the form of a Region's code, such as `us-east-1` or `eusc-de-east-1`."""
    return re.fullmatch(_partitions()["regionPattern"], text) is not None


def is_known_region(text: str) -> bool:
    """Whether AWS had a Region of this code when the contract was last refreshed."""
    return any(text in partition["regions"] for partition in _partitions()["partitions"])


def partition_of(region: str) -> str:
    """The name of a Region's partition, also of a Region that is newer than this library."""
    return str(_partition_of(region)["name"])


def dns_suffix_of(region: str) -> str:
    """The domain of AWS in a Region's partition."""
    return str(_partition_of(region)["dnsSuffix"])


def _partition_of(region: str) -> Any:
    for partition in _partitions()["partitions"]:
        if region.startswith(partition["regionPrefix"]):
            return partition
    raise ValueError(f"no partition has a Region like {region!r}")


def _partitions() -> Any:
    return document("partitions")
