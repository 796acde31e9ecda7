"""Who sent an event, as far as the answer depends on it."""

from collections.abc import Mapping

# REST API and HTTP API 1.0, HTTP API 2.0 and function URLs, load balancers, WebSocket APIs.
_SIGNS_OF_HTTP = ("http", "httpMethod", "elb", "connectionId")


def is_http_event(event: object) -> bool:
    """Whether the caller waits for an HTTP answer: REST API, HTTP API 1.0 and 2.0, function URL, load balancer, WebSocket."""
    # An authorizer is given the same request, and answers with a policy.
    if not isinstance(event, Mapping) or "methodArn" in event or "routeArn" in event:
        return False
    request = event.get("requestContext")
    return isinstance(request, Mapping) and any(request.get(sign) is not None for sign in _SIGNS_OF_HTTP)


def is_plain_answer_taken(event: object) -> bool:
    """Whether the caller makes an answer of 200 from whatever is no proxy result: HTTP API 2.0 and function URLs do."""
    request = event.get("requestContext") if isinstance(event, Mapping) else None
    return isinstance(request, Mapping) and "http" in request


def has_listed_headers(event: object) -> bool:
    """Whether a load balancer gives, and so expects, a list of values for each header; it takes no other headers then."""
    if not isinstance(event, Mapping) or not isinstance(event.get("multiValueHeaders"), Mapping):
        return False
    request = event.get("requestContext")
    return isinstance(request, Mapping) and "elb" in request
