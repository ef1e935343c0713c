"""Files that lie elsewhere, read through fsspec: as streams, in parts, or one by one for a moment."""
