"""What fits on a screen, what a newcomer finds, and how fast it starts."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from support import run, write

from imbweights.cli.commands import COMMANDS

HEAVY = ("numpy", "pandas", "sklearn", "duckdb", "scipy", "matplotlib")


def ten_classes() -> str:
    """Ten classes with names of usual length and a long tail."""
    names = [
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ]
    return ",".join(f"{name}={5000 // 3**i + 1}" for i, name in enumerate(names))


@pytest.mark.parametrize("command", ["analyze", "suggest"])
def test_ten_classes_fit_24_lines_of_80_columns(command: str) -> None:
    """The default output, whole."""
    out = run(command, "--counts", ten_classes()).out.splitlines()
    assert len(out) <= 24
    assert all(cell_len(line) <= 80 for line in out if "imbweights" not in line)


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_every_width(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: str) -> None:
    """Wide, right-to-left and emoji names included; only commands to copy may be longer."""
    monkeypatch.setenv("COLUMNS", width)
    names = [
        "日本語の長い名前です",
        "עברית",
        "🐈‍⬛ cat",
        "a very long class name that will not fit anywhere",
        "x",
    ]
    write(tmp_path / "a.csv", "label\n" + "".join(f"{n}\n" * (i + 2) for i, n in enumerate(names)))
    for arguments in (("analyze",), ("suggest", "--scheme", "log")):
        out = run(*arguments, "a.csv").out
        assert "x" in out
        assert all(
            cell_len(line) <= int(width) for line in out.splitlines() if "imbweights" not in line
        )


def test_help_names_the_command_for_each_question() -> None:
    """From --help alone."""
    text = run("--help").out
    for question, command in {
        "Is this data set imbalanced?": "imbweights analyze labels.csv",
        "counts 198, 436, 710, 272": "imbweights suggest --counts A=198,B=436,C=710,D=272",
        "pos_weight per label for a 0/1 table": "--label 'tag_*' --scheme pos-weight",
        "In which order do the weights go?": "imbweights suggest labels.csv --scheme balanced",
        "Does weighting help on this data": "imbweights sweep data.csv --label y",
        "Are the weights that I use right?": "imbweights audit .12,.26,.43,.17 --on labels.csv",
    }.items():
        assert question in text
        assert command in text
    assert "analyze" in text
    assert "suggest" in text
    assert "sweep" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_of_the_help_run(
    command: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command's help ends with two, and all work where the sample data are."""
    shutil.copytree(samples, tmp_path / samples.name)
    monkeypatch.setenv("COLUMNS", "200")
    text = run(command, "--help").out
    examples = [
        line.strip() for line in text.splitlines() if line.strip().startswith("imbweights ")
    ]
    assert len(examples) >= 2
    help_of_cache = "--no-cache" in text
    for example in examples:
        arguments = [*shlex.split(example)[1:], *(["--no-cache"] if help_of_cache else [])]
        done = run(*arguments)
        # loss reports what the sample predictions are made to show: a loss that is not finite.
        assert done.code in ({0, 1} if command == "loss" else {0}), done.err
        assert "error:" not in done.err


def test_help_groups_commands_by_what_the_user_wants() -> None:
    """Every command in one of four panels, in this order."""
    text = run("--help").out
    places = [text.index(f"─ {c.panel} ─") for c in COMMANDS.values()]
    assert places == sorted(places)
    assert len(set(places)) == 4


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["analyse"], "'analyze'"),
        (["plt"], "'plot'"),
        (["sugest"], "'suggest'"),
        (["analyze", "--lable", "x"], "--label"),
        (["suggest", "--shceme", "log"], "--scheme"),
        (["suggest", "--scheme", "blanced"], "balanced"),
        (["suggest", "--for", "touch"], "torch"),
        (["suggest", "--normalize", "sum-1"], "'sum1'"),
        (["analyze", "--format", "jsn"], "'json'"),
        (["analyze", "--class-order", "sortd"], "'sorted'"),
        (["analyze", "--label", "lable"], "'label'"),
        (["analyze", "--label", "label", "--split", "splt"], "'split'"),
        (["analyze", "--count-column", "labl"], "'label'"),
        (["suggest", "--label", "label", "--split", "split", "--use-split", "trian"], "'train'"),
        (["suggest", "--label", "label", "--scheme", "pos-weight", "--positive", "catt"], "'cat'"),
        (["analyze", "--as", "csvv"], "'csv'"),
        (["audit", "1,2", "--used-as", "clas-weight"], "'class-weight'"),
        (["rule", "IMB0001"], "IMB001"),
        (["plot", "--kind", "weigths"], "weights"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_did_you_mean(arguments: list[str], meant: str, tmp_path: Path) -> None:
    """Misspelt commands, options, columns, classes, splits, schemes, frameworks and choices."""
    write(tmp_path / "a.csv", "label,split\n" + "cat,train\ndog,train\ncat,val\n" * 30)
    command = arguments[0]
    if command in {"analyze", "suggest"}:
        arguments = [command, "a.csv", *arguments[1:]]
    elif command == "audit":
        arguments = [*arguments, "--on", "a.csv"]
    done = run(*arguments, *(["--no-cache"] if command in {"analyze", "suggest"} else []))
    assert done.code == 2
    flat = " ".join(done.err.replace("│", " ").split())
    assert re.search(rf"(?i)(did you mean|possible options:).*{re.escape(meant)}", flat), flat


def test_version_and_unknown_commands() -> None:
    """The version; a suggestion for a slip; usage without arguments."""
    assert run("--version").out.startswith("imbweights 0.")
    slip = run("analyse")
    assert slip.code == 2
    assert "analyze" in slip.err
    assert run("analyze", "--lable", "x").code == 2


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """Which heavy modules a command has loaded by the time it exits."""
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        f"from imbweights.cli import main\nmain({list(arguments)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=cwd
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["analyze", "--help"],
        ["suggest", "--help"],
        ["sweep", "--help"],
        ["audit", "--help"],
        ["plot", "--help"],
        ["loss", "--help"],
        ["rule", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """None of pandas, scikit-learn, DuckDB, NumPy."""
    assert loaded(*arguments, cwd=tmp_path) == set()


def test_commands_load_neither_pandas_nor_scikit_learn(tmp_path: Path, samples: Path) -> None:
    """Counting and weighting need NumPy and DuckDB."""
    path = str(samples / "four_classes.csv")
    assert loaded("analyze", path, cwd=tmp_path) <= {"numpy", "duckdb"}
    assert loaded("suggest", path, cwd=tmp_path) <= {"numpy", "duckdb"}
    assert loaded("audit", "4,2,1,3", "--on", path, cwd=tmp_path) <= {"numpy", "duckdb"}


def test_suggest_loads_no_scikit_learn_but_for_a_sweep(tmp_path: Path, samples: Path) -> None:
    """Nor does a sweep load matplotlib, unless a plot is asked for."""
    arguments = ("suggest", str(samples / "anomaly.csv"), "--label", "status", "--no-cache")
    assert "sklearn" not in loaded(*arguments, cwd=tmp_path)
    found = loaded(*arguments, "--sweep", cwd=tmp_path)
    assert "sklearn" in found
    assert "matplotlib" not in found


def test_importing_the_package_loads_nothing_heavy() -> None:
    """The API is lazy."""
    code = f"import sys, imbweights; sys.exit(any(m in sys.modules for m in {HEAVY!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    """``| head -1`` prints one line and nothing on standard error."""
    counts = ",".join(f"class_{i}={i + 1}" for i in range(3_000))
    write(tmp_path / "counts.csv", "label,count\n" + counts.replace(",", "\n").replace("=", ","))
    command = (
        f"{sys.executable} -m imbweights analyze counts.csv --label label --count-column count --all"
        " --no-cache | head -1; echo ${PIPESTATUS[0]}"
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[0].startswith("Extreme imbalance")
    assert done.stdout.splitlines()[1] == "0"
    assert done.stderr == ""


def test_colour_only_where_it_is_wanted(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a pipe; NO_COLOR is obeyed."""
    path = samples / "four_classes.csv"
    assert "\x1b" not in run("analyze", path).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("analyze", path).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("analyze", path).out
