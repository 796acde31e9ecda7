import pytest
from plumbline.probe.denial import error_code_of, is_denied, role_arn
from plumbline.probe.signed_request import ProbeResponse


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (ProbeResponse(403, "AccessDeniedException", "{}"), "AccessDeniedException"),
        (ProbeResponse(403, "AccessDeniedException:http://internal.amazon.com/", ""), "AccessDeniedException"),
        (ProbeResponse(403, None, '{"__type":"com.amazon.coral.service#AccessDeniedException"}'), "AccessDeniedException"),
        (ProbeResponse(400, None, '{"code":"ExpiredTokenException"}'), "ExpiredTokenException"),
        (ProbeResponse(403, None, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"), "AccessDenied"),
        (ProbeResponse(503, None, "<html>no</html>"), None),
        (ProbeResponse(500, None, "null"), None),
        (ProbeResponse(500, None, '{"code":500}'), None),
        (ProbeResponse(300, None, '{"code":"Moved"}'), "Moved"),
        (ProbeResponse(200, None, "<Code>AccessDenied</Code>"), None),
    ],
)
def test_the_error_code_is_found_wherever_a_protocol_puts_it(response: ProbeResponse, code: str | None) -> None:
    assert error_code_of(response) == code


@pytest.mark.parametrize(
    ("code", "denied"),
    [
        ("AccessDeniedException", True),
        ("AccessDenied", True),
        ("ExpiredTokenException", False),
        ("UnrecognizedClientException", False),
        ("InvalidClientTokenId", False),
        ("SignatureDoesNotMatch", False),
        ("ThrottlingException", False),
        ("ValidationException", False),
    ],
)
def test_only_a_denial_denies(code: str, denied: bool) -> None:
    assert is_denied(ProbeResponse(403, code, "")) is denied


@pytest.mark.parametrize(
    ("bodies", "arn"),
    [
        (["<Arn>arn:aws:sts::123456789012:assumed-role/chat-role/session</Arn>"], "arn:aws:iam::123456789012:role/chat-role"),
        (
            ["", '{"message":"User: arn:aws-cn:sts::123456789012:assumed-role/chat+role@x/s is not authorized"}'],
            "arn:aws-cn:iam::123456789012:role/chat+role@x",
        ),
        (["<Arn>arn:aws:iam::123456789012:user/dev/me</Arn>"], "arn:aws:iam::123456789012:user/dev/me"),
        (["nothing of the kind"], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_role_is_found_in_whichever_answer_names_it(bodies: list[str], arn: str) -> None:
    assert role_arn(bodies) == arn
