"""The first part of a text file, decoded, for finding out how it is written."""

from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import HEAD_BYTES, InputFile
from imbweights.sources.text.dialect import Layout, Quoting, Sample, find_layout
from imbweights.sources.text.encoding import encoding_of, encoding_title, is_utf8, raw_stream


def text_sample(file: InputFile, options: LabelOptions) -> str | None:
    """The decoded head of ``file`` without a byte-order mark; ``None`` when it is no text."""
    try:
        codec = encoding_of(file, options.encoding)
    except SourceError:
        return None
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(file.head, final=file.head_is_all).removeprefix("\ufeff")
    except UnicodeError as error:
        where = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else str(error)
        raise SourceError(
            f"{file.name}: does not read as {encoding_title(codec)} ({where})",
            hint="name the right one with --encoding",
        ) from error


def late_quoting(file: InputFile, layout: Layout) -> Quoting:
    """What quotes mean in a tab-separated file whose first part has none.

    Looks at the part around the first quote; a quote that is text there would otherwise swallow
    rows without a sign.
    """
    if file.head_is_all or not is_utf8(encoding_of(file, None)):
        return layout.quoting
    with (
        tempfile.TemporaryDirectory(prefix="imbweights-") as folder,
        raw_stream(file, Path(folder)) as stream,
    ):
        before = b""
        while chunk := stream.read(HEAD_BYTES):
            if b'"' in chunk:
                return _quoting_in(before + chunk + stream.read(HEAD_BYTES), file, layout)
            before = chunk[chunk.rfind(b"\n") + 1 :]
    return layout.quoting


def _quoting_in(part: bytes, file: InputFile, layout: Layout) -> Quoting:
    text = part[: part.rfind(b"\n") + 1].decode("utf-8", "replace")
    found = find_layout(
        Sample(
            name=file.name,
            suffix=file.suffix,
            text=text,
            complete=False,
            delimiter=layout.delimiter,
        )
    )
    return found.quoting
