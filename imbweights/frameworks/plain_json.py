"""JSON: the weights as ``ClassWeights.to_dict`` gives them, for any program."""

from __future__ import annotations

import json

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient


def weights_json(subject: Subject) -> str:
    """Schema ``imbweights.weights/1``; strict JSON, which has no comments."""
    return json.dumps(subject.weights.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)


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
