"""How a stream ends."""

from typing import Any

from ..contract import document
from .envelope import Envelope, serialize_envelope

_STREAM = document("runtime-environment")["stream"]


def terminal_frame(envelope: Envelope[Any]) -> str:
    """
    The last frame of a stream that a container sends: tokens leave as they are, and the envelope ends them.

    A server-sent event, because its name stands beside the envelope and not in it; the blank line in front ends whatever token came before.
    """
    event = _STREAM["errorEvent"] if envelope["status"] == "error" else _STREAM["endEvent"]
    return f"\n\nevent: {event}\ndata: {serialize_envelope(envelope)}\n\n"
