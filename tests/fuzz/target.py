"""What one fuzzer does with the bytes it is given."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imbweights.core.errors import ImbweightsError

Options = Mapping[str, Any]
Run = Callable[[bytes, Path, Options], None]
Mutate = Callable[[bytes, Callable[[bytes], bytes]], bytes]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader and how it is called.

    ``variants``: the options it is called with; a fuzzer takes the one that the bytes themselves
    choose, the replay of the corpus takes all. ``run`` raises for what breaks the law.
    ``mutate``: changes bytes below a checksum or compression, given what changes plain bytes.
    ``words``: what the format is made of.
    """

    name: str
    run: Run
    variants: Sequence[Options] = ({},)
    mutate: Mutate | None = None
    words: Sequence[bytes] = ()

    def once(self, data: bytes, folder: Path) -> bool:
        """Run on one input with the options it chooses; whether it was accepted."""
        return self.tried(data, folder, self.variants[zlib.crc32(data) % len(self.variants)])

    def tried(self, data: bytes, folder: Path, options: Options) -> bool:
        """Whether it was read; an ``ImbweightsError`` is an answer, anything else a defect."""
        try:
            self.run(data, folder, options)
        except ImbweightsError as error:
            if not error.message.strip():
                raise AssertionError("an error without a message") from error
            return False
        return True
