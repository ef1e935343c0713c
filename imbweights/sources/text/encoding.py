"""Which encoding a text file has, and a UTF-8 copy of it when DuckDB could not read it exactly."""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from imbweights.core.errors import SourceError, UsageError
from imbweights.sources.base import InputFile
from imbweights.sources.text.ending import ending

_BOMS = (  # UTF-32 before UTF-16: their marks begin alike
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "iso8859-1": "Latin-1",
}


def find_encoding(head: bytes, *, complete: bool) -> str | None:
    r"""The codec of these first bytes, ``None`` for bytes that are no text.

    A byte-order mark decides; then UTF-16 without one (every other byte is zero); then UTF-8 if
    it decodes; else Windows-1252, which is Latin-1 with the quotes and dashes that such files
    hold, or Latin-1 where a byte has no meaning in Windows-1252.

    >>> find_encoding("café".encode("latin-1"), complete=True)
    'cp1252'
    >>> find_encoding(b"\x00\x01\x02", complete=True) is None
    True
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if b"\0" in head:
        return _utf16_without_bom(head)
    if _decodes(head, "utf-8", complete=complete):
        return "utf-8"
    if _looks_binary(head):
        return None
    return _single_byte(head)


def _single_byte(content: bytes) -> str:
    return "cp1252" if _decodes(content, "cp1252", complete=True) else "iso8859-1"


def _decodes(head: bytes, codec: str, *, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(head, final=complete)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_bom(head: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in nearly every other byte, and only there."""
    pairs = len(head) // 2
    for codec, zeros, others in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros.count(0) > 0.8 * pairs and not others.count(0) and not _looks_binary(others):
            return codec
    return None


def _looks_binary(head: bytes) -> bool:
    """Control characters that no text file holds."""
    controls = sum(head.count(bytes([b])) for b in range(32) if b not in b"\t\n\f\r\x1b")
    return controls > len(head) // 100


def encoding_of(file: InputFile, given: str | None) -> str:
    """The codec to read ``file`` with: as given, else found. Raises for unknown or binary."""
    if given is not None:
        try:
            # Python's codecs include some that are no text, such as hex; decode() refuses those.
            with suppress(UnicodeDecodeError):
                b"a".decode(given)
            codec = codecs.lookup(given).name
        except (LookupError, UnicodeError):
            raise UsageError(
                f"unknown text encoding {given!r}",
                hint="for example: utf-8, latin-1, cp1252, utf-16",
            ) from None
        return "utf-8-sig" if codec == "utf-8" else codec
    found = find_encoding(file.head, complete=file.head_is_all)
    if found is None:
        raise SourceError(
            f"{file.name}: is a binary file, not a text table",
            hint="if it is text in a rare encoding, name it with --encoding",
        )
    return found


def encoding_title(codec: str) -> str:
    """The name of a codec as people write it.

    >>> encoding_title("cp1252"), encoding_title("shift_jis")
    ('Windows-1252', 'shift_jis')
    """
    return _NAMES.get(codec, codec)


def is_utf8(codec: str) -> bool:
    """Whether DuckDB reads this codec as it is."""
    return codec in {"utf-8", "utf-8-sig", "ascii"}


def is_single_byte(codec: str) -> bool:
    """Whether the codec is one of those that are taken when nothing else fits."""
    return codec in {"cp1252", "iso8859-1"}


def rewrite_as_utf8(file: InputFile, codec: str, folder: Path) -> Path:
    """A UTF-8 copy of ``file`` in ``folder``, otherwise the same to the letter.

    Raises ``SourceError`` naming the byte that does not decode.
    """
    target = folder / "utf8.txt"
    with raw_stream(file, folder, to_copy=True) as raw:
        text = io.TextIOWrapper(raw, encoding=codec, newline="")
        try:
            with target.open("w", encoding="utf-8", newline="") as copy:
                shutil.copyfileobj(text, copy, 1 << 20)
        except UnicodeError as error:
            raise SourceError(
                f"{file.name}: does not read as {encoding_title(codec)} ({error})",
                hint="name the right one with --encoding",
            ) from error
    return target


def raw_stream(file: InputFile, folder: Path, *, to_copy: bool = False) -> BinaryIO:
    """The decompressed bytes of ``file``; ``to_copy``: they will be written to disk, so that there
    must be an end to them.
    """
    if file.compression == "gzip":
        return ending(_gzipped(file), file) if to_copy else _gzipped(file)
    if file.compression == "zstd":
        from imbweights.sources.tables.duck import zstd_decompressed

        return zstd_decompressed(file, folder).open("rb")
    return file.open()


class _Gzipped(gzip.GzipFile):
    """A gzip stream that closes what it reads, too."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._packed = packed

    def close(self) -> None:
        super().close()
        self._packed.close()


def _gzipped(file: InputFile) -> BinaryIO:
    return cast("BinaryIO", _Gzipped(file.open()))


def single_byte_codec(file: InputFile, folder: Path) -> str:
    """The single-byte codec of a file whose first part was plain ASCII: by all its bytes."""
    seen: set[int] = set()
    with raw_stream(file, folder) as stream:
        while chunk := stream.read(1 << 20):
            seen.update(chunk)
    return _single_byte(bytes(sorted(seen)))
