"""Answers each event as its source expects: HTTP with an envelope, so that errors are read; others by raising, so that none is lost."""

from ..call.user_handler import UserHandler
from .api import api_handler
from .event import event_handler
from .http_event import is_http_event


def auto_handler(handler: UserHandler) -> UserHandler:
    api, event = api_handler(handler), event_handler(handler)

    def handle(given: object, context: object) -> object:
        return (api if is_http_event(given) else event)(given, context)

    return handle
