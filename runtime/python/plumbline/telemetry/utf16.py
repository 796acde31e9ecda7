"""Texts measured as ECMAScript measures them, so that both runtimes cut a text at the same place."""


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(_units(text)) // 2


def utf16_start(text: str, length: int) -> str:
    """The beginning of a text; a sign that is cut in two leaves its half behind, as it does there."""
    return text[:length] if text.isascii() else _units(text[:length])[: 2 * length].decode("utf-16-le", "surrogatepass")


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
