"""The way of every call into the standard."""

from typing import Any

from .service_call import SendOnce


class StandardCalls:
    """One of the bases of the client's class. botocore calls it for every operation, a page of a paginator too."""

    #: Of the client that the factory makes; None while botocore makes it.
    _settings: Any = None
    _call: Any = None
    # Of botocore's client.
    meta: Any
    exceptions: Any

    @classmethod
    def add_to(cls, base_classes: list[type], **_: Any) -> None:
        base_classes.insert(0, cls)

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        send: SendOnce = super()._make_api_call  # type: ignore[misc]
        if self._settings is None:
            return send(operation_name, api_params)
        answer: dict[str, Any] = self._call(self, self._settings, operation_name, api_params, send).make()
        return answer
