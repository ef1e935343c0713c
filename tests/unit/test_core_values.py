"""The values everything speaks, when what they are made from is none: said, never guessed."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from support import write

from imbweights import ClassCounts, ClassWeights, analyze, suggest
from imbweights.core import locking
from imbweights.core.baseline import Baseline
from imbweights.core.class_list import class_list
from imbweights.core.config import find_config
from imbweights.core.cost_matrix import cost_matrix
from imbweights.core.database_url import HIDDEN, database_url
from imbweights.core.errors import ConfigError, CountsError, ImbweightsError, UsageError
from imbweights.core.labels import label_text
from imbweights.core.limits import parsed_pixels, parsed_size
from imbweights.core.small_files import small_bytes
from imbweights.core.toml_text import toml_value
from imbweights.core.yaml_text import YamlError, yaml_value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool]\nimbweights = 5\n", "tool.imbweights must be a table"),
        ("[tool.imbweights]\ndatasets = 5\n", "datasets must be tables"),
        ("[tool.imbweights]\ndatasets = [5]\n", "datasets must be tables"),
        ("[[tool.imbweights.datasets]]\nname = 5\n", "name of data set 1 must be text"),
        ("[[tool.imbweights.datasets]]\nname = ''\n", "name of data set 1 must be text"),
        ("[tool.imbweights]\ncheck = 5\n", "check must be a table"),
        ("[tool.imbweights]\none-hot = 'yes'\n", "one-hot must be true or false"),
        (f"{'.'.join('a' * 999)} = 1\n", "parts"),
    ],
)
def test_a_configuration_of_the_wrong_shape(tmp_path: Path, text: str, message: str) -> None:
    """The file and the key are named."""
    write(tmp_path / "pyproject.toml", text)
    with pytest.raises(ConfigError, match=r"pyproject\.toml") as caught:
        find_config(tmp_path)
    assert message in str(caught.value)


def test_a_configured_flag_holds(tmp_path: Path) -> None:
    """Beside others of its data set."""
    write(tmp_path / "imbweights.toml", "source = 'a.csv'\none-hot = true\nheader = false\n")
    found = find_config(tmp_path)
    assert found is not None
    assert (found.source.options.one_hot, found.source.options.header) == (True, False)


BASE = Baseline.of(ClassCounts.multiclass({"a": 2, "b": 1}), {}, "x", {"a": 1, "b": 2}).to_dict()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"order": ["a", "a"]}, "order names a class twice"),
        ({"order": ["a", "c"]}, "order and counts name different classes"),
        ({"scheme": {"name": "x", "weights": {"c": 1}}}, "weights and counts name different"),
        ({"counts": {"a": True, "b": 1}}, "no whole number"),
    ],
)
def test_a_baseline_that_somebody_wrote_in(change: dict[str, Any], message: str) -> None:
    """A contradiction is named, and how the file is made anew."""
    assert Baseline.from_dict(BASE, "b.json").to_dict() == BASE
    with pytest.raises(ConfigError, match=r"b\.json: .*") as caught:
        Baseline.from_dict({**BASE, **change}, "b.json")
    assert message in str(caught.value)
    assert "--write-baseline" in str(caught.value)


SETS = ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 2, (): 5}).to_dict()
ONE = ClassCounts.multiclass({"a": 2, "b": 1}).to_dict()


def changed(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """With another first class."""
    first, *others = data["classes"]
    return {**data, "classes": [{**first, **changes}, *others]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(ONE, present=0), "samples that hold a class, and its count"),
        (changed(SETS, present=99), "samples that hold a class, and its count"),
        (changed(ONE, extent=3), "count, present and extent of a class differ"),
        ({**ONE, "samples": 9}, "do not add up to the samples"),
        (changed(SETS, count=4), "the sets of labels give other counts"),
        (changed(ONE, count="2"), "count must be whole numbers, but one is '2'"),
        ({**SETS, "label_sets": [{"labels": [1, 0], "rows": 2}]}, "the saved set of labels (1, 0)"),
        (
            {**SETS, "label_sets": [{"labels": [2], "rows": 2}]},
            "the saved set of labels (2,) is none",
        ),
        (
            {**SETS, "label_sets": [{"labels": [0], "rows": 0}]},
            "the saved set of labels (0,) is none",
        ),
        ({**SETS, "label_sets": [{"labels": [0], "rows": 2}] * 2}, "is there twice"),
    ],
)
def test_saved_counts_that_cannot_be(data: dict[str, Any], message: str) -> None:
    """Somebody wrote in the file; no weights are made from that."""
    with pytest.raises(CountsError) as caught:
        ClassCounts.from_dict(data)
    assert message in str(caught.value)


@pytest.mark.parametrize("others", [0, 2000])
@pytest.mark.parametrize("odd", [-1, 11])
def test_a_label_is_the_number_of_a_class(odd: int, others: int) -> None:
    """However many sets there are: −1 is not the last class."""
    sets = {tuple(i for i in range(11) if n >> i & 1): 1 for n in range(others)}
    with pytest.raises(CountsError, match="and there are 11 classes"):
        ClassCounts.multilabel(list("abcdefghijk"), {**sets, (odd,): 1})


WEIGHTS = suggest([0, 0, 1], scheme="inverse").to_dict()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "imbweights.weights/9"}, "expected schema"),
        ({"role": "bad"}, "'bad' is not a valid Role"),
        ({"normalization": "bad"}, "'bad' is not a valid Normalization"),
        ({"classes": [{"name": "a", "index": 0, "count": 1, "weight": "x"}]}, "could not convert"),
        ({"classes": [{"name": "a", "index": 0, "count": 1, "weight": 1e999}]}, "too large or"),
    ],
)
def test_saved_weights_that_are_garbled(change: dict[str, Any], message: str) -> None:
    """With an error of ours."""
    assert ClassWeights.from_dict(WEIGHTS).to_dict() == WEIGHTS
    with pytest.raises(CountsError) as caught:
        ClassWeights.from_dict({**WEIGHTS, **change})
    assert message in str(caught.value)


def test_weights_have_one_entry_per_class() -> None:
    """A vector that is shorter belongs to other classes."""
    with pytest.raises(CountsError, match="one entry per class"):
        replace(ClassWeights.from_dict(WEIGHTS), counts=(1, 2, 3))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("cat,1,2,3\ndog,4,5,6\n", (("cat", "dog"), None)),
        ("name,r,g,b\ncat,1,2,3\ndog,4,5,6\n", (("cat", "dog"), None)),
        ("2,dog\n0,cat\n", (("cat", "dog"), (0, 2))),
        ("dog;2\ncat;0\n", (("cat", "dog"), (0, 2))),
        ("# of FreeSurfer\n2 dog 1 2 3 0\n", (("dog",), (2,))),
    ],
)
def test_lists_of_classes(tmp_path: Path, content: str, expected: Any) -> None:
    """With and without a header."""
    found = class_list(str(write(tmp_path / "classes.csv", content)))
    assert (found.names, found.ids) == expected


def test_a_number_that_no_label_file_holds(tmp_path: Path) -> None:
    """64 bits are the most."""
    path = write(tmp_path / "classes.json", f'{{"a": {2**63 - 1}}}')
    assert class_list(str(path)).ids == (2**63 - 1,)
    with pytest.raises(UsageError, match="a number beyond 64 bits"):
        class_list(str(write(path, f'{{"a": {2**63}}}')))


UNREADABLE: list[tuple[Callable[[], Any], str]] = [
    (lambda: class_list("0=a,0=b"), "gives number 0 to 'a' and 'b'"),
    (lambda: parsed_size("many"), "--max-bytes many: is no size"),
    (lambda: parsed_size("0"), "--max-bytes 0: is no size"),
    (lambda: parsed_size("9999999T"), "is no size"),
    (lambda: parsed_pixels("many"), "--max-pixels many: is no number of pixels"),
    (lambda: parsed_pixels("1e999"), "is no number of pixels"),
    (lambda: parsed_pixels("0"), "is no number of pixels"),
    (
        lambda: database_url(f"postgresql://ann:{HIDDEN}@host/shop"),
        "the password is not remembered",
    ),
    (lambda: analyze([float("inf"), 1.0]), "a label is inf"),
    (lambda: analyze([Decimal("Infinity")]), "a label is inf"),
    (lambda: analyze({1: 3, "1": 4}), "two classes are spelled '1'"),
    (lambda: small_bytes(Path("/")), "is no file (a folder, pipe or device)"),
    (lambda: small_bytes(Path(__file__), most=10), "is larger than 10 B"),
]


@pytest.mark.parametrize(("read", "message"), UNREADABLE)
def test_what_is_typed_and_cannot_be(read: Callable[[], Any], message: str) -> None:
    """The text itself is in the message, unless it may be a password."""
    with pytest.raises(ImbweightsError) as caught:
        read()
    assert message in str(caught.value)


def test_labels_of_rare_types() -> None:
    """Identifiers as in RFC 9562; a decimal that is no number is missing."""
    assert label_text(UUID(int=5)) == "00000000-0000-0000-0000-000000000005"
    assert label_text(Decimal("NaN")) is None


def test_costs_for_a_class_that_has_no_row(tmp_path: Path) -> None:
    """What is true is a row, what is answered a column; both are needed of each class."""
    path = write(tmp_path / "costs.json", '{"a": {"b": 1}, "b": {"a": 2, "c": 3}}')
    with pytest.raises(UsageError, match="each class must be a row as well as a column"):
        cost_matrix(str(path))
    with pytest.raises(UsageError, match="is no table of numbers"):
        cost_matrix(str(write(path, '{"a": {}, "b": {"a": 2}}')))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * ((8 << 20) + 1), "is longer than 8,388,608 characters"),
        ("&a [*a]", "has a list or mapping that holds itself"),
        ("[" * 200 + "]" * 200, "is nested more than 100 deep"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
            f"{b}: &{b} [{','.join(['*' + a] * 10)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
        ), "grows to more than 5,000,000 values by its aliases"),
        ("!!python/object:os.system {}", "could not determine a constructor"),
    ],
)  # fmt: skip
def test_yaml_from_strangers(text: str, message: str) -> None:
    """No tags, no cycles, no depth and no growth without an end."""
    with pytest.raises(YamlError) as caught:
        yaml_value(text, typed=False)
    assert message in str(caught.value)


def test_yaml_that_is_fine() -> None:
    """An empty text, and what is said once and meant twice."""
    assert yaml_value("# nothing\n", typed=True) is None
    assert yaml_value("a: &x [no]\nb: *x\n", typed=False) == {"a": ["no"], "b": ["no"]}


def test_toml_with_a_key_without_an_end() -> None:
    """Python's parser takes minutes over it."""
    with pytest.raises(ValueError, match="a key has more than"):
        toml_value(".".join("a" * 9999) + " = 1")


def test_a_lock_that_is_held_is_waited_for_and_kept(tmp_path: Path) -> None:
    """One that was left is taken away."""
    lock = write(tmp_path / ".x.lock", "")
    with (
        pytest.raises(TimeoutError, match="is held by another run"),
        locking.locked(tmp_path / "x", 0.05),
    ):
        pass
    assert lock.exists()
    os.utime(lock, (time.time() - 60,) * 2)
    with locking.locked(tmp_path / "x", 5):
        assert lock.exists()
    assert not lock.exists()


@pytest.mark.parametrize("system", ["nt", "posix"])
def test_a_lock_that_may_not_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    """Windows says so of one that is just being removed; anywhere else it is the folder."""
    refusals = [PermissionError(errno.EACCES, "Permission denied")]

    def opened(*arguments: Any) -> int:
        if refusals:
            raise refusals.pop()
        return os.open(*arguments)

    names = {name: getattr(os, name) for name in ("O_CREAT", "O_EXCL", "O_WRONLY", "W_OK")}
    fake = SimpleNamespace(
        name=system, open=opened, close=os.close, access=os.access, getpid=os.getpid, **names
    )
    monkeypatch.setattr(locking, "os", fake)
    if system == "nt":
        with locking.locked(tmp_path / "x", 5):
            assert (tmp_path / ".x.lock").exists()
        return
    with pytest.raises(PermissionError), locking.locked(tmp_path / "x", 5):
        pass
