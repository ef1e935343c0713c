"""Every target by name."""

from __future__ import annotations

from fuzz import reader_targets, text_targets
from fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for target in (*reader_targets.TARGETS, *text_targets.TARGETS)
}
