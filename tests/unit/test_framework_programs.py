"""The printed Python programs as text: whatever the classes are called, the program is the same."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np
import pytest
from frameworks.programs import (
    FOUR,
    LABELS,
    NO_VOID,
    THREE_MASKS,
    TWO,
    TWO_MASKS,
    program_of,
    weights_of,
)

import imbweights
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
from imbweights.frameworks import FRAMEWORKS, find_framework, takes
from imbweights.schemes import SCHEMES
from imbweights.schemes.weighing import applicable

PYTHON = ("torch", "keras", "tensorflow", "jax", "huggingface")
ALL = (FOUR, TWO, LABELS, THREE_MASKS, TWO_MASKS, NO_VOID)
OBJECTS = replace(FOUR, task=Task.DETECTION, unit=Unit.OBJECTS)
HOSTILE = (
    "a\nraise SystemExit(3)",
    '"""\nraise SystemExit(3)\n"""',
    "'); raise SystemExit(3) #",
    "\\\r\u2028\x85\x0cimport os\u202e\ud800{}%s\\N{",
)


def programs(framework: str, counts: ClassCounts) -> dict[str, str]:
    """Scheme → program, for all that fit the counts and have a place in the framework."""
    found = {}
    for scheme in SCHEMES.values():
        if scheme.with_costs or applicable(scheme, counts) or framework not in takes(scheme.role):
            continue
        if (
            scheme.role is Role.FOCAL_ALPHA
            and len(counts.classes) > 2
            and counts.label_sets is None
        ):
            continue  # refused, as another test shows
        weights = weights_of(counts, scheme.name)
        found[scheme.name] = program_of(framework, counts, weights)
    return found


@pytest.mark.parametrize("framework", PYTHON)
@pytest.mark.parametrize("counts", ALL)
def test_names_are_only_comments(framework: str, counts: ClassCounts) -> None:
    """Names that try to get out of their comment change nothing in what is executed."""
    named = dict(zip(counts.classes, HOSTILE, strict=False))
    plain, hostile = programs(framework, counts), programs(framework, counts.renamed(named))
    assert plain.keys() == hostile.keys()
    assert len(plain) >= 3
    for scheme, program in plain.items():
        assert ast.dump(ast.parse(hostile[scheme])) == ast.dump(ast.parse(program))


@pytest.mark.parametrize("framework", PYTHON)
@pytest.mark.parametrize("counts", ALL)
def test_programs_are_fit_to_paste(framework: str, counts: ClassCounts) -> None:
    """No long lines, no trailing blanks, every function and class explained in a line."""
    for program in programs(framework, counts).values():
        for line in program.splitlines():
            assert len(line) <= 88, line
            assert line == line.rstrip()
        assert "\n\n\n\n" not in program
        for node in ast.parse(program).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert ast.get_docstring(node)


@pytest.mark.parametrize("framework", PYTHON)
def test_a_thousand_classes(framework: str) -> None:
    """One line each, in class order."""
    counts = ClassCounts.multiclass({f"c{i:04}": i + 1 for i in range(1000)})
    program = programs(framework, counts)["balanced"]
    lines = [line for line in program.splitlines() if " c0" in line]
    assert len(lines) == 1000
    found = [float(line.split("#")[0].split(":")[-1].strip(" ,")) for line in lines]
    np.testing.assert_allclose(found, weights_of(counts, "balanced").values, rtol=1e-8)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("PyTorch", "torch"),
        ("tf", "tensorflow"),
        ("optax", "jax"),
        ("flax", "jax"),
        ("hf", "huggingface"),
        ("Transformers", "huggingface"),
    ],
)
def test_other_names(alias: str, name: str) -> None:
    """What people type."""
    assert find_framework(alias).name == name


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_member_is_known_by_its_name(name: str) -> None:
    """And says where its documentation is."""
    assert find_framework(name).name == name
    assert find_framework(name).reference.startswith("https://")


@pytest.mark.parametrize("framework", PYTHON)
def test_one_alpha_for_many_classes(framework: str) -> None:
    """It would do nothing."""
    with pytest.raises(UsageError, match="does nothing"):
        program_of(framework, FOUR, weights_of(FOUR, "focal-alpha"))


@pytest.mark.parametrize("framework", PYTHON)
def test_class_weights_of_several_labels(framework: str) -> None:
    """Refused before any framework is asked, with what to use instead."""
    with pytest.raises(UsageError, match="several labels") as refusal:
        imbweights.code(np.array([[1, 0], [1, 1]]), framework, "balanced")
    assert "pos-weight" in str(refusal.value.hint)


def test_keras_never_prints_class_weight_for_labels() -> None:
    """Not even for weights that were made elsewhere: it would look at one label of a row only."""
    made = replace(weights_of(LABELS, "pos-weight"), role=Role.CLASS_WEIGHT)
    with pytest.raises(UsageError, match="first label") as refusal:
        program_of("keras", LABELS, made)
    assert "pos-weight" in str(refusal.value.hint)


@pytest.mark.parametrize(("framework", "instead"), [("keras", "tensorflow"), ("hf", "torch")])
def test_detectors(framework: str, instead: str) -> None:
    """They have losses of their own."""
    with pytest.raises(UsageError, match="detector") as refusal:
        program_of(framework, OBJECTS, weights_of(OBJECTS, "balanced"))
    assert instead in str(refusal.value.hint)


@pytest.mark.parametrize("alpha", [0.25, 0.5, 0.9])
def test_alpha_is_of_the_positive_class(alpha: float) -> None:
    """The second class, if none is named; at α = ½ both have the same."""
    weights = weights_of(TWO, "focal-alpha", parameters={"alpha": alpha})
    assert "# Target 1: yes; target 0: no." in program_of("torch", TWO, weights)
    weights = weights_of(TWO, "focal-alpha", parameters={"alpha": 0.3}, positive="no")
    assert "# Target 1: no; target 0: yes." in program_of("torch", TWO, weights)


def test_header() -> None:
    """The header says what the scale does, where it does something."""
    keras = imbweights.code({"a": 300, "b": 100}, "keras", "inverse")
    assert "with SGD lower the learning rate" in keras
    assert "SGD" not in imbweights.code({"a": 300, "b": 100}, "tf", "inverse")
    assert "SGD" not in imbweights.code({"a": 300, "b": 100}, "jax", "inverse")
    assert "SGD" in imbweights.code({"a": 300, "b": 100}, "hf", "inverse")
