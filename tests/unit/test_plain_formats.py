"""JSON, YAML, TOML and CSV: every role, read back by readers of those formats."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from printed_code import HOSTILE

from imbweights import ClassCounts, ClassWeights, Role, code, suggest
from imbweights.core.errors import UsageError
from imbweights.frameworks import code_for, find_framework
from imbweights.frameworks.base import Subject

# A lone surrogate is no character: no file in UTF-8 can hold it.
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
values = st.floats(0, allow_nan=False, allow_infinity=False, width=64)


def written(framework: str, weights: ClassWeights) -> str:
    """The file, without header."""
    counts = ClassCounts.multiclass(
        dict(zip(weights.classes, weights.counts, strict=True)), order=weights.classes
    )
    return code_for(find_framework(framework), Subject(weights=weights, counts=counts))


def weights_of(numbers: dict[str, float], role: Role = Role.CLASS_WEIGHT) -> ClassWeights:
    """Weights with those numbers."""
    return ClassWeights(
        classes=tuple(numbers),
        values=np.array(list(numbers.values())),
        counts=tuple(range(1, len(numbers) + 1)),
        scheme="inverse",
        role=role,
    )


@given(st.dictionaries(names, values, min_size=1, max_size=6))
def test_any_names_and_numbers_come_back(numbers: dict[str, float]) -> None:
    """YAML and TOML hold the same, exactly, in class order."""
    weights = weights_of(numbers)
    from_yaml = yaml.safe_load(written("yaml", weights))
    assert from_yaml == tomllib.loads(written("toml", weights))
    assert from_yaml["classes"] == list(numbers)
    assert from_yaml["weight"] == list(numbers.values())
    assert from_yaml["indices"] == list(range(len(numbers)))
    assert list(from_yaml["by_class"].items()) == list(numbers.items())


@given(st.dictionaries(names, values, min_size=1, max_size=6))
def test_json_reads_back_as_weights(numbers: dict[str, float]) -> None:
    """The schema is that of ``to_dict``."""
    weights = weights_of(numbers)
    assert ClassWeights.from_dict(json.loads(written("json", weights))) == weights


@pytest.mark.parametrize("role", list(Role))
def test_what_is_no_weight_is_not_called_one(role: Role) -> None:
    """The numbers stand under the name of what they are, in every format."""
    weights = weights_of({"a": 0.25, "b": 3.0}, role)
    for text, read in (("yaml", yaml.safe_load), ("toml", tomllib.loads)):
        found: dict[str, Any] = read(written(text, weights))
        assert found[role.key] == [0.25, 3.0]
        assert found["role"] == role.value
        assert ("weight" in found) == (role in {Role.CLASS_WEIGHT, Role.POS_WEIGHT})
    rows = list(csv.DictReader(io.StringIO(written("csv", weights))))
    assert rows == [
        {"index": "0", "class": "a", role.key: "0.25"},
        {"index": "1", "class": "b", role.key: "3.0"},
    ]
    assert json.loads(written("json", weights))["classes"][1][role.key] == 3.0


def test_hostile_names() -> None:
    """They stay what they are; only a spreadsheet's formulas get an apostrophe before them."""
    counts = {name: k + 1 for k, name in enumerate(HOSTILE)}
    for text, read in (("yaml", yaml.safe_load), ("toml", tomllib.loads)):
        found = read(code(counts, text, "inverse", class_order="appearance"))
        assert found["classes"] == list(HOSTILE)
        assert list(found["by_class"].values()) == pytest.approx([55 / (k + 1) for k in range(10)])
    rows = list(csv.DictReader(io.StringIO(code(counts, "csv", "inverse", class_order="count"))))
    assert {row["class"] for row in rows} == {*HOSTILE, "'=cmd()"} - {"=cmd()"}


def test_yaml_hides_nothing_and_guesses_nothing() -> None:
    """Marks that turn text around are spelled out; words that YAML takes for values stay text."""
    text = written("yaml", weights_of({"\u202egnp": 1.0, "no": 2.0, "1e3": 3.0, "<<": 4.0}))
    assert "\u202e" not in text
    assert list(yaml.safe_load(text)["by_class"]) == ["\u202egnp", "no", "1e3", "<<"]


def test_a_name_too_long_for_a_yaml_key() -> None:
    """YAML ends its search for the colon after 1024 characters."""
    numbers = {"x" * 3000: 1.0, "y": 2.0}
    assert yaml.safe_load(written("yaml", weights_of(numbers)))["by_class"] == numbers


def test_binary_pos_weight_says_which_class() -> None:
    """One number, with the index of the positive class."""
    found = tomllib.loads(code({"no": 300, "yes": 100}, "toml", "pos-weight"))
    assert (found["indices"], found["classes"], found["weight"]) == ([1], ["yes"], [3.0])


def test_deferred_weights_say_from_when() -> None:
    """The epoch, or in CSV one column per stage."""
    counts = {"a": 30, "b": 3}
    late = suggest(counts, "deferred", epoch=7).values.tolist()
    assert yaml.safe_load(code(counts, "yaml", "deferred", epoch=7))["from_epoch"] == 7
    rows = list(csv.DictReader(io.StringIO(code(counts, "csv", "deferred", epoch=7))))
    assert [row["weight_from_epoch_0"] for row in rows] == ["1.0", "1.0"]
    assert [float(row["weight_from_epoch_7"]) for row in rows] == late
    assert json.loads(code(counts, "json", "deferred", epoch=7))["stages"][1]["from_epoch"] == 7
    assert "from_epoch" not in tomllib.loads(code(counts, "toml", "inverse"))


def test_a_thousand_classes_stay_in_order() -> None:
    """Position i is class i."""
    counts = {f"c{k}": k + 1 for k in range(1000)}
    found = tomllib.loads(code(counts, "toml", "inverse", class_order="appearance"))
    assert found["classes"] == list(counts)
    assert found["weight"] == suggest(counts, "inverse", class_order="appearance").values.tolist()


def test_headers_are_comments_where_there_are_comments() -> None:
    """JSON and CSV have none, and begin with the data."""
    counts = ClassCounts.multiclass({"a": 1, "b": 2}).as_dict()
    begins = {"yaml": "# Inverse", "toml": "# Inverse", "json": "{", "csv": "index,class,weight\n"}
    for name, start in begins.items():
        assert code(counts, name, "inverse").startswith(start)


def test_bytes_are_not_printed() -> None:
    """A NumPy file is written, not printed."""
    with pytest.raises(UsageError, match="cannot be printed") as error:
        code({"a": 1, "b": 2}, "npy", "inverse")
    assert "-o weights.npy" in str(error.value.hint)
