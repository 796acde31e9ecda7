"""The Bedrock that fails to order, in a process of its own."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[4]


@dataclass
class FaultyServer:
    ports: dict[str, int]
    certificate: Path
    _control: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._control = HTTPConnection("127.0.0.1", self.ports["http1"], timeout=60)

    def url(self, plan: str, port: str = "http1") -> str:
        """The endpoint that plays this plan on every request."""
        # Only with TLS is there a handshake to leave unanswered.
        scheme = "https" if port in ("tls", "silent") else "http"
        return f"{scheme}://127.0.0.1:{self.ports[port]}/fault/{quote(plan, safe='')}"

    def requests_of(self, plan: str) -> list[dict[str, Any]]:
        beginning = f"/fault/{quote(plan, safe='')}/"
        return [request for request in self._ask("GET", "/__requests") if request["path"].startswith(beginning)]

    def requests_of_host(self, domain: str) -> list[dict[str, Any]]:
        """What came to a name of its own, and not to an address."""
        return [request for request in self._ask("GET", "/__requests") if request["headers"].get("host", "").endswith(domain)]

    @property
    def accepted(self) -> int:
        """Connections accepted since the start."""
        return int(self._ask("GET", "/__connections")["accepted"])

    @property
    def connections(self) -> int:
        """Connections open now, besides that of the test itself."""
        return int(self._ask("GET", "/__connections")["open"]) - 1

    def drop_connections_silently(self) -> None:
        """What a network does with connections that were idle for too long: neither side is told, and nothing gets through any more."""
        self._ask("PUT", "/__connections")

    def close_connections(self) -> None:
        self._ask("DELETE", "/__connections")

    def _ask(self, method: str, path: str) -> Any:
        self._control.request(method, path)
        return json.loads(self._control.getresponse().read())


@contextmanager
def running_faulty_server(lifetime_seconds: int = 3_600) -> Iterator[FaultyServer]:
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "certificate.pem"
        main = ROOT / "test/support/faulty-bedrock-server/main.ts"
        command = ["node", "--no-warnings", "-r", "tsx/cjs", str(main), f"--lifetime={lifetime_seconds}", f"--certificate={certificate}"]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin
            assert process.stdout
            try:
                yield FaultyServer(json.loads(process.stdout.readline()), certificate)
            finally:
                process.stdin.close()
                process.wait(60)
