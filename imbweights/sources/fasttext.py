"""fastText training files: labels are the words that begin with ``__label__``."""

from __future__ import annotations

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.label_lists import LabelSets
from imbweights.sources.text.streaming import first_lines, text_lines

PREFIX = "__label__"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the prefix at the start of nearly all lines."""
    if options.delimiter is not None:
        return False
    lines = [line for line in first_lines(file, options) if line.strip()]
    marked = sum(line.lstrip().startswith(PREFIX) for line in lines)
    return marked > 0 and marked >= len(lines) / 2


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the labels of each line; a line without any is a row without labels.

    Source: https://fasttext.cc/docs/en/supervised-tutorial.html
    """
    sets = LabelSets(options)
    marked = False
    with text_lines(file, options) as lines:
        for _, line in lines:
            words = line.split()
            labels = [word.removeprefix(PREFIX) for word in words if word.startswith(PREFIX)]
            marked = marked or bool(labels)
            if words:
                sets.add(labels)
    if not marked:
        raise SourceError(f"{file.name}: has no word that begins with {PREFIX}")
    counts = sets.to_counts()
    odd = [name for name in counts.classes if PREFIX in name or name.endswith((",", ";"))]
    notes = (
        (f"labels end at blanks, as in fastText itself; is {odd[0][:40]!r} meant as one?",)
        if odd
        else ()
    )
    return Reading(splits={"": counts}, details=("fastText",), notes=notes, maybe_single=True)


SOURCE = Source(recognises=recognises, read=read, alone=())
