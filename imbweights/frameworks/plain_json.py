"""JSON: the weights as ``ClassWeights.to_dict`` gives them, for any program."""

from __future__ import annotations

import json
import re

from imbweights.core.escaping import visible
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient


def weights_json(subject: Subject) -> str:
    """Schema ``imbweights.weights/1``; strict JSON, which has no comments.

    Signs that hide or turn text are written as JSON's own escapes: code is read before it is used.
    """
    text = json.dumps(subject.weights.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    return re.sub(r"[^\x20-\x7e\n]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    return char if visible(char) == char else json.dumps(char)[1:-1]


FRAMEWORK = Framework(
    name="json",
    title="JSON",
    suffix=".json",
    comment="",
    reference="https://www.rfc-editor.org/rfc/rfc8259",
    code=dict.fromkeys(Role, weights_json),
    scale_matters=by_no_gradient,
    by_index=False,
)
