"""Bodies that a handler has compressed."""

import gzip
import zlib
from base64 import b64encode
from importlib import import_module
from typing import Protocol, cast

# No answer that is read may fill the memory of the function.
_MAX_DECODED_BYTES = 64 * 1024 * 1024
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# As good as gzip, and not a hundred times slower than it.
_BROTLI_QUALITY = 4


class _Brotli(Protocol):
    def compress(self, string: bytes, *, quality: int) -> bytes: ...
    def decompress(self, string: bytes) -> bytes: ...


def try_decompress(data: bytes, coding: str) -> bytes | None:
    """Bytes without their compression; none where they are not compressed in this way."""
    try:
        match coding:
            case "gzip" | "x-gzip":
                return _inflated(data, _GZIP_WINDOW)
            case "deflate":
                return _inflated(data, zlib.MAX_WBITS)
            case "br":
                return _within_limit(_brotli().decompress(data))
    except Exception:
        return None
    return None


def compress(text: str, coding: str) -> str:
    """A text in base64, compressed as it was before."""
    data = text.encode("utf-8", "surrogatepass")
    match coding:
        case "br":
            compressed = _brotli().compress(data, quality=_BROTLI_QUALITY)
        case "deflate":
            compressed = zlib.compress(data)
        case _:
            compressed = gzip.compress(data, mtime=0)
    return b64encode(compressed).decode()


def _inflated(data: bytes, window: int) -> bytes:
    decompressor = zlib.decompressobj(window)
    inflated = decompressor.decompress(data, _MAX_DECODED_BYTES)
    if not decompressor.eof:
        raise ValueError("too large, or cut off")
    return inflated


def _within_limit(data: bytes) -> bytes:
    if len(data) > _MAX_DECODED_BYTES:
        raise ValueError("too large")
    return data


def _brotli() -> _Brotli:
    """Not Python's own: who compresses with it has it in the function's package."""
    return cast(_Brotli, import_module("brotli"))
