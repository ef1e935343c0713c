"""Weights out of lists, files and training configurations, none of which is run."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from support import write

from imbweights import suggest
from imbweights.auditing.given import Given, Kind, Use
from imbweights.auditing.reading import read_weights
from imbweights.core.errors import AmbiguousSourceError, UsageError

FOUR = {"A": 198, "B": 436, "C": 710, "D": 272}


def values(given: Given) -> list[float]:
    """The numbers."""
    return [n.value for n in given.numbers]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (".12,.26,.43", [0.12, 0.26, 0.43]),
        ("[0.12, 0.26, 0.43]", [0.12, 0.26, 0.43]),
        ("(1, 2, 3,)", [1, 2, 3]),
        ("[-1, 2e-3, inf]", [-1, 0.002, math.inf]),
        ("0,12; 0,26; 0,43", [0.12, 0.26, 0.43]),
        ("1/198, 1/436", [1 / 198, 1 / 436]),
        ("0.1 0.2", [0.1, 0.2]),
        ("59.8", [59.8]),
    ],
)
def test_lists_on_the_command_line(typed: str, expected: list[float]) -> None:
    """With brackets, blanks, fractions or decimal commas."""
    assert values(read_weights(typed)) == expected


@pytest.mark.parametrize("typed", ["A=.5,B=1", "A: .5, B: 1", "{'A': .5, 'B': 1}"])
def test_names_with_numbers(typed: str) -> None:
    """As equations or as a dictionary."""
    given = read_weights(typed)
    assert given.keys == ("A", "B")
    assert values(given) == [0.5, 1.0]


@pytest.mark.parametrize("typed", ["", "a,b", "1,,x", "nosuch.json", "1/0", "A=", "\0", "x" * 5000])
def test_what_is_no_list_is_an_error(typed: str) -> None:
    """That says what would be one."""
    with pytest.raises(UsageError) as error:
        read_weights(typed)
    assert "give the weights as" in str(error.value)


CODE = {
    "a list": "class_weights = [8.16, 3.71, 2.28]",
    "a tensor": "import torch\nw = nn.CrossEntropyLoss(weight=torch.tensor([8.16, 3.71, 2.28]).cuda())",
    "a name": "w = [8.16, 3.71, 2.28]\nloss = CrossEntropyLoss(weight=torch.FloatTensor(w).to(device))",
    "an array": "class_weight = np.array((8.16, 3.71, 2.28), dtype=np.float32)",
    "an attribute": "self.alpha = torch.tensor([[8.16, 3.71, 2.28]])",
    "a configuration": "model = dict(head=dict(loss=dict(type='CE', class_weight=[8.16, 3.71, 2.28])))",
    "a subscript": "config['loss_weights'] = [8.16, 3.71, 2.28]",
    "an annotation": "class_weight: list[float] = [8.16, 3.71, 2.28]",
    "a dictionary": "config = {'model': {'classWeights': [8.16, 3.71, 2.28]}}",
    "arithmetic": "class_weight = [2 * 4.08, 3.71, 4.56 / 2]",
}


@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
def test_python(code: str, tmp_path: Path) -> None:
    """In all the ways in which people write them."""
    given = read_weights(str(write(tmp_path / "train.py", code)))
    assert values(given) == pytest.approx([8.16, 3.71, 2.28])
    assert given.line is not None
    assert given.use in {Use.CLASS_WEIGHT, Use.ALPHA}


def test_python_dictionaries_by_index_and_by_name(tmp_path: Path) -> None:
    """With arithmetic of constants."""
    path = write(tmp_path / "t.py", "class_weight = {0: 1/198, 1: -1/436}\n")
    given = read_weights(str(path))
    assert given.keys == (0, 1)
    assert values(given) == [1 / 198, -1 / 436]
    path = write(tmp_path / "u.py", "class_weight = dict(A=float('nan'), B=np.inf)\n")
    given = read_weights(str(path))
    assert given.keys == ("A", "B")
    assert math.isnan(values(given)[0])
    assert values(given)[1] == math.inf


def test_arithmetic_of_arrays(tmp_path: Path) -> None:
    """``1 / counts``, as everybody writes."""
    path = write(tmp_path / "t.py", "class_weight = 1.0 / np.array([198, 436])\n")
    assert values(read_weights(str(path))) == [1 / 198, 1 / 436]


@pytest.mark.parametrize(
    "code",
    [
        "class_weight = open('/etc/passwd')",
        "class_weight = [__import__('os').system('touch pwned'), 1]",
        "class_weight = 9 ** 9 ** 9 ** 9",
        "class_weight = compute_class_weight('balanced', classes=c, y=y)",
    ],
)
def test_nothing_is_run(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only running would tell is said to be so."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.py", code)
    with pytest.raises(UsageError, match=r"nothing is run here|no list of numbers"):
        read_weights("t.py")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "code", ["class_weight = [1, 2", "x = '\0'", "(" * 500 + ")" * 500, "-" * 5000 + "1"]
)
def test_python_that_cannot_be_parsed(code: str, tmp_path: Path) -> None:
    """An error for the user."""
    with pytest.raises(UsageError):
        read_weights(str(write(tmp_path / "t.py", code)))


TWO = """\
model = dict(
    decode=dict(loss=dict(class_weight=[1.0, 2.0])),
    auxiliary=dict(loss=dict(class_weight=[3.0, 4.0])),
)
pos_weight = torch.tensor([7.5])
"""


def test_several_ask_which(tmp_path: Path) -> None:
    """With a list to choose from; each of its names works."""
    path = str(write(tmp_path / "t.py", TWO))
    with pytest.raises(AmbiguousSourceError) as error:
        read_weights(path)
    names = ["model.decode.loss.class_weight", "model.auxiliary.loss.class_weight", "pos_weight"]
    assert all(name in str(error.value) for name in names)
    assert [values(read_weights(path, name))[0] for name in names] == [1.0, 3.0, 7.5]
    assert values(read_weights(path, "decode.loss.class_weight")) == [1.0, 2.0]
    with pytest.raises(AmbiguousSourceError):
        read_weights(path, "class_weight")
    with pytest.raises(UsageError, match="no such vector"):
        read_weights(path, "alpha")


def test_knobs_beside_the_weights(tmp_path: Path) -> None:
    """Samplers, and what boosted trees have."""
    code = (
        "model.fit(x, class_weight=[1.0, 2.0])\nsampler = WeightedRandomSampler(sw, len(sw))\n"
        "model = LGBMClassifier(is_unbalance=True, scale_pos_weight=3.0)\n"
    )
    given = read_weights(str(write(tmp_path / "t.py", code)), "class_weight")
    kinds = {knob.kind for knob in given.knobs}
    assert {Kind.SAMPLER, Kind.UNBALANCE, Kind.SCALE_POS, Kind.WEIGHTS} == kinds
    plain = read_weights(
        str(write(tmp_path / "u.py", "model.fit(x, class_weight=[1.0, 2.0], sampler=None)\n"))
    )
    assert {knob.kind for knob in plain.knobs} == {Kind.WEIGHTS}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.json", "[8.16, 3.71, 2.28]"),
        ("w.json", '{"A": 8.16, "B": 3.71, "C": 2.28}'),
        ("w.json", '{"train": {"loss": {"class_weights": [8.16, 3.71, 2.28]}, "lr": 0.1}}'),
        ("w.yaml", "- 8.16\n- 3.71\n- 2.28\n"),
        ("w.yml", "model:\n  loss:\n    class_weight: {A: 8.16, B: 3.71, C: 2.28}\n"),
        ("w.yaml", "loss_weights: 8.16, 3.71, 2.28\noptimizer: {betas: [0.9, 0.999]}\n"),
        ("w.toml", "[loss]\npos_weight = [8.16, 3.71, 2.28]\n"),
        ("w.csv", "index,class,count,weight\n0,A,198,8.16\n1,B,436,3.71\n2,C,710,2.28\n"),
        ("w.csv", "A,8.16\nB,3.71\nC,2.28\n"),
        ("w.csv", "A,B,C\n8.16,3.71,2.28\n"),
        ("w.csv", "8.16,3.71,2.28\n"),
        ("w.tsv", "class\tweight\nA\t8.16\nB\t3.71\nC\t2.28\n"),
        ("w.txt", "8.16\n3.71\n2.28\n"),
        ("w.txt", "[8.16  3.71\n 2.28]"),
    ],
)
def test_text_files(name: str, content: str, tmp_path: Path) -> None:
    """Lists, mappings and tables."""
    given = read_weights(str(write(tmp_path / name, content)))
    assert values(given) == [8.16, 3.71, 2.28]
    assert given.keys in {None, ("A", "B", "C")}


def test_numbers_keep_the_digits_they_were_written_with(tmp_path: Path) -> None:
    """``0.50`` says more than ``0.5``."""
    path = write(tmp_path / "w.json", "[0.50, 1]")
    assert [n.text for n in read_weights(str(path)).numbers] == ["0.50", "1"]


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1)])
def test_arrays(shape: tuple[int, ...], tmp_path: Path) -> None:
    """In single precision, with as many digits as that has."""
    np.save(tmp_path / "w.npy", np.array([8.16, 3.71, 2.28], np.float32).reshape(shape))
    given = read_weights(str(tmp_path / "w.npy"))
    assert [n.text for n in given.numbers] == ["8.16", "3.71", "2.28"]
    np.savez(tmp_path / "w.npz", class_weight=np.ones(3), images=np.ones((4, 4)))
    assert values(read_weights(str(tmp_path / "w.npz"))) == [1, 1, 1]


@pytest.mark.parametrize("name", ["w.pt", "w.pth", "w.pkl", "w.joblib", "w.ckpt"])
def test_pickles_are_refused_with_the_way_to_export(name: str, tmp_path: Path) -> None:
    """Not even opened."""
    with pytest.raises(UsageError, match="pickle") as error:
        read_weights(str(write(tmp_path / name, b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.")))
    assert "json.dump" in str(error.value)
    assert not (tmp_path / "pwned").exists()


def test_object_arrays_are_pickles_too(tmp_path: Path) -> None:
    """NumPy refuses them, and so is said."""
    np.save(tmp_path / "w.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(UsageError, match="no plain array"):
        read_weights(str(tmp_path / "w.npy"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.json", "{"),
        ("w.json", "[" * 100_000),
        ("w.json", ""),
        ("w.json", "{}"),
        ("w.json", '["a"]'),
        ("w.yaml", "a: ["),
        ("w.yaml", "x: !!python/object/apply:os.system ['touch pwned']"),
        ("w.toml", "a = "),
        ("w.csv", ""),
        ("w.csv", "a,b\nc,d\n"),
        ("w.npy", "no array"),
        ("w.npz", "no archive"),
        ("w.h5", "x"),
        ("weights", "1,2"),
    ],
)
def test_damaged_files(name: str, content: str, tmp_path: Path) -> None:
    """An error for the user, never a crash."""
    with pytest.raises(UsageError):
        read_weights(str(write(tmp_path / name, content)))
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    "scheme", ["balanced", "pos-weight", "logit-adjustment", "sampler", "deferred"]
)
def test_our_own_weights(scheme: str, tmp_path: Path) -> None:
    """Every role, with what is recorded."""
    counts = dict(list(FOUR.items())[: 2 if scheme == "pos-weight" else 4])
    made = suggest(counts, scheme)
    path = write(tmp_path / "w.json", json.dumps(made.to_dict()))
    given = read_weights(str(path))
    assert given.recorded == made
    assert values(given) == made.values.tolist()


def test_a_suggestion_asks_which_scheme(tmp_path: Path) -> None:
    """It holds one vector for each."""
    path = str(write(tmp_path / "s.json", json.dumps(suggest(FOUR).to_dict())))
    with pytest.raises(AmbiguousSourceError, match="balanced"):
        read_weights(path)
    recorded = read_weights(path, "log").recorded
    assert recorded is not None
    assert recorded.scheme == "log"


def test_our_own_weights_spoilt_by_hand(tmp_path: Path) -> None:
    """NaN is read; what is missing is named."""
    data = suggest(FOUR, "balanced").to_dict()
    data["classes"][1]["weight"] = float("nan")
    given = read_weights(str(write(tmp_path / "w.json", json.dumps(data))))
    assert math.isnan(values(given)[1])
    assert given.keys == ("A", "B", "C", "D")
    del data["classes"][1]["weight"]
    with pytest.raises(UsageError, match="damaged"):
        read_weights(str(write(tmp_path / "w.json", json.dumps(data))))


def nested(depth: int, inner: str) -> str:
    """Mappings in mappings."""
    return '{"a":' * depth + inner + "}" * depth


FOUND = {
    "one row": ("w.json", '{"class_weight": [[2.0, 1.0]]}'),
    "beside a list of one": ("w.json", '{"steps": [5], "class_weight": [2.0, 1.0]}'),
    "deep": ("w.json", nested(50, '{"class_weight": [2.0, 1.0]}')),
    "in two bytes a character": ("w.csv", "\ufeffclass,weight\nA,2.0\nB,1.0\n"),
}


@pytest.mark.parametrize(("name", "content"), FOUND.values(), ids=FOUND)
def test_files_whose_shape_is_odd(name: str, content: str, tmp_path: Path) -> None:
    """All hold 2 and 1; what begins with a mark of UTF-16 is written so, as Excel and PowerShell do."""
    encoding = "utf-16" if content.startswith("\ufeff") else "utf-8"
    path = write(tmp_path / name, content.removeprefix("\ufeff").encode(encoding))
    assert values(read_weights(str(path))) == [2.0, 1.0]


def test_nothing_is_searched_for_below_all_bounds(tmp_path: Path) -> None:
    """Neither vectors, nor numbers for ``--key``, nor knobs."""
    inner = '{"class_weight": [2.0, 1.0], "alpha": 0.3, "scale_pos_weight": 5, "loss": "focal"}'
    path = write(tmp_path / "w.json", nested(70, inner))
    for key in (None, "alpha"):
        with pytest.raises(UsageError, match=r"no weights found|no such vector"):
            read_weights(str(path), key)


def test_damaged_weights_of_our_own(tmp_path: Path) -> None:
    """A weight that was taken out by hand."""
    own = suggest(FOUR, "balanced").to_dict()
    own["classes"][1] = {"index": 1, "name": "B", "count": 436, "weight": None}
    path = write(tmp_path / "w.json", json.dumps(own))
    with pytest.raises(UsageError, match="damaged: one of the weights is no number"):
        read_weights(str(path))


def test_many_vectors_are_not_all_listed(tmp_path: Path) -> None:
    """Twelve, and how many more."""
    vectors = {f"head{i}": {"class_weight": [1.0, float(i)]} for i in range(15)}
    path = write(tmp_path / "w.json", json.dumps(vectors))
    with pytest.raises(AmbiguousSourceError) as error:
        read_weights(str(path))
    assert "head11.class_weight: 1.0, 11.0\n  … 3 more" in str(error.value)
    assert "head12" not in str(error.value)


def test_an_array_of_all_pixels_is_no_weights(tmp_path: Path) -> None:
    """It is told by its size, before a number of it is read."""
    path = tmp_path / "w.npy"
    np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=(20_000_001,))
    with pytest.raises(UsageError, match="20,000,001 numbers are too many"):
        read_weights(str(path))
