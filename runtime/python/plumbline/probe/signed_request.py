"""One signed request, without a client of boto3: loading one takes longer than all requests of the probe."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from .credentials import role_credentials
from .endpoint import ProbedService, endpoint_of
from .signature import UnsignedRequest, signed_headers

_MAX_BODY = 65_536


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    service: ProbedService
    method: Literal["GET", "POST"]
    # Percent-encoded where it must be.
    path: str
    content_type: str | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class ProbeResponse:
    status: int
    error_type: str | None
    body: str


def send_signed(probe: ProbeRequest, region: str, timeout_seconds: float) -> ProbeResponse:
    """Raises OSError, ValueError or an error of http.client where there is no answer. Each wait is at most `timeout_seconds`."""
    # A function without a probe does without http.client, and what that loads.
    from http.client import HTTPConnection, HTTPSConnection

    endpoint = urlsplit(endpoint_of(probe.service, region, os.environ))
    path = endpoint.path.rstrip("/") + probe.path
    headers = signed_headers(
        UnsignedRequest(probe.method, endpoint.netloc, path, probe.body, probe.content_type),
        role_credentials(os.environ, timeout_seconds),
        service=probe.service.signing_name,
        region=region,
        date=datetime.now(UTC),
    )
    connect = HTTPConnection if endpoint.scheme == "http" else HTTPSConnection
    connection = connect(endpoint.hostname or "", endpoint.port, timeout=timeout_seconds)
    try:
        connection.request(probe.method, path, probe.body.encode(), headers)
        response = connection.getresponse()
        body = response.read(_MAX_BODY).decode("utf-8", "replace")
        return ProbeResponse(response.status, response.headers.get("x-amzn-errortype"), body)
    finally:
        connection.close()
