"""A folder as one readable text, so that a fuzzer can change it as a whole.

``=== labels/train/a.txt`` begins a file; what follows, up to the next such line, is its content. A
file whose name ends in ``.b64`` is written without that ending, decoded.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path, PurePosixPath

_BEGIN = re.compile(rb"^=== (.+)\n", re.MULTILINE)
_MOST_FILES = 12
_LONGEST_NAME = 60
_ODD = re.compile(r"[\0\n\r\\:]")


def unpacked(data: bytes, folder: Path) -> list[Path]:
    """Write the files below ``folder``; names that lead out of it are made harmless."""
    parts = _BEGIN.split(data)[1:]
    written = []
    for name, content in list(zip(parts[::2], parts[1::2], strict=True))[:_MOST_FILES]:
        path = _inside(folder, name.decode("utf-8", "replace"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_decoded(path, content))
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue  # a file and a folder of one name
        written.append(path)
    return written


def packed(files: dict[str, bytes]) -> bytes:
    r"""The other way; binary content is put as base64.

    >>> packed({"a.txt": b"1 2"})
    b'=== a.txt\\n1 2\\n'
    """
    text = b""
    for name, content in files.items():
        plain = b"\0" not in content and b"\x89" not in content
        body = content if plain else base64.b64encode(content)
        text += f"=== {name}{'' if plain else '.b64'}\n".encode() + body.rstrip(b"\n") + b"\n"
    return text


def _inside(folder: Path, name: str) -> Path:
    parts = [
        _ODD.sub("_", part)[:_LONGEST_NAME]
        for part in PurePosixPath(name.strip()).parts
        if part not in {"..", ".", "/", "//"}
    ]
    return folder.joinpath(*parts[:5] or ["nameless"])


def _decoded(path: Path, content: bytes) -> bytes:
    if path.suffix != ".b64":
        return content
    try:
        return base64.b64decode(content)
    except (ValueError, binascii.Error):
        return content
