"""What programs write in their weights beyond the usual: held against running them, and never guessed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import write

from imbweights.auditing.given import Given
from imbweights.auditing.reading import read_weights
from imbweights.auditing.reading.program import evaluating
from imbweights.core.errors import AmbiguousSourceError, UsageError


def read(tmp_path: Path, code: str, key: str | None = None) -> Given:
    """The weights of a program."""
    return read_weights(str(write(tmp_path / "train.py", code)), key)


def values(given: Given) -> list[float]:
    """The numbers."""
    return [n.value for n in given.numbers]


class Loss:
    """Stands for a loss: keeps the weight that it is given."""

    last: Any = None

    def __init__(self, weight: Any = None) -> None:
        """Keep it."""
        Loss.last = weight


# The weight that each hands over; before it stands what it needs.
EXPRESSIONS = {
    "the sum of one row": "np.array([2.0, 1.0]) / np.sum([[1.0, 3.0]])",
    "a sign": "[+1.0, 2.0]",
    "a negative array": "-np.array([-1.0, -2.5])",
    "one more": "np.array([1.0, 2.0]) + 1",
    "whole quotients": "np.array([7.0, 9.0]) // 2",
    "sorted": "sorted([3.0, 1.0, 2.0])",
    "sorted downwards": "sorted([3.0, 1.0, 2.0], reverse=True)",
    "by sorted names": "[N[name] for name in sorted(N)]",
    "a dictionary and more": "list(dict({'A': 2.0}, B=1.0).values())",
    "floats of floats": "[float(c) for c in np.array([3, 4])]",
    "whole numbers": "[int(7.9), int('3')]",
    "a rounded array": "np.round(np.array([1.234, 2.345]), 1)",
    "a shape with one axis": "np.ones([3]) * 2",
    "a transposed array": "(1 / np.array([4.0, 2.0])).T",
    "by its size": "COUNTS.sum() / (COUNTS.size * COUNTS)",
    "by its shape": "COUNTS.sum() / (COUNTS.shape[0] * COUNTS)",
    "an item": "1 / COUNTS * COUNTS.max().item()",
    "keys": "[1 / N[name] for name in N.keys()]",
    "items": "[n / 10 for name, n in N.items()]",
    "in step": "[a / b for a, b in zip([1.0, 2.0], [4.0, 5.0], strict=True)]",
    "of a class": "Config.FACTORS",
    "of a dataclass": "list(settings.factors)",
}
NEEDED = """\
from dataclasses import dataclass, field

N = {"B": 436.0, "A": 198.0}
COUNTS = np.array([198.0, 436.0, 710.0])

class Config:
    FACTORS = [3.0, 2.0]

@dataclass
class Settings:
    factors: tuple = field(repr=False, default=(2.0, 1.0))

settings = Settings()
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expressions_are_worked_out_as_python_does(expression: str, tmp_path: Path) -> None:
    """The program is run here, by the test; the tool only reads it."""
    given = read(tmp_path, f"{NEEDED}CrossEntropyLoss(weight={expression})\n")
    runpy.run_path(str(tmp_path / "train.py"), {"np": np, "CrossEntropyLoss": Loss})
    assert values(given) == pytest.approx(np.asarray(Loss.last, dtype=float).tolist(), rel=1e-12)


STATEMENTS = {
    "in a context": (
        "with lock, load() as data:\n    w = np.array([2.0, 1.0])\n    CrossEntropyLoss(weight=w)\n"
    ),
    "an attribute of an attribute": "net.head.class_weight = [2.0, 1.0]\n",
    "beside what something else changes": (
        "load()[0] = 3\nw = np.array([1.0, 0.5])\nCrossEntropyLoss(weight=w * 2)\n"
    ),
    "one row": "class_weight = [[2.0, 1.0]]\n",
    "beside another buffer": (
        "self.register_buffer(NAME, load())\n"
        "self.register_buffer('class_weights', torch.tensor([2.0, 1.0]))\n"
    ),
    "the length of a tensor": (
        "n = torch.tensor([1.0, 2.0])\nloss = nn.CrossEntropyLoss(weight=n.size() / n)\n"
    ),
}


@pytest.mark.parametrize("code", STATEMENTS.values(), ids=STATEMENTS)
def test_statements_around_weights(code: str, tmp_path: Path) -> None:
    """All of these end in 2 and 1."""
    assert values(read(tmp_path, code)) == [2.0, 1.0]


# Where Python would fail, or where only running tells.
UNREAD = {
    "the root of a word": "np.sqrt([1.0, load()])",
    "too long when joined": "np.concatenate([np.ones(90000), np.ones(90000)])",
    "too long when added": "[1.0] * 60000 + [2.0] * 60000",
    "the length of a number": "[1.0, len(3)]",
    "half a place": "[1.0, COUNTS[0.5]]",
    "a negative list": "-[1.0, 2.0]",
    "negative logarithms": "-np.log(load())",
    "a remainder": "COUNTS % 4",
    "a list as a key": "list({(1, 2): 3.0, (2, 3): 4.0}.values())",
    "a sum that starts elsewhere": "COUNTS / COUNTS.sum(initial=1.0)",
    "the largest of none": "[1.0, max([])]",
    "values and indices": "COUNTS / torch.max(COUNTS, dim=0)",
    "sorted by a function": "sorted([1.0, 2.0], key=rank)",
    "sorted numbers and words": "sorted(['a', 1.0])",
    "a step of nothing": "[1 / c for c in range(1, 5, 0)]",
    "zipped with more options": "[a for a, b in zip([1.0], [2.0], longest=True)]",
    "zipped, of two lengths": "[a / b for a, b in zip([1.0, 2.0], [2.0], strict=True)]",
    "a dictionary of two": "list(dict({'A': 1.0}, {'B': 2.0}).values())",
    "a word as a number": "[1.0, float('many')]",
    "a list as a number": "[1.0, float([1.0])]",
    "infinity as a whole number": "[1.0, int(float('inf'))]",
    "a negative length": "np.ones(-1)",
    "a norm of its own": "F.normalize(COUNTS, p=3, dim=0)",
    "a norm along no axis": "F.normalize(COUNTS, p=1)",
    "a logarithm of three": "[1.0, math.log(8, 2, 2)]",
    "the length of two": "[1.0, len([1], [2])]",
    "a part that is loaded": "[LOADED[1], 2.0]",
    "what is taken apart": "[second, 2.0]",
    "options of elsewhere": "list(dict(**load()).values())",
    "a dictionary of elsewhere": "list({**load(), 'B': 1.0}.values())",
    "another shape": "COUNTS.reshape(3, 1) / 2",
    "a method of a list": "[1.0, [1.0, 2.0].index(2.0)]",
    "a method that makes arrays": "COUNTS.nan_to_num()",
    "a method of a dictionary": "[1.0, {'A': 2.0}.get('A')]",
    "an attribute of an array": "COUNTS.real / 2",
    "the rest": "[a for a, *rest in [(1.0, 2.0), (3.0, 4.0)]]",
    "two of three": "[a for a, b in [(1.0, 2.0, 3.0), (4.0, 5.0, 6.0)]]",
    "very deep": " + ".join(["COUNTS"] * 150),
    "of a field without a default": "list(settings.factors)",
}
ABOVE = """\
import math

COUNTS = np.array([198.0, 436.0, 710.0])
LOADED = [1.0, load()]
first, second = [1.0, load()]

@dataclass
class Settings:
    factors: list = field(repr=False)

settings = Settings([1.0])
"""


@pytest.mark.parametrize("expression", UNREAD.values(), ids=UNREAD)
def test_what_is_not_worked_out(expression: str, tmp_path: Path) -> None:
    """Is never guessed: the line is named."""
    code = f"{ABOVE}CrossEntropyLoss(weight={expression})\n"
    with pytest.raises(UsageError, match=r"\(line 12\) is computed when the program runs"):
        read(tmp_path, code)


MOVED = {
    "a parameter": "def f(w):\n    return CrossEntropyLoss(weight=w * 2)\n",
    "two values": "self.w = [1, 2]\nself.w = [2, 1]\nCrossEntropyLoss(weight=np.array(self.w))\n",
    "a changed attribute": (
        "self.w = np.ones(2)\nself.w[0] = 3\nCrossEntropyLoss(weight=self.w * 2)\n"
    ),
    "a context": "w = np.ones(2)\nwith load() as w:\n    pass\nCrossEntropyLoss(weight=w * 2)\n",
    "two places": "w = np.ones(2)\nw[0][0] = 3\nCrossEntropyLoss(weight=w * 2)\n",
    "changed by a function": (
        "w = np.ones(2)\ndef f():\n    w[0] = 3\nf()\nCrossEntropyLoss(weight=w * 2)\n"
    ),
    "in a condition": (
        "w = np.ones(2)\nif (w := load()):\n    pass\nCrossEntropyLoss(weight=w * 2)\n"
    ),
    "after an error": (
        "try:\n    w = np.ones(2)\nexcept OSError:\n    w = np.zeros(2)\n"
        "CrossEntropyLoss(weight=w * 2)\n"
    ),
    "a case": (
        "match size:\n    case 1:\n        w = np.ones(2)\n    case _:\n        w = np.zeros(2)\n"
        "CrossEntropyLoss(weight=w * 2)\n"
    ),
}


@pytest.mark.parametrize("code", MOVED.values(), ids=MOVED)
def test_names_that_may_be_something_else_by_then(code: str, tmp_path: Path) -> None:
    """The value above is not taken for the value there."""
    with pytest.raises(UsageError, match="computed when the program runs"):
        read(tmp_path, code)


NOWHERE = {
    "a name of itself": "w = w\nCrossEntropyLoss(weight=w)\n",
    "starred": "CrossEntropyLoss(*arguments)\n",
}


@pytest.mark.parametrize("code", NOWHERE.values(), ids=NOWHERE)
def test_what_comes_from_nowhere_is_no_claim(code: str, tmp_path: Path) -> None:
    """There is no expression that could be printed."""
    with pytest.raises(UsageError, match="no weights found"):
        read(tmp_path, code)


def test_a_program_is_given_up_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many steps all that follows stays unknown, and nothing hangs."""
    code = "first = [1.0 * 2, 3.0 * 4, 5.0 * 6]\nclass_weight = [1.0 * 2, 3.0]\n"
    assert values(read(tmp_path, code)) == [2.0, 3.0]
    monkeypatch.setattr(evaluating, "_MOST_IN_ALL", 5)
    with pytest.raises(UsageError, match=r"class_weight \(line 2\) is computed"):
        read(tmp_path, code)


def test_a_word_under_a_name_is_a_knob(tmp_path: Path) -> None:
    """As if it stood where it is used."""
    given = read(tmp_path, 'how = "balanced"\nm = LogisticRegression(class_weight=how)\n')
    assert [(knob.name, knob.value, knob.line) for knob in given.knobs] == [
        ("class_weight", "balanced", 2)
    ]


def test_what_is_computed_once_is_named_once(tmp_path: Path) -> None:
    """Moved to a device it is the same expression."""
    code = (
        "pos_weight = torch.tensor([3.0, 4.0])\n"
        "class_weights = weigh(n)\n"
        "c = CrossEntropyLoss(weight=torch.tensor(class_weights).to(device))\n"
    )
    assert read(tmp_path, code).unread == ("class_weights (line 2)",)


def test_a_key_of_what_is_computed_says_so(tmp_path: Path) -> None:
    """And one that is nowhere lists what there is."""
    code = "class_weight = weigh(y)\npos_weight = [3.0, 4.0]\n"
    with pytest.raises(UsageError, match=r"class_weight \(line 1\) is computed"):
        read(tmp_path, code, "class_weight")
    with pytest.raises(UsageError, match="there is no such vector") as error:
        read(tmp_path, code, "alpha")
    assert "  pos_weight (line 2): 3.0, 4.0" in str(error.value)


def test_two_vectors_of_one_line_are_told_apart_by_their_place(tmp_path: Path) -> None:
    """The name that the message gives is one that --key takes."""
    code = "a.fit(class_weight=[1.0, 2.0]); a.fit(class_weight=[2.0, 1.0])\n"
    with pytest.raises(AmbiguousSourceError) as error:
        read(tmp_path, code)
    assert "fit.class_weight#1 (line 1): 1.0, 2.0" in str(error.value)
    assert values(read(tmp_path, code, "fit.class_weight#2")) == [2.0, 1.0]
