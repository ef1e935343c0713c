"""What an audit says at the edges: little data, odd keys, numbers of other lengths, recorded weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from auditing_support import (
    CAMVID_11,
    CREDIT,
    FOUR,
    camvid,
    data,
    ordered,
    reviews,
    tags,
)
from support import write

from imbweights import Audit, ClassCounts, Task, Unit, audit, suggest
from imbweights.auditing import Settings, Use, judged, read_weights
from imbweights.auditing.mistakes.slips import slip_words
from imbweights.auditing.numbers import Written
from imbweights.core.errors import UsageError
from imbweights.core.findings import Level
from imbweights.core.rows import Rows
from imbweights.render.audit_words import headline

BALANCED = [2.040404, 0.926606, 0.569014, 1.485294]
WITH_EMPTY = data(ordered({"A": 198, "B": 436, "none": 0, "C": 710, "D": 272}))


def numbers(values: Any, digits: int = 4) -> str:
    """As people paste them."""
    return ",".join(f"{v:.{digits}f}" for v in values)


def messages(found: Audit, code: str) -> str:
    """What is said under a code."""
    return " ".join(f.message for f in found.findings if f.code == code)


@dataclass(frozen=True)
class Said:
    """What must be said under a code, and the correction."""

    name: str
    weights: Any
    on: Any
    code: str
    words: str
    right: list[float] | None = None
    options: dict[str, Any] = field(default_factory=dict)


VAL = {"bad": 90, "good": 60, "mixed": 50}
HALVES = data(
    ordered({"no": 1200, "yes": 147}),
    {"train": ordered({"no": 900, "yes": 100}), "val": ordered({"no": 300, "yes": 47})},
)
FIVE = {"A": 198, "B": 436, "C": 710, "D": 272, "E": 31}
SAID = [
    Said("keys that are ids", dict(zip([1, 3, 5, 9], BALANCED, strict=True)), data(ordered(FOUR), ids={"A": 1, "B": 3, "C": 5, "D": 9}), "IMB109", "the keys are the ids in the data"),
    Said("a key of no class", {0: 2.0404, 1: 0.9266, 2: 0.569, 7: 1.4853}, FOUR, "IMB109", "7 is not among the classes"),
    Said("one key of two classes", {"1": 577.876}, CREDIT, "IMB109", "0 has samples but no weight", options={"used_as": "class-weight"}),
    Said("two for one", "5.1,1.3", CREDIT, "IMB104", "pos_weight takes one number", [284315 / 492], {"used_as": "pos-weight"}),
    Said("one for every id", numbers(range(3, 11)), data(ordered(FOUR), ids={"A": 0, "B": 2, "C": 5, "D": 7}), "IMB104", "one for every id up to the largest"),
    Said("two of void", [0.5, 0.7, *CAMVID_11], camvid(), "IMB104", "the first 2 belong to none of them", CAMVID_11),
    Said("the first two left out", numbers([1647 / (5 * n) for n in (710, 272, 31)]), FIVE, "IMB104", "A, B have none", [1647 / (5 * n) for n in FIVE.values()]),
    Said("one number too few of one class", "3.5,1.25", data(ordered({"A": 100, "B": 0, "C": 0})), "IMB104", "perhaps a class, such as background"),
    Said("a label left out", numbers([520 / 80, 580 / 20]), tags(), "IMB104", "red has none", [375 / 225, 6.5, 29.0]),
    Said("log ratio that ends in 0", numbers(np.log(710 / np.array([198, 436, 710, 272]))), FOUR, "IMB107", "without the floor", [1.277, 1.0, 1.0, 1.0]),
    Said("logarithms of another split", numbers([-np.log(n / 200) for n in VAL.values()], 6), reviews(), "IMB111", "computed on split 'val'", [-np.log(0.1), -np.log(0.7), -np.log(0.2)]),
    Said("pos_weight of another split", "6.38298", HALVES, "IMB111", "negatives over positives of split 'val'", [9.0]),
    Said("α for the frequent class", "0.25", {"A": 100, "B": 900}, "IMB133", "is the frequent class", options={"used_as": "alpha"}),
    Said("pos_weight of our own as weight", suggest(tags(), "pos-weight"), tags(), "IMB112", "were made as pos_weight", options={"used_as": "class-weight"}),
    Said("of a split, by our own", suggest(VAL, "balanced"), reviews(), "IMB111", "computed on split 'val'", [10 / 3, 10 / 21, 5 / 3]),
]  # fmt: skip


@pytest.mark.parametrize("said", SAID, ids=lambda s: s.name)
def test_it_says_what_is_wrong(said: Said) -> None:
    """Under its code, with the numbers to use instead."""
    found = audit(said.weights, said.on, **said.options)
    assert said.words in messages(found, said.code)
    if said.right is not None:
        assert found.correction is not None
        np.testing.assert_allclose(list(found.correction.values()), said.right, rtol=2e-3)


@dataclass(frozen=True)
class Silent:
    """Where a code would be wrong; ``codes`` are all that are right."""

    name: str
    weights: Any
    on: Any
    codes: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


EVERYWHERE = data(ClassCounts.multilabel(["a", "b"], {(0, 1): 10}))
WITH_EMPTY_LABEL = data(ClassCounts.multilabel(["a", "b", "c"], {(): 300, (0,): 200, (1,): 100}))
SILENT = [
    Silent("classes of one size are not upside down", "1,2,3", {"A": 100, "B": 100, "C": 100}),
    Silent("classes of nearly one size are near anything", "1.9,1.2,.8,.4", {"A": 100, "B": 101, "C": 102, "D": 103}),
    Silent("labels that are on in every row", "0,0", EVERYWHERE),
    Silent("pos_weight beside a label without samples", "2,5,0", WITH_EMPTY_LABEL),
    Silent("of no scheme, but in order", "10.37,2.91,1.02,3.11", FOUR, ("IMB131",)),
    Silent("labels weighted by hand", "3,4,17", tags()),
    Silent("pos_weight of classes", numbers([1616 / n - 1 for n in FOUR.values()]), FOUR, options={"used_as": "pos-weight"}),
    Silent("no positives", "5", {"A": 10, "B": 0}, ("IMB108",)),
    Silent("a round pos_weight", "900", CREDIT),
    Silent("one key of a class without samples", {**dict(zip("ABCD", BALANCED, strict=True))}, WITH_EMPTY),
    Silent("our own for samples", suggest(FOUR, "balanced"), FOUR, options={"used_as": "sample-weight"}),
]  # fmt: skip


@pytest.mark.parametrize("silent", SILENT, ids=lambda s: s.name)
def test_it_says_no_more_than_it_knows(silent: Silent) -> None:
    """No error, no warning, and no other code."""
    found = audit(silent.weights, silent.on, **silent.options)
    assert found.codes == silent.codes
    assert found.worst in {None, Level.NOTE}


def test_a_class_without_samples_and_weight_leaves_the_scale_known() -> None:
    """The mean over samples is that of the others: hundred times balanced weights have mean 100."""
    weights = {name: 100 * w for name, w in zip("ABCD", BALANCED, strict=True)}
    found = audit(weights, WITH_EMPTY)
    assert found.codes == ("IMB131",)
    assert found.findings[0].details["mean_weight"] == pytest.approx(100, rel=1e-5)


def test_training_data_without_labels_is_a_usage_error() -> None:
    """Nothing could be said."""
    with pytest.raises(UsageError, match="the training data has no labels"):
        audit("1,2", data(ordered({"A": 0, "B": 0})))


def test_equal_weights_are_called_so() -> None:
    """In the machine's form as well."""
    found = audit("1,1,1,1", FOUR).to_dict()
    assert [e["words"] for e in found["explanations"]] == ["all equal, as without weights"]


def test_nothing_is_corrected_where_another_number_is_missing() -> None:
    """0 for the class without samples would leave the NaN in place."""
    found = audit("nan,.9266,16160,.5690,1.4853", WITH_EMPTY)
    assert {"IMB106", "IMB108"} <= set(found.codes)
    assert found.correction is not None  # that of the NaN, which the others tell
    assert found.correction["A"] == pytest.approx(2.0404, rel=1e-3)
    found = audit("nan,9.13,99999,8.37,1.24", WITH_EMPTY)
    assert "far larger than any other" in messages(found, "IMB108")
    assert found.correction is None


def test_two_classes_of_masks_with_void() -> None:
    """Schemes are called alike where they divide by the same pixels."""
    masks = ClassCounts(
        classes=("rest", "crack"),
        counts=np.array([90_000, 10_000]),
        present=np.array([10, 10]),
        extent=np.array([100_000, 100_000]),
        samples=10,
        ignored=20_000,
        task=Task.SEGMENTATION,
        unit=Unit.PIXELS,
        extent_with_void=np.array([120_000, 120_000]),
    )
    text = headline(audit("0.5555556,5", data(masks)))
    assert text.startswith("Nothing wrong: they fit balanced, N / (K n)")


@pytest.mark.parametrize(
    ("given", "wanted", "among", "expected"),
    [
        ("30", 0.2, "15", ("0.2", "")),
        ("4", 0.4, "15", ("0.4", " (two digits are exchanged)")),
    ],
)
def test_a_slip_is_not_corrected_to_zero(
    given: str, wanted: float, among: str, expected: tuple[str, str]
) -> None:
    """Where the others have no decimals, the right number keeps its own."""
    assert slip_words(Written.of(given), wanted, [Written.of(among)]) == expected  # type: ignore[arg-type,list-item]


def test_sample_weights_of_rows_without_a_label() -> None:
    """Those rows are in no class, whatever they weigh."""
    rows = Rows.of(["a", None, "b", "a", "a"])
    profile = data(ordered({"a": 3, "b": 1})).profile
    settings = Settings(used_as=Use.SAMPLE_WEIGHT, rows=rows)
    found = judged(read_weights("0.6667,9,2,.6667,.6667"), profile, settings)
    assert [n.value for n in found.numbers if n is not None] == [0.6667, 2.0]
    assert found.worst in {None, Level.NOTE}


def test_is_unbalance_of_more_than_two_classes_lifts_none(tmp_path: Path) -> None:
    """Which class it would lift is a question of two."""
    path = write(tmp_path / "p.yaml", "params: {is_unbalance: true, num_leaves: 31}\n")
    assert audit(path, FOUR).codes == ()
    assert audit(path, {"A": 10, "B": 900}).codes == ("IMB118",)


def test_recorded_weights_of_a_scheme_that_is_not_known(tmp_path: Path) -> None:
    """Of the same counts there is nothing to hold them against."""
    own = suggest(FOUR, "balanced").to_dict()
    own["scheme"] = "of-my-own"
    path = write(tmp_path / "w.json", json.dumps(own))
    assert audit(path, FOUR).codes == ()
    own["classes"][0]["count"] = 199
    write(path, json.dumps(own))
    assert "A from 199 to 198." in messages(audit(path, FOUR), "IMB110")


def test_recorded_weights_of_other_classes_altogether() -> None:
    """By how much they move cannot be said."""
    found = audit(suggest({"X": 10, "Y": 20}, "balanced"), FOUR)
    assert "X, Y are no longer among the classes" in messages(found, "IMB109")
    assert "the weights move" not in messages(found, "IMB110")
