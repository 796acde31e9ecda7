"""urllib3's connections, as botocore uses them, with limits that hold."""

import http.client
import queue
import socket
from contextlib import suppress
from typing import Any

import urllib3.exceptions
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPConnectionPool, AWSHTTPSConnection, AWSHTTPSConnectionPool

from ..retry.attempt import Attempt, current_attempt
from .bounded_connect import bounded_connect
from .bounded_sockets import BoundedSocket, BoundedTlsSocket
from .keep_alive import Moment

# A longer body takes longer to copy than to send by itself.
_MAX_JOINED = 64 * 1024


class FinalResponse(http.client.HTTPResponse):
    """The answer that counts. To the library all but "100 Continue" is one, and what follows would be the answer of the next request."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 101 < status < 200:
                return version, status, reason
            http.client._read_headers(self.fp)  # type: ignore[attr-defined]


class _BoundedConnection:
    """Counts connecting, TLS included, and the answer by the clock of the attempt that uses the connection."""

    response_class: Any = FinalResponse
    idle_since: Moment | None = None
    sock: Any
    # The head of a request, until its body comes.
    _head = b""
    _is_head_next = False
    # Of botocore's connections.
    _expect_header_set: bool
    # Of urllib3's connections.
    host: str
    port: int
    timeout: Any
    _dns_host: str
    socket_options: Any
    source_address: Any

    def _new_conn(self) -> socket.socket:
        attempt = current_attempt()
        if attempt is None:
            return super()._new_conn()  # type: ignore[misc, no-any-return]
        clock = attempt.clock
        clock.connecting()
        try:
            connected = bounded_connect(
                self._dns_host, self.port, clock=clock, options=self.socket_options or (), source_address=self.source_address
            )
        except TimeoutError as error:
            raise urllib3.exceptions.ConnectTimeoutError(self, f"Connection to {self.host} timed out.") from error
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, f"Failed to establish a new connection: {error}") from error  # type: ignore[arg-type]
        # A proxy is asked within the same limit.
        connected.clock = clock
        return connected

    def connect(self) -> None:
        context = getattr(self, "ssl_context", None)
        if context is not None:
            context.sslsocket_class = BoundedTlsSocket
        super().connect()  # type: ignore[misc]
        self._count_for(current_attempt())

    def request(self, *args: Any, **kwargs: Any) -> None:
        self.idle_since = None
        attempt = current_attempt()
        if self.sock is not None:
            self._count_for(attempt)
        self._head = b""
        super().request(*args, **kwargs)  # type: ignore[misc]
        self.send(b"")
        if attempt is not None:
            attempt.on_sent()

    def _send_output(self, *args: Any, **kwargs: Any) -> None:
        self._is_head_next = not self._expect_header_set
        super()._send_output(*args, **kwargs)  # type: ignore[misc]
        self._is_head_next = False

    def send(self, data: Any) -> None:
        """The head goes out with its body: urllib3 sends each by itself, which costs a call of the system, and a record of TLS."""
        if self._is_head_next:
            self._is_head_next = False
            self._head = data
            return
        head, self._head = self._head, b""
        if isinstance(data, bytes) and len(data) <= _MAX_JOINED:
            data = head + data
        elif head:
            super().send(head)  # type: ignore[misc]
        if data != b"":
            super().send(data)  # type: ignore[misc]

    def _count_for(self, attempt: Attempt | None) -> None:
        if isinstance(self.sock, BoundedSocket | BoundedTlsSocket):
            self.sock.clock = attempt.clock if attempt else None
        if attempt is not None:
            attempt.connection = self.sock
            attempt.clock.reading()


class BoundedHttpConnection(_BoundedConnection, AWSHTTPConnection):  # type: ignore[misc]
    pass


class BoundedHttpsConnection(_BoundedConnection, AWSHTTPSConnection):  # type: ignore[misc]
    pass


class _BoundedPool:
    """Gives out no connection that has lain idle for too long, and none at all of the old ones after one of them was lost."""

    idle_ms: float
    pool: Any

    def _get_conn(self, timeout: float | None = None) -> Any:
        attempt = current_attempt()
        if attempt is not None and attempt.fresh_connection:
            self._close_idle()
        connection = super()._get_conn(timeout)  # type: ignore[misc]
        idle_since = getattr(connection, "idle_since", None)
        if idle_since is not None and idle_since.passed_ms() >= self.idle_ms:
            connection.close()
        return connection

    def _put_conn(self, connection: Any) -> None:
        if connection is not None:
            connection.idle_since = Moment.now()
        super()._put_conn(connection)  # type: ignore[misc]

    def _close_idle(self) -> None:
        taken = []
        while True:
            try:
                taken.append(self.pool.get_nowait())
            except (queue.Empty, AttributeError):
                break
        for connection in taken:
            if connection is not None:
                connection.close()
        with suppress(queue.Full, AttributeError):
            for connection in taken:
                self.pool.put_nowait(connection)


def bounded_pools(idle_ms: float) -> dict[str, type]:
    """By scheme, as urllib3's pool manager wants them."""

    class BoundedHttpPool(_BoundedPool, AWSHTTPConnectionPool):
        ConnectionCls = BoundedHttpConnection

    class BoundedHttpsPool(_BoundedPool, AWSHTTPSConnectionPool):
        ConnectionCls = BoundedHttpsConnection

    BoundedHttpPool.idle_ms = BoundedHttpsPool.idle_ms = idle_ms
    return {"http": BoundedHttpPool, "https": BoundedHttpsPool}
