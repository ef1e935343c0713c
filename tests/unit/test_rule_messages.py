"""What rules say of facts given by hand: figures in messages, and where long lists are cut."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from imbweights import ClassCounts
from imbweights.core.file_facts import FileFacts
from imbweights.core.units import Task, Unit
from imbweights.rules import RULES
from imbweights.rules.base import Facts, counted, listed, percent
from imbweights.rules.near_duplicates import code_points
from imbweights.rules.no_foreground import background


def mask(name: str, labels: Mapping[str, int], **more: Any) -> FileFacts:
    """A mask of some pixels."""
    return FileFacts(name=name, path=Path(name), labels=labels, **more)


def facts(counts: ClassCounts, *files: FileFacts, **more: Any) -> Facts:
    """A data set of one split, with these files."""
    kept = {"": files} if files else {}
    return Facts(name="data", counts=counts, training=counts, files=kept, **more)


def pixels(**counts: int) -> ClassCounts:
    """Masks with these pixels of each class."""
    values = list(counts.values())
    return ClassCounts(
        classes=tuple(counts),
        counts=values,  # type: ignore[arg-type] # made an array at construction
        present=values,  # type: ignore[arg-type]
        extent=values,  # type: ignore[arg-type]
        samples=len(counts),
        task=Task.SEGMENTATION,
        unit=Unit.PIXELS,
    )


def messages(code: str, given: Facts, **limits: float) -> list[str]:
    """What a rule says, its other thresholds as they are by default."""
    rule = RULES[code]
    default = {each.name: each.default for each in rule.thresholds}
    assert rule.why_not(given, default | limits) is None
    return [each.message for each in rule.check(given, default | limits)]


def test_one_is_not_many() -> None:
    """A unit in the singular."""
    counts = ClassCounts.multiclass({"a": 1})
    assert [counted(counts, n) for n in (0, 1, 2)] == ["0 samples", "1 sample", "2 samples"]


def test_shares_of_every_size() -> None:
    """Zero is zero, little is more than zero."""
    assert percent(0.0) == "0 %"
    assert percent(0.5) == "50 %"
    assert percent(1e-9) == "under 0.001 %"


def test_names_are_listed_up_to_five() -> None:
    """And then counted."""
    assert listed("abcde") == '"a", "b", "c", "d", "e"'
    assert listed("abcdefg") == '"a", "b", "c", "d", "e" and 2 more'


def test_missing_labels_are_told_as_a_share() -> None:
    """5 of 20 are a quarter."""
    counts = ClassCounts.multiclass({"a": 10, "b": 5}, missing=5)
    [said] = messages("IMB010", facts(counts))
    assert said == "5 of 20 labels are missing (25 %), at most 5 % wanted"


def test_a_placeholder_is_told_as_a_share() -> None:
    """2 of 40 rows are called unknown."""
    counts = ClassCounts.multiclass({"cat": 20, "dog": 18, "unknown": 2})
    assert [said for said in messages("IMB015", facts(counts)) if "2 samples, 5 %" in said]


def test_batches_lack_the_rarest_of_the_declared_classes() -> None:
    """Not the rarest of all: what is not declared is wrong anyway."""
    counts = ClassCounts.multiclass({"a": 90, "b": 9, "stray": 1})
    given = facts(counts, declared=("a", "b"), absent=0.7)
    [said] = messages("IMB006", given, **{"batch-size": 4})
    assert 'hold no sample of class "b"' in said
    assert said.startswith("70 % of batches of 4 ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"road": 1, "Background": 2, "void": 9}, "Background"),
        ({"road": 9, "car": 1}, "road"),
        ({"car": 1, "road": 9}, None),
    ],
)
def test_which_class_is_background(given: dict[str, int], expected: str | None) -> None:
    """The first that is called so, else the first class, if nothing has more pixels."""
    assert background(facts(pixels(**given))) == expected


def test_without_a_background_no_mask_is_without_foreground() -> None:
    """Nobody can say which class is none."""
    counts = pixels(car=1, road=9)
    assert messages("IMB032", facts(counts, mask("a", {"car": 1}), mask("b", {"road": 9}))) == []


def test_long_lists_of_masks_are_cut_at_twenty() -> None:
    """Twenty are told one by one, the rest counted."""
    counts = pixels(a=9)

    def void(n: int) -> list[str]:
        return messages(
            "IMB031", facts(counts, *(mask(f"{i}.png", {}, ignored=5) for i in range(n)))
        )

    assert len(void(20)) == 20
    assert void(20)[-1] == 'every pixel of "19.png" is void'
    assert len(void(23)) == 21
    assert void(23)[-1] == "3 more masks are all void (23 in all)"

    def undeclared(n: int) -> list[str]:
        held = mask("m.png", {str(i): 1 for i in range(n)})
        return messages("IMB030", facts(counts, held, declared=("a",)))

    assert len(undeclared(20)) == 20
    assert undeclared(20)[-1] == 'value "19" is no declared class: 1 pixel in 1 mask, "m.png"'
    assert len(undeclared(22)) == 21
    assert undeclared(22)[-1] == "2 more values are no declared class"


def test_both_sizes_are_told() -> None:
    """The mask's own first, and whether it lies across its image."""
    held = [mask("a", {"a": 1}, size=(40, 30)), mask("b", {"a": 1}, size=(8, 9))]
    sizes = {"a": (30, 40), "b": (8, 8), "c": (1, 2)}
    assert messages("IMB033", facts(pixels(a=2), *held, sizes=sizes)) == [
        '"a" is 40 × 30, its image 30 × 40 pixels (turned by 90°: EXIF orientation?)',
        '"b" is 8 × 9, its image 8 × 8 pixels',
        '"c" is another size, its image 1 × 2 pixels',
    ]
    many = {str(i): (8, 8) for i in range(23)}
    assert messages("IMB033", facts(pixels(a=2), *held, sizes=many))[-1] == (
        "3 more masks differ from their images"
    )


def test_signs_outside_ascii_are_told_up_to_three() -> None:
    """What is on every keyboard explains itself, the tilde too."""
    assert code_points(["a~", "\u0430"]) == "; the second holds U+0430"
    assert code_points(["abc", "\u0430\u0431\u0441"]) == "; the second holds U+0430 U+0431 U+0441"
    told = "; the second holds U+0430 U+0431 U+0441 …"
    assert code_points(["abcd", "\u0430\u0431\u0441\u0501"]) == told
