"""Regions and their partitions, as the contract has them."""

from .contract import document


def dns_suffix_of(region: str) -> str:
    """The domain of AWS in a Region's partition, also of a Region that is newer than this library."""
    partitions = document("partitions")["partitions"]
    return str(next(partition["dnsSuffix"] for partition in partitions if region.startswith(partition["regionPrefix"])))
