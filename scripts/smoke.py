"""Try an installed wheel from outside, in an environment that has it and what it needs, nothing else.

    python3 -m venv fresh && fresh/bin/pip install . && fresh/bin/python scripts/smoke.py

Every command runs on the sample data; what needs an extra that is not there says which. Fails at the
first answer that is another.
"""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLOW = 300


@dataclass(frozen=True)
class Try:
    """A command, its exit status, and words of its answer; ``extra``: a module that it needs, and
    the extra that brings it.
    """

    command: str
    words: str
    code: int = 0
    extra: tuple[str, str] | None = None


# As the README has them; every command of the front page is here.
TRIES = (
    Try("--version", "imbweights "),
    Try("--help", "sweep"),
    Try("analyze sample_data/anomaly.csv --label status", "imbalance"),
    Try("analyze sample_data/masks --classes background,crack", "crack"),
    Try("analyze sample_data/yolo", "cow"),
    Try("analyze sample_data/coco --count images", "images"),
    Try("suggest sample_data/four_classes.csv --scheme inverse", "8.16162"),
    Try("suggest sample_data/four_classes.csv --for torch", "torch.tensor"),
    Try("sweep sample_data/anomaly.csv --label status", "threshold"),
    Try("audit .12,.26,.43,.17 --on sample_data/four_classes.csv --exit-zero", "A"),
    Try("loss sample_data/predictions.npy --targets sample_data/targets.csv --exit-zero", "NaN"),
    Try("check sample_data/messy.csv --exit-zero", "IMB003"),
    Try("check sample_data/messy.csv", "IMB003", code=1),
    Try("rule IMB003", "IMB003"),
    Try("config", ""),
    Try("init --help", "baseline"),
    Try("plot sample_data/four_classes.csv -o classes.svg", "", extra=("matplotlib", "report")),
    Try("report sample_data/yolo -o report.html", "", extra=("jinja2", "report")),
    Try("report sample_data/yolo -o report.md", ""),
    Try("analyze volume.nii", "", extra=("nibabel", "volumes")),
    Try(
        "analyze --database sqlite:///a.db --query 'select 1 as label'",
        "",
        extra=("sqlalchemy", "sql"),
    ),
)


def one_voxel() -> bytes:
    """A NIfTI-1 file of one voxel."""
    header = bytearray(352)
    header[0:4] = (348).to_bytes(4, "little")
    for at, number in ((40, 3), (42, 1), (44, 1), (46, 1), (70, 2), (72, 8)):
        header[at : at + 2] = number.to_bytes(2, "little")
    header[110:112] = b"\xb0\x43"  # the voxels begin at byte 352.0
    header[344:348] = b"n+1\0"
    return bytes(header) + b"\1"


def answered(each: Try, folder: Path) -> str:
    """What is wrong with the answer, or nothing."""
    program = Path(sysconfig.get_path("scripts")) / "imbweights"
    done = subprocess.run(
        [str(program), *shlex.split(each.command)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        timeout=SLOW,
        check=False,
    )
    both = done.stdout + done.stderr
    wanted, words = each.code, each.words
    if each.extra and importlib.util.find_spec(each.extra[0]) is None:
        wanted, words = 2, f"pip install 'imbweights[{each.extra[1]}]'"
    if "Traceback" in both or done.returncode != wanted or words not in both:
        return f"{each.command}: exit {done.returncode}, not {wanted} with {words!r}\n{both}"
    return ""


def main() -> None:
    """Try everything in a folder with only the sample data."""
    spec = importlib.util.find_spec("imbweights")
    if spec is None or not spec.origin or Path(spec.origin).is_relative_to(ROOT / "imbweights"):
        raise SystemExit(
            "install the package first, not for editing (-e): see the top of this file"
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sample_data", folder / "sample_data")
        (folder / "volume.nii").write_bytes(one_voxel())
        for each in TRIES:
            wrong = answered(each, folder)
            if wrong:
                raise SystemExit(wrong)
            print(f"fine: imbweights {each.command}", flush=True)
    print(f"{len(TRIES)} commands answered on Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
