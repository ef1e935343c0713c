"""A section for every framework and file format, from their register."""

from __future__ import annotations

from docs_running import console, sample_folder
from docs_text import linked, paragraphs

from imbweights.core.weights import Role
from imbweights.frameworks import FRAMEWORKS
from imbweights.frameworks.base import Framework

_BALANCED = "imbweights suggest --counts A=198,B=436,C=710,D=272 --scheme balanced --for {}"
_PLURALS = {
    Role.CLASS_WEIGHT: "class weights",
    Role.POS_WEIGHT: "`pos_weight`",
    Role.FOCAL_ALPHA: "focal α",
    Role.LOGIT_OFFSET: "logit offsets",
    Role.MARGIN: "margins",
    Role.INITIAL_BIAS: "initial biases",
    Role.REPEAT_FACTOR: "repeat factors",
    Role.SAMPLE_WEIGHT: "weights per sample",
}
# What is printed is not text: written, and read back.
_BYTES = {
    "npy": (
        "imbweights suggest --counts A=198,B=436,C=710,D=272 --scheme balanced -o weights.npy",
        "python3 -c \"import numpy; print(numpy.load('weights.npy'))\"",
    )
}


def frameworks_part() -> str:
    """What each takes, with an example of its code."""
    with sample_folder():
        return paragraphs(*(_section(framework) for framework in FRAMEWORKS.values()))


def _section(framework: Framework) -> str:
    roles = ", ".join(words for role, words in _PLURALS.items() if role in framework.code)
    return paragraphs(
        f"### `{framework.name}`",
        f"**{framework.title}** takes {roles}. Files end in `{framework.suffix}`. "
        f"Reference: {linked(framework.reference)}",
        _example(framework),
    )


def _example(framework: Framework) -> str:
    if framework.name in _BYTES:
        return "```sh\n{}\n```".format("\n".join(_BYTES[framework.name]))
    return console(_BALANCED.format(framework.name))
