"""What `bedrock_client_version` tells of each call."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Written when the layer is built, which is no installed package.
_OF_LAYER = Path(__file__).resolve().parents[2] / "contract_data" / "version.txt"


def _version() -> str:
    if _OF_LAYER.exists():
        return _OF_LAYER.read_text(encoding="utf-8").strip()
    try:
        return version("plumbline-runtime")
    except PackageNotFoundError:
        return "0.0.0"


BEDROCK_CLIENT_VERSION = _version()
