from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from plumbline.probe.signature import Credentials, UnsignedRequest, signed_headers

DATE = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)
PATHS = ["/", "/foundation-models", "/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke", "/a b~c/(d)!*'"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["a-session-token", None])
def test_a_request_is_signed_as_botocore_signs_it(path: str, token: str | None) -> None:
    sent = path.replace(" ", "%20")
    own = signed_headers(
        UnsignedRequest("POST", "bedrock.us-east-1.amazonaws.com", sent, "{}", "application/json"),
        Credentials("AKIAIOSFODNN7EXAMPLE", "secret", token),
        service="bedrock",
        region="us-east-1",
        date=DATE,
    )
    request = AWSRequest(
        "POST",
        f"https://bedrock.us-east-1.amazonaws.com{sent}",
        data="{}",
        headers={"content-type": "application/json", "x-amz-content-sha256": own["x-amz-content-sha256"]},
    )
    credentials = BotocoreCredentials("AKIAIOSFODNN7EXAMPLE", "secret", token)
    with patch("botocore.auth.get_current_datetime", return_value=DATE.replace(tzinfo=None)):
        SigV4Auth(credentials, "bedrock", "us-east-1").add_auth(request)
    assert own["authorization"] == request.headers["Authorization"]
