"""boto3's client for one service, with the policy's limits and retries built in."""

from functools import cache
from threading import Lock
from typing import Any
from weakref import WeakSet

import boto3
from botocore.config import Config

from ..http.bounded_session import BoundedSession
from .client_settings import ClientSettings
from .region_hooks import RegionHooks
from .service_call import ServiceCall
from .standard_calls import StandardCalls

_clients: WeakSet[Any] = WeakSet()
# A session makes one client at a time.
_making = Lock()


def service_client(settings: ClientSettings, call: type[ServiceCall], hooks: RegionHooks, **session_settings: Any) -> Any:
    """`session_settings` are for tests: credentials, as `boto3.session.Session` takes them."""
    with _making:
        session: Any = _session(**session_settings)
        client = session.client(hooks.service_id, region_name=settings.primary, config=_config(settings))
    _tell_retries(client, settings, hooks.service_id)
    _bound_connections(client, settings)
    hooks.register(client)
    settings.signer = lambda: client._request_signer
    client._settings = settings
    client._call = call
    _clients.add(client)
    return client


@cache
def _session(**settings: Any) -> boto3.session.Session:
    """One for all clients: the models that it has read, and the credentials, are the same for each."""
    session = boto3.session.Session(**settings)
    session.events.register("creating-client-class", StandardCalls.add_to)
    return session


def _config(settings: ClientSettings) -> Config:
    policy = settings.policy
    given: dict[str, Any] = {
        "connect_timeout": policy.connect_timeout_ms / 1_000,
        "read_timeout": settings.read_timeout_ms() / 1_000,
        "max_pool_connections": policy.max_sockets,
        "tcp_keepalive": True,
        # botocore itself tries once: the attempts are counted over both Regions, above it.
        "retries": {"total_max_attempts": 1, "mode": "standard"},
        # The role signs: a key in AWS_BEARER_TOKEN_BEDROCK would take its place otherwise.
        "signature_version": "v4",
    }
    if "auth_scheme_preference" in Config.OPTION_DEFAULTS:
        given["auth_scheme_preference"] = "sigv4"
    return Config(**given)


def _tell_retries(client: Any, settings: ClientSettings, service_id: str) -> None:
    retry = settings.policy.retry
    client.meta.config.retries = {"total_max_attempts": retry.max_attempts, "mode": retry.retry_mode}
    client.meta.events.unregister(f"needs-retry.{service_id}", unique_id=f"retry-config-{service_id}")


def _bound_connections(client: Any, settings: ClientSettings) -> None:
    endpoint, config = client._endpoint, client.meta.config
    made = endpoint.http_session
    endpoint.http_session = BoundedSession(
        settings.policy.keep_alive,
        verify=made._verify,
        proxies=made._proxy_config._proxies,
        proxies_config=config.proxies_config,
        client_cert=config.client_cert,
        timeout=(config.connect_timeout, config.read_timeout),
        max_pool_connections=config.max_pool_connections,
        socket_options=made._socket_options,
    )


def begin_clients_anew() -> None:
    """In the child of a fork, or a function restored from a snapshot, connections and what is known of the Regions belong to another."""
    global _making
    # One that another thread held when the process was forked is never opened in the child.
    _making = Lock()
    for client in _clients:
        client._settings.state.begin_anew()
        client._endpoint.http_session.begin_anew()
