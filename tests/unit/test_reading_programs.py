"""Weights in training programs: what the calculator makes of them is what running them gives."""

from __future__ import annotations

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import write

from imbweights.auditing.given import Given, Kind, Use
from imbweights.auditing.reading import read_weights
from imbweights.core.errors import AmbiguousSourceError, UsageError


def read(tmp_path: Path, code: str, key: str | None = None, name: str = "train.py") -> Given:
    """The weights of a program."""
    return read_weights(str(write(tmp_path / name, code)), key)


def values(given: Given) -> list[float]:
    """The numbers."""
    return [n.value for n in given.numbers]


class Loss:
    """Stands for a loss: keeps the weight that it is given."""

    last: Any = None

    def __init__(self, weight: Any = None) -> None:
        """Keep it."""
        Loss.last = weight


# Each hands its weights to ``CrossEntropyLoss``, and runs with NumPy alone.
IDIOMS = {
    "names and counts": """\
CLASS_COUNTS = {"A": 198, "B": 436, "C": 710, "D": 272}
cw = [1.0 / c for c in CLASS_COUNTS.values()]
crit = CrossEntropyLoss(np.array(cw))
""",
    "balanced": """\
counts = np.array([198, 436, 710, 272])
weights = counts.sum() / (len(counts) * counts.astype(float))
criterion = CrossEntropyLoss(weight=weights)
""",
    "square root, normalised under the same name": """\
counts = np.array([198, 436, 710, 272])
weights = 1.0 / np.sqrt(counts)
weights = weights / weights.sum() * len(counts)
criterion = CrossEntropyLoss(weight=weights)
""",
    "in place": """\
weights = 1.0 / np.array([198, 436, 710, 272])
weights /= weights.sum()
weights *= 4
CrossEntropyLoss(weight=weights)
""",
    "largest over each": """\
counts = [198, 436, 710, 272]
weights = [max(counts) / c for c in counts]
CrossEntropyLoss(weight=np.array(weights))
""",
    "effective number": """\
counts = [198, 436, 710, 272]
beta = 0.999
effective_num = 1.0 - np.power(beta, counts)
per_cls_weights = (1.0 - beta) / np.array(effective_num)
per_cls_weights = per_cls_weights / np.sum(per_cls_weights) * len(counts)
CrossEntropyLoss(weight=per_cls_weights)
""",
    "logarithms": """\
import math
labels = {"A": 198, "B": 436, "C": 710, "D": 272}
total = sum(labels.values())
weights = []
for_each = {key: max(1.0, math.log(0.15 * total / labels[key])) for key in labels}
CrossEntropyLoss(weight=list(for_each.values()))
""",
    "by index": """\
n = [198, 436, 710, 272]
w = {i: round(sum(n) / (len(n) * c), 3) for i, c in enumerate(n)}
CrossEntropyLoss(weight=[w[i] for i in range(4)])
""",
    "zipped": """\
names, n = ["A", "B"], [198, 436]
w = dict(zip(names, [1 / c for c in n]))
CrossEntropyLoss(weight=[w["A"], w["B"]])
""",
    "to a base": """\
import math
CrossEntropyLoss(weight=[math.log(8, 2), math.log(9), math.sqrt(2)])
""",
    "lists joined and repeated": "CrossEntropyLoss(weight=[0.1] + [2.0] * 3)\n",
    "sliced": "w = np.array([9.0, 8.0, 7.0, 6.0])\nCrossEntropyLoss(weight=w[1:])\n",
    "reversed": "w = [9.0, 8.0, 7.0]\nCrossEntropyLoss(weight=w[::-1])\n",
    "mean and clip": """\
n = np.array([198, 436, 710, 2])
w = np.clip(n.mean() / n, 0.5, 10)
CrossEntropyLoss(weight=w / w.mean())
""",
    "median": "n = np.array([198, 436, 710, 272])\nCrossEntropyLoss(weight=np.median(n) / n)\n",
    "filled": "CrossEntropyLoss(weight=np.ones(4) * 3)\n",
    "main": """\
N = np.array([198, 436, 710])
if __name__ == "__main__":
    w = N.sum() / N
    w = w / w.max()
    CrossEntropyLoss(weight=w)
""",
    "a class of settings": """\
class Config:
    COUNTS = [198, 436, 710]
    CLASS_WEIGHTS = [1 / 198, 1 / 436, 1 / 710]

cfg = Config()
CrossEntropyLoss(weight=np.array(cfg.CLASS_WEIGHTS))
""",
    "a dictionary of settings": """\
CONFIG = {"lr": float("1e-3"), "loss": {"w": [3.0, 2.0, 1.0]}, "name": str(1)}
CrossEntropyLoss(weight=CONFIG["loss"]["w"])
""",
}


@pytest.mark.parametrize("code", IDIOMS.values(), ids=IDIOMS)
def test_it_reads_what_running_gives(code: str, tmp_path: Path) -> None:
    """The program is run here, by the test; the tool only reads it."""
    given = read(tmp_path, code)
    runpy.run_path(
        str(tmp_path / "train.py"), {"np": np, "CrossEntropyLoss": Loss}, run_name="__main__"
    )
    assert values(given) == pytest.approx(np.asarray(Loss.last, dtype=float).tolist(), rel=1e-12)


TORCH = {
    "sum of a tensor": (
        (
            "counts = torch.tensor([198, 436, 710, 272])\n"
            "weights = counts.sum() / (len(counts) * counts.float())\n"
            "criterion = nn.CrossEntropyLoss(weight=weights.to(device))\n"
        ),
        [1616 / (4 * c) for c in (198, 436, 710, 272)],
    ),
    "the third argument": (
        "n = torch.tensor([10., 20.])\nloss = F.cross_entropy(logits, y, n.max() / n)\n",
        [2.0, 1.0],
    ),
    "reciprocal": (
        "loss = nn.CrossEntropyLoss(torch.FloatTensor([2, 4]).reciprocal().cuda())\n",
        [0.5, 0.25],
    ),
    "the lower of two middle ones": (
        "n = torch.tensor([1., 2., 4., 8.])\nnn.NLLLoss(weight=torch.median(n) / n)\n",
        [2.0, 1.0, 0.5, 0.25],
    ),
    "pos_weight per label": (
        (
            "n = [100, 250]\ncriterion = nn.BCEWithLogitsLoss(\n"
            "    pos_weight=torch.tensor([(1000 - c) / c for c in n])\n)\n"
        ),
        [9.0, 3.0],
    ),
}


@pytest.mark.parametrize(("code", "expected"), TORCH.values(), ids=TORCH)
def test_tensors(code: str, expected: list[float], tmp_path: Path) -> None:
    """PyTorch's way to write the same; the numbers are worked out by hand."""
    assert values(read(tmp_path, code)) == pytest.approx(expected)


UNREAD = {
    "a function of one's own": "n = [1, 2]\nw = weigh(n)\nCrossEntropyLoss(weight=w)\n",
    "a function defined here": "def weigh(n):\n    return n\n\nCrossEntropyLoss(weight=weigh([1, 2]))\n",
    "changed in place": "w = np.ones(3)\nw[0] = 0.1\nCrossEntropyLoss(weight=w)\n",
    "counted in a loop": (
        "n = [0, 0]\nfor y in labels:\n    n[y] += 1\n"
        "CrossEntropyLoss(weight=[sum(n) / c for c in n])\n"
    ),
    "appended to": "w = [1.0]\nfor c in n:\n    w.append(1 / c)\nCrossEntropyLoss(weight=np.array(w))\n",
    "a method in place": "w = torch.tensor([1., 2.])\nw.mul_(3)\nCrossEntropyLoss(weight=w + 0)\n",
    "two branches": (
        "if big:\n    w = [1, 2]\nelse:\n    w = [2, 1]\nCrossEntropyLoss(weight=np.array(w))\n"
    ),
    "sklearn": "CrossEntropyLoss(torch.tensor(compute_class_weight('balanced', classes=c, y=y)))\n",
    "a condition": "CrossEntropyLoss(weight=[1 / c for c in [1, 2] if c > 1])\n",
    "two axes": "CrossEntropyLoss(weight=np.array([[1, 2], [3, 4]]).sum(axis=1))\n",
    "much": "CrossEntropyLoss(weight=[1 / c for c in range(10**9)])\n",
    "more": "CrossEntropyLoss(weight=[0] * 10**9)\n",
    "a global": (
        "w = np.ones(2)\ndef f():\n    global w\n    w = load()\nCrossEntropyLoss(weight=w * 2)\n"
    ),
    "a list divided": "CrossEntropyLoss(weight=[1, 2] / 3)\n",
}


@pytest.mark.parametrize("code", UNREAD.values(), ids=UNREAD)
def test_what_only_running_tells(code: str, tmp_path: Path) -> None:
    """Is never guessed: the line is named, and what to print."""
    with pytest.raises(UsageError, match="computed when the program runs") as error:
        read(tmp_path, code)
    assert "(line " in str(error.value)
    assert "print(" in str(error.value)


def test_what_to_print_is_what_is_handed_over(tmp_path: Path) -> None:
    """The variable, not the parameter."""
    with pytest.raises(UsageError) as error:
        read(tmp_path, "cw = weigh(n)\ncrit = CrossEntropyLoss(weight=cw)\n")
    assert "print([float(x) for x in cw])" in str(error.value)
    with pytest.raises(UsageError) as error:
        read(tmp_path, "m = XGBClassifier(scale_pos_weight=np.sum(y == 0) / np.sum(y == 1))\n")
    assert "print(scale_pos_weight)" in str(error.value)


OTHERS = {
    "t.yaml": "optimizer: {lr: 0.01}\nlr_config: {step: [8, 11, 16, 22]}\n",
    "t.json": '{"data": {"counts": [198, 436, 710, 272]}}',
    "t.toml": "[train]\nsteps = [8, 11, 16, 22]\n",
    "t.py": "anchors = [10, 13, 16, 30]\nopt = Adam(p, betas=(0.9, 0.999))\nloss = CrossEntropyLoss()\n",
    "u.py": "model.compile(loss_weights={'a': 1.0, 'b': 0.2})\n",
    "v.py": "m = np.average(x, weights=[0.5, 0.5])\nv = VotingClassifier(e, weights=[2, 1])\n",
    "v.yaml": "loss_weights: {cls: 1.0, bbox: 5.0, loss_giou: 2.0}\n",
    "w.yaml": "xgb: {eta: 0.1, max_depth: 6, alpha: 0.5}\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_lists_are_no_weights(name: str, tmp_path: Path) -> None:
    """They are listed, so that one can be named."""
    with pytest.raises(UsageError, match="no weights found"):
        read(tmp_path, OTHERS[name], name=name)


def test_a_key_takes_any_list_or_number(tmp_path: Path) -> None:
    """What is not known to be weights, if the user says so."""
    assert values(read(tmp_path, OTHERS["t.yaml"], "step", "t.yaml")) == [8, 11, 16, 22]
    assert values(read(tmp_path, "anchors = [10, 13]\n", "anchors")) == [10, 13]
    given = read(tmp_path, "mix: {alpha: 0.2}\n", "mix.alpha", "m.yaml")
    assert (values(given), given.use) == ([0.2], Use.ALPHA)
    assert values(read(tmp_path, "opt = f(alpha=0.3)\n", "alpha")) == [0.3]
    with pytest.raises(UsageError, match="means nothing"):
        read_weights(".5,1", "foo")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.py", "criterion = FocalLoss(alpha=0.25, gamma=2.0)\n"),
        ("f.py", "loss_cls=dict(type='FocalLoss', alpha=0.25)\n"),
        ("f.py", "loss = torchvision.ops.sigmoid_focal_loss(x, y, alpha=0.25)\n"),
        ("f.yaml", "focal: {alpha: 0.25, gamma: 2.0}\n"),
        ("f.yaml", "loss: {type: FocalLoss, alpha: 0.25}\n"),
    ],
)
def test_one_alpha_of_a_focal_loss(name: str, content: str, tmp_path: Path) -> None:
    """Is one; elsewhere an alpha may be anything."""
    given = read(tmp_path, content, name=name)
    assert (values(given), given.use) == ([0.25], Use.ALPHA)


def test_of_a_chain_the_last_is_audited(tmp_path: Path) -> None:
    """What others are computed from is none of the choices."""
    code = (
        "class_weights = 1 / np.array([1.0, 4.0])\n"
        "class_weights = class_weights / class_weights.sum()\n"
        "model.fit(x, y, class_weight=dict(enumerate(class_weights)))\n"
    )
    given = read(tmp_path, code)
    assert values(given) == pytest.approx([0.8, 0.2])
    # A name that is given a new value by what cannot be read is not what it was before.
    with pytest.raises(UsageError, match="computed"):
        read(tmp_path, "weights = np.array([198, 436])\nweights = weigh(weights)\n")


def test_what_is_computed_beside_others_is_named(tmp_path: Path) -> None:
    """It was not looked at."""
    code = "pos_weight = torch.tensor([3.0, 4.0])\nclass_weight = weigh(y)\n"
    given = read(tmp_path, code)
    assert values(given) == [3, 4]
    assert given.unread == ("class_weight (line 2)",)


def test_arguments_of_the_command_line(tmp_path: Path) -> None:
    """Under the name of the option."""
    given = read(
        tmp_path, 'p.add_argument("-w", "--class-weights", nargs="+", default=[2.0, 1.0])\n'
    )
    assert (values(given), given.name) == ([2, 1], "class-weights")


def test_knobs_that_are_computed(tmp_path: Path) -> None:
    """``pos / neg`` is worked out; what comes from elsewhere is no claim."""
    code = "neg, pos = 4034, 217\nparams = {'scale_pos_weight': pos / neg}\n"
    assert values(read(tmp_path, code)) == [217 / 4034]
    code = (
        "m = LGBMClassifier(is_unbalance=args.unbalance, scale_pos_weight=args.spw, max_depth=3)\n"
    )
    with pytest.raises(UsageError, match="no weights found"):
        read(tmp_path, code)


@pytest.mark.parametrize("name", ["SMOTE", "RandomOverSampler", "SMOTEENN"])
def test_what_changes_the_data_is_no_sampler(name: str, tmp_path: Path) -> None:
    """Resampling comes before what is balanced on its result."""
    given = read(tmp_path, f"x, y = {name}().fit_resample(x, y)\n")
    assert [knob.kind for knob in given.knobs] == [Kind.RESAMPLER]


def test_infinity_and_nan(tmp_path: Path) -> None:
    """1 / 0 of an array is infinite, as in NumPy."""
    found = values(read(tmp_path, "class_weight = 1 / np.array([0, 2])\n"))
    assert found == [math.inf, 0.5]


OTHER_MEANINGS = {
    "layers that are learned": "self.weight = nn.Parameter(torch.zeros(4))\n",
    "grids of words": "g = Search(p, {'class_weight': ['balanced', None]})\n",
    "grids of weights": "p = {'class_weight': [{0: 1, 1: w} for w in [1, 5, 10]]}\n",
    "two axes": "weight = torch.zeros(4, 10)\n",
}


@pytest.mark.parametrize("code", OTHER_MEANINGS.values(), ids=OTHER_MEANINGS)
def test_what_is_called_weight_and_is_none(code: str, tmp_path: Path) -> None:
    """Learned weights, and what a search tries."""
    with pytest.raises(UsageError, match=r"no weights found|computed"):
        read(tmp_path, code)


STORED = {
    "a.yaml": "loss: {weight: {_target_: torch.tensor, data: [2.0, 1.0]}}\n",
    "a.py": "@dataclass\nclass C:\n    class_weights: list = field(default_factory=lambda: [2.0, 1.0])\n",
    "b.py": "class N:\n    def f(self):\n        self.register_buffer('class_weights', torch.tensor([2., 1.]))\n",
    "c.py": "w = None\nif args.weighted:\n    w = np.array([2.0, 1.0])\nc = CrossEntropyLoss(weight=w)\n",
    "d.py": "w = F.normalize(torch.tensor([4., 2.]), p=1, dim=0) * 3\nF.cross_entropy(x, y, weight=w)\n",
}


@pytest.mark.parametrize("name", STORED)
def test_where_frameworks_keep_them(name: str, tmp_path: Path) -> None:
    """Hydra, dataclasses, buffers, an option that is off, a normalisation."""
    assert values(read(tmp_path, STORED[name], name=name)) == pytest.approx([2, 1])


def test_a_chain_is_no_second_vector_that_was_not_read(tmp_path: Path) -> None:
    """The first value of a name that gets a second one is no weight that was left out."""
    code = "class_weights = 1 / np.array([1., 4.])\nclass_weights = class_weights / 2\n"
    assert read(tmp_path, code).unread == ()
    code = "CLASS_WEIGHTS = [1.0, 2.0]\nc = CrossEntropyLoss(weight=weigh(CLASS_WEIGHTS))\n"
    assert read(tmp_path, code).unread == ("c.weight (line 2)",)


def test_two_vectors_ask_which(tmp_path: Path) -> None:
    """As before."""
    with pytest.raises(AmbiguousSourceError, match="2 vectors"):
        read(tmp_path, "a.fit(class_weight=[1.0, 2.0])\nb.fit(class_weight=[2.0, 1.0])\n")
