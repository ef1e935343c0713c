"""CoNLL files: one token a line, its tag in the last column, a blank line between sentences."""

from __future__ import annotations

import re
from collections import Counter

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.text.streaming import text_lines
from imbweights.sources.wording import counted

OUTSIDE = "O"
_DOCUMENT = "-DOCSTART-"
# CoNLL-U's comments; a lone "#" is a token.
_COMMENT = re.compile(r"# ?(newdoc|newpar|\w+ = )")
_FEW = 20
_PREFIXES = ("B-", "I-", "E-", "S-", "L-", "U-")
_BEGINNINGS = ("B-", "S-", "U-")


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count tokens per tag, or with ``--count objects`` entities per type.

    Tags stay as they are written (``B-PER`` or ``PER``), since that is what a tagger predicts;
    ``O`` is set apart unless ``--classes`` names it. An entity begins at ``B-``, ``S-`` or ``U-``,
    at another type than that of the token before, and after ``O`` or a blank line.

    Source: https://www.clips.uantwerpen.be/conll2003/ner/
    """
    if options.count not in {None, Counted.OBJECTS}:
        raise UsageError(f"--count {options.count}: CoNLL files are counted in tokens or objects")
    entities = options.count is Counted.OBJECTS
    tokens: Counter[str] = Counter()
    found: Counter[str] = Counter()
    before = ""
    width = 0
    with text_lines(file, options) as lines:
        for number, line in lines:
            cells = line.split(options.delimiter)
            if not cells or cells[0] == _DOCUMENT or _COMMENT.match(line):
                before = ""
                continue
            width = width or len(cells)
            if len(cells) < 2 or len(cells) != width:
                raise SourceError(
                    f"{file.name}, line {number}: {line[:60]!r} is no token and tag",
                    hint="each line is a token and its tag, all with the same number of columns",
                )
            tag = cells[-1].strip()
            tokens[tag] += 1
            kind = _kind(tag)
            if tag != OUTSIDE and (tag.startswith(_BEGINNINGS) or kind != _kind(before)):
                found[kind] += 1
            before = tag
    if tokens.total() >= _FEW and len(tokens) > tokens.total() / 2:
        raise SourceError(f"{file.name}: has {len(tokens):,} different tags; that is no CoNLL file")
    apart = OUTSIDE not in (options.classes or ())
    chosen = found if entities else tokens
    kept = {
        tag: n
        for tag, n in chosen.items()
        if not (tag == OUTSIDE and apart) and tag not in options.ignore_labels
    }
    outside = tokens[OUTSIDE] if apart and not entities else 0
    ignored = chosen.total() - sum(kept.values())
    counts = ClassCounts.multiclass(
        kept, ignored=ignored, unit=Unit.OBJECTS if entities else Unit.TOKENS
    )
    notes = (
        (
            f"set apart: {counted(outside, 'token', 'tokens')} tagged O (no entity); --classes with O counts them",
        )
        if outside
        else ()
    )
    return Reading(splits={"": counts}, details=("CoNLL",), notes=notes)


def _kind(tag: str) -> str:
    """The type of an entity: the tag without its prefix."""
    return tag[2:] if tag.startswith(_PREFIXES) else tag


SOURCE = Source(read=read, alone=())
