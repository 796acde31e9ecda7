"""
AWS signatures of version 4, for requests without a query.

By hand: botocore's signer takes longer to load than the probe takes. A test holds the two against each other.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class UnsignedRequest:
    method: str
    host: str
    # As it is sent: percent-encoded once.
    path: str
    body: str = ""
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


def signed_headers(request: UnsignedRequest, credentials: Credentials, *, service: str, region: str, date: datetime) -> dict[str, str]:
    time = date.strftime("%Y%m%dT%H%M%SZ")
    headers = {
        **({"content-type": request.content_type} if request.content_type else {}),
        "host": request.host,
        "x-amz-content-sha256": _sha256(request.body),
        "x-amz-date": time,
        **({"x-amz-security-token": credentials.session_token} if credentials.session_token else {}),
    }
    names = ";".join(headers)
    canonical = "\n".join(
        [
            request.method,
            # Every service but S3 signs the path encoded a second time.
            quote(request.path, safe="/~"),
            "",
            *(f"{name}:{value}" for name, value in headers.items()),
            "",
            names,
            _sha256(request.body),
        ]
    )
    place = [time[:8], region, service, "aws4_request"]
    key = reduce(_hmac, place, f"AWS4{credentials.secret_access_key}".encode())
    signature = _hmac(key, "\n".join([_ALGORITHM, time, "/".join(place), _sha256(canonical)])).hex()
    credential = "/".join([credentials.access_key_id, *place])
    return {**headers, "authorization": f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
