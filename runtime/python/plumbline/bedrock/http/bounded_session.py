"""botocore's HTTP session, with limits that hold and answers that are whole."""

from http.client import IncompleteRead
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.httpsession import URLLib3Session

from ..retry.attempt import Attempt, current_attempt
from ..retry.failure_kind import failure_kind
from ..retry.time_limit_errors import TimeLimitError, time_limit_behind
from .bounded_connections import bounded_pools
from .event_body import EventBody
from .event_stream_check import check_stream_type
from .keep_alive import KeepAlive, keep_alive_options


class BoundedSession(URLLib3Session):
    """
    The limits of botocore count each wait for the network alone, and end with the headers where an answer is a stream. Here the clock of
    the attempt counts, to the last byte of an answer, and to the first one of its events.
    """

    # Of botocore's session.
    _pool_classes_by_scheme: Any
    _manager: Any

    def __init__(self, keep_alive: KeepAlive, **settings: Any) -> None:
        self._keep_alive = keep_alive
        self._settings = settings
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forgets all connections: in the child of a fork, or a function restored from a snapshot, they belong to somebody else."""
        keep_alive = self._keep_alive
        options = [*self._settings.get("socket_options", ()), *keep_alive_options(keep_alive)]
        super().__init__(**{**self._settings, "socket_options": options})
        pools = bounded_pools(keep_alive.idle_ms)
        self._pool_classes_by_scheme = pools
        self._manager.pool_classes_by_scheme = pools

    def send(self, request: Any) -> AWSResponse:
        attempt = current_attempt()
        if attempt is None:
            return super().send(request)
        wants_stream = request.stream_output
        # What is no stream of events is read here, while the attempt can still be repeated.
        request.stream_output = attempt.answers_with_events
        try:
            response = super().send(request)
            if attempt.answers_with_events and response.status_code < 300:
                _begin_events(response, attempt)
            else:
                # An error too: botocore reads it only later, beyond every limit.
                _require_whole(response, attempt.clock.service)
        except Exception as error:
            limit = _time_limit_of(error, attempt)
            if limit is None:
                raise
            raise limit from error
        attempt.answer = response
        if wants_stream and not attempt.answers_with_events:
            response.raw = BytesIO(response.content)
        return response


def _begin_events(response: AWSResponse, attempt: Attempt) -> None:
    try:
        check_stream_type(response.headers.get("content-type"), attempt.clock.service)
        body = EventBody(response.raw, attempt.clock, attempt.connection)
        if not body.begin():
            raise _empty_answer(response, attempt.clock.service)
    except BaseException:
        response.raw.close()
        raise
    response.raw = body


def _require_whole(response: AWSResponse, service: str) -> None:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and len(response.content) < int(announced):
        raise ConnectionClosedError(endpoint_url=response.url, error=IncompleteRead(response.content[:0], int(announced)))
    if response.status_code < 300 and not response.content:
        raise _empty_answer(response, service)


def _empty_answer(response: AWSResponse, service: str) -> ClientError:
    """HTTP 200 and nothing in it, which no operation answers with. Named as the service's own word for such trouble."""
    status = response.status_code
    message = f"{service} answered HTTP {status} with nothing in it."
    headers = {name.lower(): value for name, value in response.headers.items()}
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers, "RetryAttempts": 0}
    return ClientError({"Error": {"Code": "ServiceUnavailableException", "Message": message}, "ResponseMetadata": metadata}, "")  # type: ignore[typeddict-item]


def _time_limit_of(error: Exception, attempt: Attempt) -> TimeLimitError | None:
    """As what a time-out is told: the one that the clock has raised, or else the one of a wait that was given what the clock had left."""
    behind = time_limit_behind(error)
    if behind is not None or isinstance(error, ClientError) or failure_kind(error) != "timeout":
        return behind
    return attempt.clock.expiry()
