"""What docs/inside.md says is enough to add a scheme, a rule, a source or a framework."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from docs_running import DOCS, blocks
from support import run, write

from imbweights.core.counts import ClassCounts
from imbweights.frameworks import FRAMEWORKS
from imbweights.rules.base import Facts
from imbweights.schemes import SCHEMES
from imbweights.sources import SOURCES, Kind

CODE = {
    found.group(1): block.text
    for block in blocks(DOCS / "inside.md")
    if (found := re.match(r"# imbweights/([\w/]+)\.py\n", block.text))
}


def module(name: str) -> ModuleType:
    """The block as the module it is meant to be."""
    made = ModuleType(f"imbweights.{name.replace('/', '.')}")
    exec(compile(CODE[name], name, "exec"), vars(made))  # noqa: S102 - our own documentation
    return made


def test_the_scheme_has_ten_lines() -> None:
    """Not counting the comment with its name and blank lines."""
    assert len([line for line in CODE["schemes/cube_root"].splitlines()[1:] if line]) <= 10


def test_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on the command line, beside the others, and in the code of frameworks."""
    monkeypatch.setitem(SCHEMES, "cube-root", module("schemes/cube_root").SCHEME)
    done = run("suggest", "--counts", "a=800,b=100", "--scheme", "cube-root", "--format", "json")
    assert [c["weight"] for c in done.json["classes"]] == pytest.approx([1, 2])
    assert "cube-root" in run("suggest", "--counts", "a=800,b=100").out
    pasted = run("suggest", "--counts", "a=800,b=100", "--scheme", "cube-root", "--for", "torch")
    assert "2.0,  # 1 b" in pasted.out


def test_a_rule() -> None:
    """It is silent at a thousand classes and speaks above."""
    rule = module("rules/many_classes").RULE

    def found(classes: int) -> list[str]:
        counts = ClassCounts.multiclass(dict.fromkeys(map(str, np.arange(classes)), 1))
        facts = Facts(name="x", counts=counts, training=counts)
        assert rule.why_not(facts, {}) is None
        return [each.message for each in rule.check(facts, {})]

    assert found(1000) == []
    assert found(1001) == ["1,001 classes"]


def test_a_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is recognised and counted."""
    made = module("sources/semicolons")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setitem(SOURCES, "semicolons", Kind("semicolons", "labels; with; semicolons"))
    path = write(tmp_path / "labels.semi", "cat;dog;cat")
    done = run("analyze", path, "--format", "json", "--no-cache")
    assert done.code == 0, done.err
    assert {c["name"]: c["count"] for c in done.json["classes"]} == {"cat": 2, "dog": 1}


def test_a_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints class weights, and is refused for what it has no place for."""
    monkeypatch.setitem(FRAMEWORKS, "lines", module("frameworks/plain_lines").FRAMEWORK)
    counts = ("suggest", "--counts", "a=300,b=100", "--for", "lines", "--scheme")
    assert run(*counts, "balanced").out.splitlines()[-2:] == ["a 0.666666667", "b 2"]
    refused = run(*counts, "pos-weight")
    assert refused.code == 2
    assert "Lines of text has no place for a pos_weight" in refused.err
