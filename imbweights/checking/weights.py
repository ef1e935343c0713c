"""Weights that lie beside the data: what the audit says of them."""

from __future__ import annotations

from dataclasses import replace

from imbweights.checking.codes import ALL_CODES
from imbweights.checking.settings import Settings
from imbweights.core.errors import ConfigError
from imbweights.core.existing import exists, is_file
from imbweights.core.findings import Finding
from imbweights.core.profile import Profile
from imbweights.core.urls import refuse_remote

_AUDIT = "IMB1"


def audit_codes(settings: Settings) -> list[str]:
    """The codes of the audit of weights that are wanted: each is looked for in every vector."""
    return [code for code in ALL_CODES if code.startswith(_AUDIT) and settings.wants(code)]


def audited(files: tuple[str, ...], profile: Profile) -> tuple[Finding, ...] | None:
    """The findings of the audit of every file of weights; ``None`` when there are none.

    ``file#name`` names one of several vectors in a file. Raises as the audit does.
    """
    if not files:
        return None
    from imbweights.auditing import Settings as AuditSettings
    from imbweights.auditing import judged
    from imbweights.auditing.reading import read_weights

    found: list[Finding] = []
    for text in files:
        path, _, key = text.partition("#") if not exists(text) else (text, "", "")
        if not is_file(path):
            refuse_remote("weights", text)
            raise ConfigError(f"weights {path}: there is no such file")
        result = judged(read_weights(path, key or None), profile, AuditSettings())
        found += [replace(f, where=replace(f.where, file=path)) for f in result.findings]
    return tuple(found)
