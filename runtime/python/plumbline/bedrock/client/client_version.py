"""What `bedrock_client_version` tells of each call."""

from importlib.metadata import PackageNotFoundError, version


def _version() -> str:
    try:
        return version("plumbline-runtime")
    except PackageNotFoundError:
        return "0.0.0"


BEDROCK_CLIENT_VERSION = _version()
