"""Bodies that a handler has compressed."""

import gzip
import zlib
from base64 import b64encode
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from typing import NamedTuple, Protocol, cast

# More are no answer but an attempt.
_MAX_CODINGS = 4
# No answer that is read may fill the memory of the function.
_MAX_DECODED_BYTES = 64 * 1024 * 1024
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# As good as gzip, and not a hundred times slower than it.
_BROTLI_QUALITY = 4
# Not every version of the package can be told where to stop: from so few bytes come no more than some tens of megabytes.
_BROTLI_STEP = 32


class _Coding(NamedTuple):
    decode: Callable[[bytes], bytes]
    encode: Callable[[bytes], bytes]


class _BrotliDecompressor(Protocol):
    def process(self, string: bytes) -> bytes: ...
    def is_finished(self) -> bool: ...


class _Brotli(Protocol):
    def compress(self, string: bytes, *, quality: int) -> bytes: ...
    def Decompressor(self) -> _BrotliDecompressor: ...  # noqa: N802 -- its own name


def try_decompress(data: bytes, encoding: str) -> bytes | None:
    """Bytes without their compression, be it in one coding or several; none where they are not compressed in this way."""
    names = _names_of(encoding)
    if len(names) > _MAX_CODINGS or not _CODINGS.keys() >= set(names):
        return None
    try:
        return reduce(lambda decoded, name: _CODINGS[name].decode(decoded), reversed(names), data)
    except Exception:
        return None


def compress(text: str, encoding: str) -> str:
    """A text in base64, compressed as it was before."""
    data = text.encode("utf-8", "surrogatepass")
    return b64encode(reduce(lambda encoded, name: _CODINGS[name].encode(encoded), _names_of(encoding), data)).decode()


def _names_of(encoding: str) -> list[str]:
    """In the order in which they were applied."""
    return [name.strip().lower() for name in encoding.split(",")]


def _gunzip(data: bytes) -> bytes:
    """Also of several members, as a file that was appended to has them; zeros that fill a block up may follow."""
    pieces: list[bytes] = []
    left = _MAX_DECODED_BYTES
    while not pieces or (data and data[0] != 0):
        piece, data = _inflated(data, _GZIP_WINDOW, left)
        left -= len(piece)
        pieces.append(piece)
    return b"".join(pieces)


def _inflate(data: bytes) -> bytes:
    """Half of the world leaves out the frame around it that HTTP asks for."""
    try:
        return _inflated(data, zlib.MAX_WBITS, _MAX_DECODED_BYTES)[0]
    except zlib.error:
        return _inflated(data, -zlib.MAX_WBITS, _MAX_DECODED_BYTES)[0]


def _inflated(data: bytes, window: int, most: int) -> tuple[bytes, bytes]:
    """The bytes, and what follows them."""
    decompressor = zlib.decompressobj(window)
    inflated = decompressor.decompress(data, most + 1)
    if not decompressor.eof or len(inflated) > most:
        raise ValueError("too large, or cut off")
    return inflated, decompressor.unused_data


def _unbrotli(data: bytes) -> bytes:
    decompressor = _brotli().Decompressor()
    pieces: list[bytes] = []
    left = _MAX_DECODED_BYTES
    for start in range(0, len(data), _BROTLI_STEP):
        pieces.append(decompressor.process(data[start : start + _BROTLI_STEP]))
        left -= len(pieces[-1])
        if left < 0 or decompressor.is_finished():
            break
    if left < 0 or not decompressor.is_finished():
        raise ValueError("too large, or cut off")
    return b"".join(pieces)


def _brotli() -> _Brotli:
    """Not Python's own: who compresses with it has it in the function's package."""
    return cast(_Brotli, import_module("brotli"))


_GZIP = _Coding(_gunzip, lambda data: gzip.compress(data, mtime=0))
_CODINGS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    "deflate": _Coding(_inflate, zlib.compress),
    "br": _Coding(_unbrotli, lambda data: _brotli().compress(data, quality=_BROTLI_QUALITY)),
    "identity": _Coding(lambda data: data, lambda data: data),
}
