from typing import Any

import pytest
from plumbline.handler.kinds.api import api_handler
from support.lambda_events import LambdaContext, http_event

ALLOWED = "https://a.example"
LISTS = {
    "httpMethod": "POST",
    "path": "/x",
    "multiValueHeaders": {},
    "requestContext": {"elb": {"targetGroupArn": "arn:aws:x"}},
    "body": "{}",
}


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_ALLOW_ORIGIN", f"https://other.example, {ALLOWED}")


def answer(returned: object, event: dict[str, Any] | None = None) -> dict[str, Any]:
    def handler(_event: object, _context: object) -> object:
        if isinstance(returned, Exception):
            raise returned
        return returned

    result = api_handler(handler)(event or http_event(), LambdaContext())
    assert isinstance(result, dict)
    return result


def proxy(headers: object = None, lists: object = None) -> dict[str, Any]:
    return {"statusCode": 200, "headers": headers, "multiValueHeaders": lists, "body": "1"}


class TestVary:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (None, {"vary": "Origin"}),
            ({"Vary": "Accept-Encoding"}, {"Vary": "Accept-Encoding, Origin"}),
            ({"vary": "Accept, Accept-Encoding"}, {"vary": "Accept, Accept-Encoding, Origin"}),
            ({"VARY": "accept, ORIGIN"}, {"VARY": "accept, ORIGIN"}),
            ({"Vary": "*"}, {"Vary": "*"}),
            ({"Vary": ""}, {"Vary": "Origin"}),
        ],
    )
    def test_says_that_the_answer_depends_on_the_origin(self, given: object, expected: dict[str, str]) -> None:
        headers = answer(proxy(given))["headers"]
        assert {name: value for name, value in headers.items() if name.lower() == "vary"} == expected

    @pytest.mark.parametrize(
        ("given", "expected"), [(["Accept-Encoding"], ["Accept-Encoding", "Origin"]), (["Origin"], ["Origin"]), (["*"], ["*"])]
    )
    def test_says_so_in_a_list_where_the_handler_gives_one(self, given: list[str], expected: list[str]) -> None:
        result = answer(proxy(None, {"Vary": given}))
        assert result["multiValueHeaders"] == {"Vary": expected}
        assert "vary" not in result["headers"]


class TestTheAllowedOrigin:
    @pytest.mark.parametrize("name", ["origin", "Origin", "ORIGIN"])
    @pytest.mark.parametrize("value", [ALLOWED, [ALLOWED]])
    def test_is_that_of_the_request(self, name: str, value: object) -> None:
        place = "multiValueHeaders" if isinstance(value, list) else "headers"
        headers = answer(1, http_event({place: {name: value}}))["headers"]
        assert headers["access-control-allow-origin"] == ALLOWED

    @pytest.mark.parametrize(
        "given", [{}, {"headers": {"origin": "https://evil.example"}}, {"headers": None}, {"multiValueHeaders": {"origin": []}}]
    )
    def test_is_none_for_another_origin(self, given: dict[str, Any]) -> None:
        headers = answer(1, http_event(given))["headers"]
        assert "access-control-allow-origin" not in headers
        assert headers["vary"] == "Origin"

    def test_is_what_the_handler_says(self) -> None:
        headers = answer(proxy({"Access-Control-Allow-Origin": "https://mine.example"}))["headers"]
        assert {name: value for name, value in headers.items() if name != "content-type"} == {
            "Access-Control-Allow-Origin": "https://mine.example"
        }

    def test_may_be_every_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PLUMBLINE_ALLOW_ORIGIN", "*")
        headers = answer(1)["headers"]
        assert headers["access-control-allow-origin"] == "*"
        assert "vary" not in headers


class TestALoadBalancerThatListsHeaderValues:
    def test_gets_lists_and_nothing_but_lists(self) -> None:
        returned = proxy({"X-One": "1", "x-both": "a"}, {"X-Both": ["b", "a"]}) | {"cookies": ["c=1", "d=2"]}
        result = answer(returned, LISTS)
        assert result.keys() == {"statusCode", "multiValueHeaders", "body"}
        assert result["multiValueHeaders"] == {
            "X-One": ["1"],
            "x-both": ["a", "b"],
            "content-type": ["application/json"],
            "vary": ["Origin"],
            "set-cookie": ["c=1", "d=2"],
        }

    def test_gets_errors_with_lists_too(self) -> None:
        result = answer(RuntimeError("boom"), LISTS)
        assert result["statusCode"] == 500
        assert result["multiValueHeaders"]["content-type"] == ["application/json"]


def test_a_line_break_in_a_header_begins_no_other_header() -> None:
    result = answer(proxy({"x-a": "b\r\nset-cookie: evil=1", "x-b\r\nx-c": "d"}, {"x-e": ["f\ng", 7]}))
    assert result["headers"]["x-a"] == "b set-cookie: evil=1"
    assert sorted(result["headers"]) == ["content-type", "vary", "x-a"]
    assert result["multiValueHeaders"] == {"x-e": ["f g", 7]}
