"""Signals, full disks, closed pipes, places that cannot be written to."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fault_processes import LONGEST, command, ended, started
from PIL import Image

LABELS = "class\n" + "".join(
    f"{name}\n" * n for name, n in zip("ABCD", (198, 436, 710, 272), strict=True)
)
needs_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with labels in it."""
    (tmp_path / "labels.csv").write_text(LABELS)
    return tmp_path


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Masks that take some seconds to count."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "masks").mkdir()
    values = np.random.default_rng(0).integers(0, 20, (1024, 2048), dtype=np.uint8)
    Image.fromarray(values).save(folder / "masks/000.png")
    for i in range(1, 4000):
        os.link(folder / "masks/000.png", folder / f"masks/{i:04}.png")
    return folder


def children(group: int) -> list[int]:
    """The processes of a group that are left."""
    found = subprocess.run(
        ["ps", "-e", "-o", "pgid=,pid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in found.stdout.splitlines()]
    return [
        int(pid) for pgid, pid, state in rows if int(pgid) == group and not state.startswith("Z")
    ]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_ends_the_command_in_order(
    many: Path, number: int, status: int, jobs: str
) -> None:
    """The status is the usual one; the old file stays; no worker and no temporary file is left."""
    (many / "counts.json").write_text("old")
    process = started(
        ["analyze", "masks", "--jobs", jobs, "--no-cache", "-o", "counts.json"],
        many,
        {"TMPDIR": str(many)},
    )
    time.sleep(2.0)
    assert process.poll() is None, "it ended before the signal came"
    os.kill(process.pid, number)
    done = ended(process)
    assert done.code == status, done.err
    assert "Traceback" not in done.err
    assert (many / "counts.json").read_text() == "old"
    time.sleep(0.2)
    assert children(process.pid) == []
    assert sorted(p.name for p in many.iterdir() if p.name != ".imbweights_cache") == [
        "counts.json",
        "masks",
    ]


def test_a_copy_of_standard_input_does_not_outlive_a_signal(folder: Path) -> None:
    """What came by a pipe is kept in a temporary folder while it is read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "imbweights", "analyze", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stdin is not None
    process.stdin.write("class\n" + "a\n" * 100_000)
    process.stdin.flush()
    for _ in range(200):
        if any(p.name.startswith("imbweights-") for p in folder.iterdir()):
            break
        time.sleep(0.05)
    else:
        pytest.fail("it never began to read")
    process.terminate()
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 143, err
    assert [p.name for p in folder.iterdir()] == ["labels.csv"]


@needs_full
@pytest.mark.parametrize("name", ["analyze", "suggest", "check"])
def test_a_full_disk_behind_standard_output_is_said(folder: Path, name: str) -> None:
    """Status 2 and not 1, which would mean findings."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "imbweights", name, "labels.csv", "--no-cache"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            check=False,
            timeout=LONGEST,
        )
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@needs_full
def test_nobody_to_hear_notes_changes_no_result(folder: Path) -> None:
    """Standard error is full; the result is there, and the status is its own."""
    (folder / "labels.csv").write_text(LABELS + "\n\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "imbweights",
                "analyze",
                "labels.csv",
                "--no-cache",
                "--ignore-label",
                "E",
            ],
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            cwd=folder,
            check=False,
            timeout=LONGEST,
        )
    assert done.returncode == 0
    assert "710" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "labels.csv", "-o", "out.html"],
        ["analyze", "labels.csv", "-o", "out.json"],
        ["plot", "labels.csv", "-o", "out.svg"],
        ["check", "labels.csv", "--write-baseline", "--baseline", "out.json"],
        ["suggest", "labels.csv", "-o", "out.csv"],
    ],
    ids=lambda given: given[0],
)
def test_a_disk_that_fills_while_writing_leaves_the_old_file(
    folder: Path, arguments: list[str]
) -> None:
    """Files may take 64 bytes: every write fails in its middle, as on a full disk."""
    target = folder / arguments[-1]
    target.write_text("old")

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    done = subprocess.run(
        [sys.executable, "-m", "imbweights", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        timeout=LONGEST,
        preexec_fn=small_files,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_text() == "old"
    left = {p.name for p in folder.iterdir()} - {".imbweights_cache"}
    assert left == {"labels.csv", target.name}


def test_a_folder_that_cannot_be_written_to_is_worked_in(folder: Path) -> None:
    """There is no cache then, and nothing else is different."""
    usual = command("analyze", "labels.csv", "--no-cache", folder=folder)
    (folder / ".imbweights_cache").write_text("no folder")  # root may write anywhere
    folder.chmod(0o555)
    try:
        done = command("analyze", "labels.csv", folder=folder)
    finally:
        folder.chmod(0o755)
    assert (done.code, done.out) == (0, usual.out)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "command_line",
    ["analyze labels.csv --all", "suggest labels.csv", "check labels.csv", "--help", "rule IMB001"],
)
def test_a_closed_pipe_is_no_finding(folder: Path, command_line: str) -> None:
    """``| head -1``: the status is that of the command, and nothing is said."""
    script = f"{sys.executable} -m imbweights {command_line} 2>err | head -c 1 > /dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=folder, check=True
    )
    assert done.stdout.strip() == "0"
    assert "Broken" not in (folder / "err").read_text()


BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}


@pytest.mark.parametrize(
    "environment",
    [
        BARE,
        {**BARE, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {**BARE, "HOME": "/nowhere", "TERM": "dumb"},
    ],
    ids=["no home", "C locale", "a home that is not there"],
)
@pytest.mark.parametrize("name", ["analyze", "suggest", "check", "report", "plot"])
def test_a_bare_environment_is_enough(folder: Path, environment: dict[str, str], name: str) -> None:
    """No home, no locale, no terminal; names that the locale lacks are written as escapes."""
    (folder / "labels.csv").write_text("class\n" + "猫\n" * 40 + "b\n" * 90, encoding="utf-8")
    outputs = {"report": ["-o", "out.html"], "plot": ["-o", "out.svg"]}.get(name, [])
    done = subprocess.run(
        [sys.executable, "-m", "imbweights", name, "labels.csv", *outputs],
        capture_output=True,
        cwd=folder,
        check=False,
        timeout=LONGEST,
        env=environment,
    )
    err = done.stderr.decode(errors="replace")
    assert done.returncode == 0, err
    assert "Traceback" not in err
    if not outputs and name != "check":
        assert b"90" in done.stdout


def test_a_clock_that_was_set_back_harms_nothing(folder: Path) -> None:
    """Files, what was counted before, and a lock that a killed run left, are all from the future."""
    command("analyze", "labels.csv", folder=folder)
    assert (
        command(
            "check", "labels.csv", "--write-baseline", "--baseline", "base.json", folder=folder
        ).code
        == 0
    )
    (folder / ".base.json.lock").touch()
    future = time.time() + 86_400 * 365
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (future, future))
    begun = time.monotonic()
    assert (
        command(
            "check", "labels.csv", "--write-baseline", "--baseline", "base.json", folder=folder
        ).code
        == 0
    )
    assert time.monotonic() - begun < 25, "it waited for a lock that nobody holds"
    (folder / "labels.csv").write_text(LABELS + "A\n")
    os.utime(folder / "labels.csv", (future, future))
    done = command("analyze", "labels.csv", "--format", "csv", folder=folder)
    assert "A,199" in done.out
