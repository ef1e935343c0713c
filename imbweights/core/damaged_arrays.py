"""What NumPy, zipfile and zlib raise for array files that are not what they claim to be."""

from __future__ import annotations

import struct
import zipfile
import zlib
from tokenize import TokenError

# A header of .npy is Python text, which NumPy takes apart with Python's own tokenizer.
DAMAGED = (
    *(ValueError, TypeError, OverflowError, SyntaxError, TokenError, RecursionError, MemoryError),
    *(LookupError, EOFError, OSError, NotImplementedError, RuntimeError, AttributeError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
