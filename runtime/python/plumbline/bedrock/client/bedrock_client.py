"""boto3's client, with the policy's limits, retries and Regions built in."""

from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import boto3
from botocore.config import Config

from ..http.bounded_session import BoundedSession
from .call_settings import CallSettings
from .region_hooks import RegionHooks
from .standard_calls import StandardCalls

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

_SERVICE = "bedrock-runtime"

_clients: WeakSet[Any] = WeakSet()


def bedrock_client(settings: CallSettings, **session_settings: Any) -> "BedrockRuntimeClient":
    """`session_settings` are for tests: credentials, as `boto3.session.Session` takes them. Not for two threads at once."""
    session: Any = _session(**session_settings)
    client = session.client(_SERVICE, region_name=settings.primary, config=_config(settings))
    _tell_retries(client, settings)
    _bound_connections(client, settings)
    RegionHooks(settings).register(client)
    settings.signer = lambda: client._request_signer
    client._settings = settings
    _clients.add(client)
    return client  # type: ignore[no-any-return]


@cache
def _session(**settings: Any) -> boto3.session.Session:
    """One for all clients: the models that it has read, and the credentials, are the same for each."""
    session = boto3.session.Session(**settings)
    session.events.register(f"creating-client-class.{_SERVICE}", StandardCalls.add_to)
    return session


def _config(settings: CallSettings) -> Config:
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


def _tell_retries(client: Any, settings: CallSettings) -> None:
    retry = settings.policy.retry
    client.meta.config.retries = {"total_max_attempts": retry.max_attempts, "mode": retry.retry_mode}
    client.meta.events.unregister(f"needs-retry.{_SERVICE}", unique_id=f"retry-config-{_SERVICE}")


def _bound_connections(client: Any, settings: CallSettings) -> None:
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
    for client in _clients:
        client._settings.state.begin_anew()
        client._endpoint.http_session.begin_anew()
