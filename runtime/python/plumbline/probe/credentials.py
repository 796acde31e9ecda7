"""The keys of the function's role."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from .signature import Credentials


def role_credentials(env: Mapping[str, str], timeout_seconds: float) -> Credentials:
    """
    From variables, or from where a function with SnapStart must ask for them: variables are part of a snapshot, which outlives any key.

    Raises OSError or HTTPException where there is no answer, and ValueError for an answer without keys.
    """
    source = env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if source and not env.get("AWS_ACCESS_KEY_ID"):
        return _asked(source, env.get("AWS_CONTAINER_AUTHORIZATION_TOKEN"), timeout_seconds)
    return Credentials(env.get("AWS_ACCESS_KEY_ID", ""), env.get("AWS_SECRET_ACCESS_KEY", ""), env.get("AWS_SESSION_TOKEN"))


def _asked(source: str, authorization: str | None, timeout_seconds: float) -> Credentials:
    from http.client import HTTPConnection, HTTPException

    parts = urlsplit(source)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    # Lambda answers on the machine itself, without TLS.
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_seconds)
    try:
        connection.request("GET", path, headers={"authorization": authorization} if authorization else {})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise HTTPException(f"the credentials of the role were answered with HTTP {response.status}")
    keys = json.loads(body)
    if not isinstance(keys, dict) or not isinstance(keys.get("AccessKeyId"), str) or not isinstance(keys.get("SecretAccessKey"), str):
        raise ValueError("the credentials of the role came without keys")
    return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys.get("Token"))
