"""Running printed MATLAB code in GNU Octave, with stubs where it calls MathWorks' toolboxes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

STUBS = Path(__file__).parent / "octave_stubs"


def needs_octave() -> str:
    """The path of Octave, or skip the module, saying so; fail where frameworks are required."""
    found = shutil.which("octave")
    if found is not None:
        return found
    if os.environ.get("IMBWEIGHTS_REQUIRE_FRAMEWORKS") == "1":
        raise RuntimeError("GNU Octave is missing, and IMBWEIGHTS_REQUIRE_FRAMEWORKS is 1")
    pytest.skip("needs GNU Octave (octave on the PATH)", allow_module_level=True)


def run(
    folder: Path,
    files: Mapping[str, str],
    script: str,
    *,
    stubs: bool = True,
    **arrays: npt.ArrayLike,
) -> Any:
    """What ``script`` put into the struct ``out``, through JSON.

    ``files``: further .m files beside it, as name → text. ``arrays`` are variables of the script,
    of the same shape. An Octave error or warning fails the test.
    """
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    lines = [
        "1;",
        f"addpath('{folder}');",
        f"addpath('{STUBS}');" if stubs else "",
        *(f"{name} = {_literal(np.asarray(value))};" for name, value in arrays.items()),
        script,
        f"file = fopen('{folder / 'out.json'}', 'w');",
        "fputs(file, jsonencode(out)); fclose(file);",
    ]
    (folder / "main.m").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [needs_octave(), "--no-gui", "--norc", "--quiet", str(folder / "main.m")],
        capture_output=True,
        encoding="utf-8",
        env={k: v for k, v in os.environ.items() if k != "DISPLAY"},
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warning:" not in done.stderr
    assert done.stdout == ""
    return json.loads((folder / "out.json").read_text(encoding="utf-8"))


def _literal(array: npt.NDArray[np.generic]) -> str:
    shape = array.shape if array.ndim > 1 else (array.size, 1)
    numbers = " ".join(
        "NaN" if np.isnan(v) else repr(float(v)) for v in array.astype(float).ravel(order="F")
    )
    return f"reshape([{numbers}], [{' '.join(map(str, shape))}])"
