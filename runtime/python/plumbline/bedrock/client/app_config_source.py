"""Tuned read timeouts from AppConfig."""

from typing import Any

from .task_types import TaskTypeSource, Warn


def app_config_source(given: str | None, region: str, timeout_ms: float, warn: Warn) -> TaskTypeSource | None:
    """The source that `application/environment/profile` names, each an id or a name; None when the function has none."""
    if not given:
        return None
    parts = given.split("/")
    if len(parts) == 3 and all(parts):
        application, environment, profile = parts
        return _AppConfigSource(application, environment, profile, region, timeout_ms)
    warn("taskTypesRejected", {"problem": f'"{given}" is not application/environment/profile of AppConfig'})
    return None


class _AppConfigSource:
    """
    AppConfig by Powertools, loaded with the first fetch. The AppConfig extension would need a layer of AWS's, another one in each
    Region, and a process.
    """

    def __init__(self, application: str, environment: str, profile: str, region: str, timeout_ms: float) -> None:
        self._application = application
        self._environment = environment
        self._profile = profile
        self._region = region
        self._timeout = timeout_ms / 1_000
        self._provider: Any = None
        self._last: str | None = None

    def fetch(self) -> str | None:
        provider, self._provider = self._provider or self._new_provider(), None
        document = provider.get(self._profile, force_fetch=True)
        # A token counts once: after an error only a new session is sure to have a good one.
        self._provider = provider
        text = document.decode("utf-8") if isinstance(document, bytes) else document
        if not text or text == self._last:
            return None
        self._last = text
        return str(text)

    def _new_provider(self) -> Any:
        from aws_lambda_powertools.utilities.parameters import AppConfigProvider
        from botocore.config import Config

        limits: dict[str, Any] = {"connect_timeout": self._timeout, "read_timeout": self._timeout}
        config = Config(region_name=self._region, retries={"total_max_attempts": 1, "mode": "standard"}, **limits)
        return AppConfigProvider(environment=self._environment, application=self._application, boto_config=config)
