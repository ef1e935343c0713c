"""The configuration as a JSON Schema, for editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from imbweights.checking.codes import ALL_CODES
from imbweights.checking.settings import FAILING, OFF
from imbweights.core.config_keys import SOURCE_KEYS, Key, KeyKind
from imbweights.core.findings import Level
from imbweights.drift import DRIFTS
from imbweights.rules import THRESHOLDS, Threshold
from imbweights.schemes import SCHEMES
from imbweights.sources import SOURCES

_DRAFT = "http://json-schema.org/draft-07/schema#"
_ONE_OR_MORE = {"type": "array", "items": {"type": ["string", "integer"]}}


def configuration_schema() -> dict[str, Any]:
    """The schema of ``imbweights.toml``, and of ``[tool.imbweights]`` in ``pyproject.toml``.

    JSON Schema draft 7, which editors for TOML (Taplo, Even Better TOML, PyCharm) read.
    """
    sources = {key.name: _key(key) for key in SOURCE_KEYS.values()}
    sources["database"]["pattern"] = "^env:."
    check = {"$ref": "#/definitions/check"}
    dataset = {
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["source"]}, {"required": ["query"]}],
        "properties": {
            "name": {"type": "string", "description": "What the data set is called."},
            **sources,
            "check": {"$ref": "#/definitions/dataset-check"},
        },
        **_with_underscores(sources),
    }
    whole = _check()
    of_one = {k: v for k, v in whole["properties"].items() if k != "fail-on"}
    return {
        "$schema": _DRAFT,
        "title": "Configuration of imbweights",
        "description": "imbweights.toml, or the table tool.imbweights of pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **sources,
            "check": check,
            "datasets": {
                "type": "array",
                "description": "Data sets that are checked, each with keys of its own; what is said "
                "above holds for all of them.",
                "items": dataset,
            },
        },
        **_with_underscores(sources),
        "definitions": {
            "check": {**whole, **_with_underscores(whole["properties"])},
            "dataset-check": {**whole, "properties": of_one, **_with_underscores(of_one)},
        },
    }


def _with_underscores(properties: Mapping[str, Any]) -> dict[str, Any]:
    """``min_count`` is as good as ``min-count``, but not both: as patterns, so that editors, which
    complete properties, go on to propose one spelling.
    """
    twins = {name: name.replace("-", "_") for name in properties if "-" in name}
    return {
        "patternProperties": {f"^{twin}$": properties[name] for name, twin in twins.items()},
        "not": {"anyOf": [{"required": [name, twin]} for name, twin in twins.items()]},
    }


def _begins_codes() -> str:
    """The pattern of texts such as ``IMB05`` or ``IMB003, IMB01``: what some code begins with."""
    return rf"^(\s*({_tree(ALL_CODES)})?\s*(,|$))+$"


def _tree(codes: Iterable[str]) -> str:
    """The pattern of the beginnings of some codes, letters in either case."""
    after: dict[str, list[str]] = {}
    for code in codes:
        after.setdefault(code[:1], []).append(code[1:])
    after.pop("", None)
    branches = []
    for sign, rest in after.items():
        further = _tree([each for each in rest if each])
        one = f"[{sign}{sign.lower()}]" if sign.isalpha() else sign
        branches.append(f"{one}({further})?" if further else one)
    return "|".join(branches)


def _key(key: Key) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    kinds: dict[KeyKind, dict[str, Any]] = {
        KeyKind.TEXT: text,
        KeyKind.TEXT_OR_NUMBER: {"type": ["string", "integer"]},
        KeyKind.LIST: {"anyOf": [{"type": ["string", "integer"]}, _ONE_OR_MORE]},
        KeyKind.FLAG: {"type": "boolean"},
    }
    known = tuple(SOURCES) if key.name == "as" else key.choices
    choices = {"enum": list(known)} if known else {}
    return {**kinds[key.kind], **choices, "description": key.summary}


def _check() -> dict[str, Any]:
    texts = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    code = {"type": "string", "pattern": _begins_codes()}
    chosen = {"anyOf": [code, {"type": "array", "items": code}]}
    levels = {"enum": [*(level.value for level in Level), OFF]}
    return {
        "type": "object",
        "description": "What imbweights check looks at, and how strictly.",
        "additionalProperties": False,
        "properties": {
            "select": {**chosen, "description": "Only codes that begin so; all by default."},
            "ignore": {**chosen, "description": "Without codes that begin so."},
            "levels": {
                "type": "object",
                "description": "Another level for a code, or off.",
                "additionalProperties": False,
                "properties": {
                    code.code: {**levels, "description": code.title} for code in ALL_CODES.values()
                },
            },
            "fail-on": {
                "enum": [level.value for level in FAILING],
                "description": "The level from which on the exit status is 1.",
            },
            "drift-metric": {"enum": list(DRIFTS), "description": "The measure of drift."},
            "baseline": {"type": "string", "description": "The file of the baseline."},
            "scheme": {
                "enum": list(SCHEMES),
                "description": "The scheme whose weights the baseline stores.",
            },
            "weights": {**texts, "description": "Files of weights in use, to audit; file#name."},
            "images": {"type": "string", "description": "The images that the masks belong to."},
            **{name: _threshold(threshold) for name, threshold in THRESHOLDS.items()},
        },
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "integer" if threshold.whole else "number",
        "minimum": threshold.low,
        "description": threshold.summary,
    }
    if threshold.high is not None:
        schema["maximum"] = threshold.high
    if threshold.default is not None:
        schema["default"] = threshold.default
    return schema
