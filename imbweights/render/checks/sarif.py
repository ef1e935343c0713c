"""Findings as SARIF 2.1.0, which code scanning and editors read."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from imbweights.checking import CheckedSet, CheckResult
from imbweights.checking.codes import ALL_CODES
from imbweights.core.escaping import visible
from imbweights.core.findings import Code, Finding
from imbweights.render.checks.surroundings import Surroundings
from imbweights.render.json_form import json_text

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# The only fingerprint that code scanning on GitHub compares. Its own would be made of the line's
# text, which for data set and class says nothing.
_FINGERPRINT = "primaryLocationLineHash"
_NOT_FROM_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def check_sarif(result: CheckResult, version: str, around: Surroundings) -> str:
    """One run with every rule that ran or found something, and a result for each finding."""
    codes = sorted({code for each in result.sets for code in each.ran} | set(result.codes))
    index = {code: i for i, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    results = []
    for each in result.sets:
        for found in each.findings:
            key = _key(each, found, around)
            seen[key] += 1
            fingerprint = f"{key}:{seen[key]}"
            results.append(_result(each, found, index[found.code], fingerprint, around))
    rules = [_rule(ALL_CODES[code]) for code in codes]
    driver = {"name": "imbweights", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", code.title)),
        "shortDescription": {"text": _message(code.title)},
        "fullDescription": {"text": _message(code.why)},
        "help": {"text": _message(code.remedy)},
        "defaultConfiguration": {"level": code.level.value},
    }


def _result(
    each: CheckedSet, found: Finding, rule: int, fingerprint: str, around: Surroundings
) -> dict[str, Any]:
    where = found.where
    properties = {"dataset": each.name, "class": where.cls, "row": where.row}
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.level.value,
        "message": {"text": _message(found.message)},
        "locations": [_location(each, found, around)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _location(each: CheckedSet, found: Finding, around: Surroundings) -> dict[str, Any]:
    """The data set, and the file; else the first that the data set has, as GitHub refuses results
    without one.
    """
    location: dict[str, Any] = {"logicalLocations": [{"name": each.name, "kind": "dataset"}]}
    file = found.where.file or next(iter(each.files), None)
    if file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri(around.path(file))}}
        if found.where.file and found.where.line is not None:
            physical["region"] = {"startLine": found.where.line}
        location["physicalLocation"] = physical
    return location


def uri(file: str) -> str:
    """A file as a URI: relative if it was named so.

    Bytes of a name that are no UTF-8 stay; what no file name can hold becomes U+FFFD.

    >>> uri("my data/a:b%.csv"), uri("/data/a.csv")
    ('my%20data/a%3Ab%25.csv', 'file:///data/a.csv')
    """
    path = PurePath(_NOT_FROM_BYTES.sub("\N{REPLACEMENT CHARACTER}", file))
    text = path.as_posix()
    if path.is_absolute():
        text = f"//{text}" if text.startswith("/") else f"///{text}"
    start = "file:" if path.is_absolute() else ""
    return start + quote(text.encode("utf-8", "surrogateescape"))


def _message(text: str) -> str:
    """Plain text as SARIF has it: braces are doubled (§3.11.5), and a class called ``[a](b)`` is no
    link (§3.11.6).
    """
    braces = visible(text).replace("{", "{{").replace("}", "}}")
    return re.sub(r"\[(?=[^\]]*\]\()", r"\\[", braces)


def _key(each: CheckedSet, found: Finding, around: Surroundings) -> str:
    """The same as long as code, data set, class and file are, whatever the numbers."""
    where = found.where
    file = around.path(where.file) if where.file else None
    return sha256(json.dumps([found.code, each.name, where.cls, file]).encode()).hexdigest()[:16]
