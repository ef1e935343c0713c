"""Planted mistakes, each found under its name; right weights, in which nothing is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from auditing_support import (
    CAMVID_11,
    CAMVID_12,
    CAMVID_CLASSES,
    CAMVID_PIXELS,
    CIFAR,
    CREDIT,
    FOUR,
    camvid,
    camvid_without_void_known,
    data,
    ordered,
    reviews,
    tags,
)

from imbweights import Analysis, ClassCounts, audit, suggest
from imbweights.core.findings import Level

BALANCED = [2.040404, 0.926606, 0.569014, 1.485294]
INVERSE_SUM1 = [0.406348, 0.184534, 0.113320, 0.295798]
# Names whose alphabetical order is not that of the ids; the weights that the ids want come from a
# public thread.
SEVEN = ordered(
    {
        "sea": 30_000_000,
        "road": 9_900_000,
        "bridge": 2_000_000,
        "shore": 5_000_000,
        "yacht": 9_800_000,
        "crane": 2_010_000,
        "bank": 7_400_000,
    }
)
WANTED = "1,3,15,6,3,15,4"


def numbers(values: Any, digits: int = 4) -> str:
    """As people paste them."""
    return ",".join(f"{v:.{digits}f}" for v in values)


def changed(values: list[float], i: int, value: float) -> str:
    """One entry otherwise."""
    return numbers([value if j == i else v for j, v in enumerate(values)])


@dataclass(frozen=True)
class Planted:
    """A mistake: the code under which it must be found, and the vector that corrects it, if the
    numbers tell it.
    """

    name: str
    weights: Any
    on: Any
    code: str
    right: list[float] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    message: str = ""


MISTAKES = [
    Planted("frequencies", ".12,.26,.43,.17", FOUR, "IMB101", INVERSE_SUM1, message="their inverse"),
    Planted("counts", "198,436,710,272", FOUR, "IMB101", BALANCED),
    Planted(
        "root of the frequency", numbers(np.sqrt([198, 436, 710, 272]) / 1616**0.5), FOUR, "IMB101"
    ),
    Planted("log weights upside down", numbers(np.log(1.02 + np.array([198, 436, 710, 272]) / 1616)), FOUR, "IMB101"),
    Planted("frequencies of two classes", ".9983,.0017", CREDIT, "IMB101", message="swapped"),
    Planted("positives over negatives", "0.00173", CREDIT, "IMB101", [577.876]),
    Planted("alphabetical instead of ids", "4,15,15,3,1,6,3", data(SEVEN), "IMB102", message="alphabetical"),
    Planted("by count, ascending", numbers(sorted(BALANCED, reverse=True)), FOUR, "IMB102", BALANCED, message="smallest first"),
    Planted("by count, descending", numbers(sorted(BALANCED)), FOUR, "IMB102", BALANCED, message="largest first"),
    Planted("reversed", numbers(BALANCED[::-1]), FOUR, "IMB102", BALANCED, message="reversed"),
    Planted("two swapped", numbers([BALANCED[i] for i in (0, 2, 1, 3)]), FOUR, "IMB102", BALANCED, message="swapped"),
    Planted("shifted by a background", numbers([BALANCED[i] for i in (3, 0, 1, 2)]), FOUR, "IMB102", BALANCED, message="shifted by one"),
    Planted(
        "numbers in the order of their text",
        numbers(1e3 / np.array([7, 110, 50, 20, 400, 90])),
        data(ordered({"1": 7, "10": 110, "2": 50, "3": 20, "20": 400, "4": 90}).reordered(["1", "2", "3", "4", "10", "20"])),
        "IMB102",
    ),
    Planted("digit slip", changed(CAMVID_11, 4, 0.5), camvid(), "IMB103", CAMVID_11),
    Planted("lost point", changed(CAMVID_11, 8, 7.8894), camvid(), "IMB103", CAMVID_11, message="the point has moved"),
    Planted("a leading digit too many", changed(BALANCED, 1, 6.9266), FOUR, "IMB103", BALANCED, message="one digit differs"),
    Planted("exchanged digits", "2.0404,.9266,.5690,1.8453", FOUR, "IMB103", BALANCED, message="exchanged"),
    Planted("a digit of the smallest", "2.0404,.9266,.3690,1.4853", FOUR, "IMB103", BALANCED, message="one digit"),
    Planted("void has a weight", CAMVID_12, camvid(), "IMB104", message="the last"),
    Planted("void first", [1.0974, *CAMVID_11], camvid(), "IMB104", message="the first"),
    Planted("background left out", numbers(suggest({"b": 436, "c": 710, "d": 272}, "balanced").values), FOUR, "IMB104", message="A has none"),
    Planted("empty class left out", "2.0404,.9266,.5690,1.4853", data(ordered({"A": 198, "B": 436, "none": 0, "C": 710, "D": 272})), "IMB104", message="no samples"),
    Planted("a class weight per sample", ",".join(["1.5"] * 1616), FOUR, "IMB104", message="sample-weight"),
    Planted("sign error", "2.0404,.9266,-.5690,1.4853", FOUR, "IMB105", BALANCED, message="Only the sign"),
    Planted("NaN", "2.0404,nan,.5690,1.4853", FOUR, "IMB106", BALANCED),
    Planted("infinite from an empty class", "2.0404,.9266,inf,.5690,1.4853", data(ordered({"A": 198, "B": 436, "none": 0, "C": 710, "D": 272})), "IMB106", message="no samples"),
    Planted("zero", "2.0404,.9266,0,1.4853", FOUR, "IMB107", BALANCED),
    Planted("log ratio without its floor", numbers(np.log(0.4 * 1616 / np.array([198, 436, 710, 272]))), FOUR, "IMB105", message="floor"),
    Planted("weight for no samples", "2.0404,.9266,1616,.5690,1.4853", data(ordered({"A": 198, "B": 436, "none": 0, "C": 710, "D": 272})), "IMB108"),
    Planted("keys from 1", {1: 2.0404, 2: 0.9266, 3: 0.569, 4: 1.4853}, FOUR, "IMB109", message="from 1"),
    Planted("a class without key", {"A": 2.0404, "B": 0.9266, "C": 0.569}, FOUR, "IMB109", BALANCED, message="take 1"),
    Planted("a misspelt key", {"A": 2.0404, "B": 0.9266, "C": 0.569, "d": 1.4853}, FOUR, "IMB109", message="never used"),
    Planted("on all splits", numbers(suggest({"b": 190, "g": 760, "m": 250}, "balanced").values), reviews(), "IMB111", [3.3333, 0.47619, 1.66667], message="all splits"),
    Planted("on another split", numbers(suggest({"b": 90, "g": 60, "m": 50}, "inverse").values), reviews(), "IMB111", message="'val'"),
    Planted("pos_weight as weight", numbers([1616 / n - 1 for n in FOUR.values()]), FOUR, "IMB112", BALANCED),
    Planted("one number as class weight", "577.9", CREDIT, "IMB112", options={"used_as": "class-weight"}),
    Planted("class weights as pos_weight", numbers(BALANCED[:3]), data(ordered({"A": 198, "B": 436, "C": 710})), "IMB113", options={"used_as": "pos-weight"}),
    Planted("class weights per label", numbers([600 / (3 * n) for n in (225, 80, 20)]), tags(), "IMB113", [600 / 225 - 1, 6.5, 29]),
    Planted("balanced weight as pos_weight", "289.438", CREDIT, "IMB113", [577.876]),
    Planted("of older data", numbers([2.10, 0.91, 0.58, 1.43], 3), FOUR, "IMB114"),
    Planted("offsets as weights", numbers(np.log(np.array([198, 436, 710, 272]) / 1616)), FOUR, "IMB115", options={"used_as": "class-weight"}),
    Planted("repeat factors as weights", suggest({"a": 100_000, "b": 50, "c": 20}, "repeat-factor").values, {"a": 100_000, "b": 50, "c": 20}, "IMB115"),
    Planted("sampler and weights", numbers(BALANCED), FOUR, "IMB116", options={"with_sampler": True}),
    Planted("class weights for several labels", "1,2,3", tags(), "IMB120", options={"used_as": "class-weight"}),
    Planted("void in the denominator", CAMVID_11, camvid(), "IMB121"),
]  # fmt: skip


@pytest.mark.parametrize("planted", MISTAKES, ids=lambda p: p.name)
def test_a_planted_mistake_is_found(planted: Planted) -> None:
    """Under its code, with the corrected vector."""
    found = audit(planted.weights, planted.on, **planted.options)
    assert planted.code in found.codes
    messages = " ".join(f.message for f in found.findings if f.code == planted.code)
    assert planted.message in messages
    if planted.right is not None:
        assert found.correction is not None
        np.testing.assert_allclose(list(found.correction.values()), planted.right, rtol=2e-3)


@dataclass(frozen=True)
class Right:
    """Weights in which nothing is wrong, and the scheme they are of (``None``: cannot be told)."""

    name: str
    weights: Any
    on: Any
    scheme: str | None
    options: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def pasted(scheme: str, digits: int = 4, on: Any = None, **options: Any) -> str:
    """Weights as ``suggest`` prints them, rounded."""
    return numbers(suggest(on or FOUR, scheme, **options).values, digits)


RIGHT = [
    Right("inverse", pasted("inverse"), FOUR, "inverse"),
    Right("inverse, three decimals", pasted("inverse", 3), FOUR, "inverse"),
    Right("inverse, sum 1", INVERSE_SUM1, FOUR, "inverse", words="sum 1"),
    Right("inverse, sum K", "1.625393,.738137,.453279,1.183191", FOUR, "inverse", words="sum K"),
    Right("balanced", BALANCED, FOUR, "balanced"),
    Right("balanced, by name", dict(zip("ABCD", BALANCED, strict=True)), FOUR, "balanced"),
    Right("balanced, by index", dict(enumerate(BALANCED)), FOUR, "balanced"),
    Right("balanced, single precision", np.array(BALANCED, np.float32), FOUR, "balanced"),
    Right("1/n", [1 / n for n in FOUR.values()], FOUR, "inverse", words="1/n itself"),
    Right("half the mean over n", [404 / 2 / n for n in FOUR.values()], FOUR, "inverse", words="half the mean"),
    Right("inverse square root", "1.893636,1.276104,1,1.615640", FOUR, "sqrt-inverse"),
    Right("power ¾", pasted("power", 3), FOUR, "power", words="γ = 0.75"),
    Right("power 0.6", pasted("power", 4, gamma=0.6), FOUR, "power", words="γ = 0.6"),
    Right("ENet", "7.505225,3.929448,2.645534,5.795829", FOUR, "log", words="c = 1.02"),
    Right("log with another c", pasted("log", 4, c=1.1), FOUR, "log", words="c = 1.1"),
    Right("log with an odd c", pasted("log", 5, c=1.37), FOUR, "log", words="c = 1.37"),
    Right("effective", "1.529030,.777273,.540350,1.153347", FOUR, "effective", words="β = 0.999"),
    Right("effective of CIFAR-10-LT", "0.0506114,0.0768998,0.1211339,0.1950367,0.3188054,0.5245899,0.8683489,1.4426273,2.4092231,3.9927238", CIFAR, "effective", words="β = 0.9999"),
    Right("log ratio", pasted("log-ratio", 4, mu=1.0), FOUR, "log-ratio", words="μ = 1"),
    Right("median frequency", pasted("median-frequency"), FOUR, "median-frequency"),
    Right("generalised Dice", pasted("generalised-dice"), FOUR, "generalised-dice"),
    Right("CamVid", CAMVID_11, camvid(), "median-frequency", words="void in the denominator"),
    Right("log with void", numbers(1 / np.log(1.1 + np.array(camvid().counts.counts) / (camvid().counts.total + 2503995))), camvid(), "log", words="c = 1.1, void in the denominator"),
    Right("capped", pasted("inverse", 4, cap=2.0), FOUR, "inverse", words="capped at 2"),
    Right("equal", "1,1,1,1", FOUR, None),
    Right("two classes, balanced", ".50086524,289.43801", CREDIT, None),
    Right("pos_weight", "577.876", CREDIT, None),
    Right("tempered pos_weight", "24.04", CREDIT, None),
    Right("pos_weight per label", numbers([375 / 225, 520 / 80, 580 / 20]), tags(), "pos-weight"),
    Right("focal α", "0.25", CREDIT, None, {"used_as": "alpha"}),
    Right("α pair", "0.75,0.25", CREDIT, None, {"used_as": "alpha"}),
    Right("of the training split", numbers(suggest({"b": 100, "g": 700, "m": 200}, "balanced").values), reviews(), "balanced"),
    Right("the order that the ids want", WANTED, data(SEVEN), None),
    Right("by hand", "3,1,1,2", FOUR, None),
]  # fmt: skip


@pytest.mark.parametrize("right", RIGHT, ids=lambda r: r.name)
def test_right_weights_pass(right: Right) -> None:
    """No warning, no error; and they are called what they are."""
    found = audit(right.weights, right.on, **right.options)
    assert found.worst in {None, Level.NOTE}
    assert found.correction is None
    if right.scheme is not None:
        assert found.claimed is not None
        assert found.claimed.scheme == right.scheme
        assert right.words in found.claimed.words


@pytest.mark.parametrize(("i", "slip"), [(4, 0.5051), (8, 6.6823)])
def test_slips_in_a_vector_that_no_counts_give(i: int, slip: float) -> None:
    """SegNet's published weights are near median frequency, but for one; a slip stands out all the
    same.
    """
    published = [
        0.2595,
        0.1826,
        4.5640,
        0.1417,
        0.9051,
        0.3826,
        9.6446,
        1.8418,
        0.6823,
        6.2478,
        7.3614,
    ]
    published[i] = slip
    found = audit(published, camvid())
    assert i in {f.details["index"] for f in found.findings if f.code == "IMB103"}


def test_two_classes_claim_no_scheme() -> None:
    """Every pair of weights is a power law, and most are something else as well: all are named."""
    found = audit("1.0000,2.5000", {"a": 600, "b": 60})
    assert found.claimed is None
    assert {"power", "log", "effective", "log-ratio"} <= {e.scheme for e in found.explanations}
    assert found.worst is not Level.ERROR


def test_half_the_mean_and_the_median_differ_only_in_scale() -> None:
    """Where the scale is neither's, inverse frequency is named without one."""
    found = audit([0.777 * 1616 / n for n in FOUR.values()], FOUR)
    assert [e.scheme for e in found.explanations] == ["inverse"]
    assert "on a scale of its own" in found.explanations[0].words


def test_both_are_named_where_two_mistakes_look_alike() -> None:
    """Counts in geometric sequence: frequencies are the inverse in reversed order."""
    found = audit("0.009,0.090,0.901", {"a": 10, "b": 100, "c": 1000})
    assert {"IMB101", "IMB102"} <= set(found.codes)


def test_a_careless_digit_is_no_slip() -> None:
    """One number with fewer digits than the others, but right."""
    assert audit("2.040404,.93,.569014,1.485294", FOUR).worst is not Level.ERROR


def test_a_rounded_zero_is_an_error() -> None:
    """The class is out of the loss, whoever rounded."""
    found = audit("0.0000,0.0100,0.9900", {"a": 10**7, "b": 10_000, "c": 100})
    assert "IMB107" in found.codes
    assert "rounded away" in found.findings[0].message


def test_three_classes_of_no_scheme_that_contradict_the_counts() -> None:
    """With a fitted parameter nothing is left to tell a slip by; both possibilities are named."""
    found = audit("0.3974,0.9098,0.2387", {"a": 114, "b": 165, "c": 655})
    [against] = [f for f in found.findings if f.code == "IMB122"]
    assert "IMB102" in against.message
    assert "IMB103" in against.message
    assert found.worst is Level.NOTE


@pytest.mark.parametrize("weights", ["3,1,4,1", "1,1,2,1", "1,10,1,1", "5,1,1,3"])
def test_weights_by_hand_are_no_errors(weights: str) -> None:
    """Few digits fit much in some order; that is no evidence."""
    assert audit(weights, FOUR).worst in {None, Level.NOTE}


def test_published_weights_in_the_order_of_the_ids() -> None:
    """Near a scheme only, but in an order that has a name."""
    published = [
        0.2595,
        0.1826,
        4.5640,
        0.1417,
        0.9051,
        0.3826,
        9.6446,
        1.8418,
        0.6823,
        6.2478,
        7.3614,
    ]
    counts = dict(zip(CAMVID_CLASSES, CAMVID_PIXELS, strict=True))
    ids = {name: i for i, name in enumerate(CAMVID_CLASSES)}
    found = audit(published, data(ClassCounts.multiclass(counts), ids=ids))
    assert found.codes[0] == "IMB102"
    assert "ids in the data" in found.findings[0].message


def test_without_known_void_the_denominator_is_the_classes() -> None:
    """Nothing is said about void where there is none."""
    weights = 1 / np.log(1.1 + np.array(camvid_without_void_known().counts.shares))
    found = audit(weights, camvid_without_void_known())
    assert found.claimed is not None
    assert not found.claimed.void


def test_the_extreme_and_the_scale_are_notes() -> None:
    """No errors."""
    found = audit(suggest(CIFAR, "generalised-dice").values, CIFAR)
    assert {"IMB130", "IMB131"} <= set(found.codes)
    assert found.worst is Level.NOTE


@pytest.mark.parametrize(
    ("weights", "code"), [("0.25", "IMB133"), ("0.25,0.25,0.5,0.25", "IMB101")]
)
def test_alpha_of_more_than_two_classes(weights: str, code: str) -> None:
    """One for all does nothing; one per class is a class weight."""
    assert code in audit(weights, FOUR, used_as="alpha").codes


def test_a_wrong_split_is_a_usage_error() -> None:
    """As everywhere."""
    with pytest.raises(ValueError, match="no such split"):
        audit("1,2,3", reviews(), use_split="tset")


MACHINES = {"fault": 20, "ok": 980}


@pytest.mark.parametrize(
    ("weights", "worst", "words"),
    [
        ("fault=49", None, ""),
        ({"fault": 49.0}, None, ""),
        ("0.0204", None, ""),
        ("49", Level.WARNING, "right if fault"),
        ("24.5", Level.WARNING, "Or is fault the positive class?"),
        ("fault=48.5", Level.NOTE, "1.02% off"),
        ("fault=7", None, ""),
        ("fault=0.0204", Level.ERROR, "positives over negatives"),
        ("fault=25.0", Level.WARNING, "N/(2n)"),
        ("fault=-49", Level.ERROR, "negative"),
        ("1", None, ""),
        ("fualt=49", Level.ERROR, "did you mean fault?"),
    ],
)
def test_one_number_for_two_classes(weights: Any, worst: Level | None, words: str) -> None:
    """Of the class with index 1, or of the one that is named."""
    found = audit(weights, MACHINES)
    assert found.worst is worst
    assert words in " ".join(f.message for f in found.findings)


def test_small_whole_numbers_are_not_all_equal() -> None:
    """Though 1 and 2 may both have been 1.5."""
    assert "IMB132" not in audit("1,2", {"a": 1, "b": 2}).codes
    assert "IMB132" in audit("2,2", {"a": 1, "b": 2}).codes


def test_a_smoothed_formula_is_no_second_explanation() -> None:
    """Where the plain one fits as well."""
    found = audit("9.0909,1.0989,0", data(ordered({"a": 100, "b": 827, "none": 0})))
    assert not any(e.smoothed for e in found.explanations if e.scheme == "inverse")


def test_the_analysis_may_be_given() -> None:
    """Counted once, audited often."""
    analysis = reviews()
    assert isinstance(analysis, Analysis)
    assert audit("3.3333,0.4762,1.6667", analysis).claimed is not None
