"""Make the pictures of the README and of docs/plot.md from real output: screens by rich's own SVG
export, plots by ``imbweights plot``.

Run from the top of the repository: ``python scripts/make_screens.py``. With ``--check`` it
changes nothing and fails when a picture is out of date.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

TOP = Path(__file__).parent.parent
IMAGES = TOP / "docs" / "images"
WIDTH = 80
SCREENS = {
    "analyze": "analyze sample_data/four_classes.csv",
    "suggest": "suggest sample_data/four_classes.csv",
}
PLOTS = {
    "plot_bar": "sample_data/four_classes.csv",
    "plot_tail": "sample_data/articles.csv",
    "plot_splits": "sample_data/coco --kind splits",
    "plot_weights": "sample_data/four_classes.csv --kind weights --scheme balanced,sqrt-inverse,effective",
    "plot_cooccurrence": "sample_data/tags.csv --label tag_* --kind cooccurrence",
}


def picture(arguments: str) -> str:
    """One command and its output as SVG."""
    run = subprocess.run(
        [sys.executable, "-m", "imbweights", *arguments.split(), "--no-cache"],
        capture_output=True,
        check=True,
        cwd=TOP,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"},
    )
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ imbweights {arguments}", style="bold green"))
    console.print(Text.from_ansi(run.stdout.decode("utf-8")))
    svg = console.export_svg(title="imbweights", unique_id="imbweights")
    # The page must not fetch a font from elsewhere; the sizes do not depend on it.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


def plot(arguments: str) -> str:
    """What ``imbweights plot`` draws for these arguments, beside the sample data."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(TOP / "sample_data", folder / "sample_data")
        command = [*arguments.split(), "-o", "plot.svg", "--no-cache"]
        subprocess.run(
            [sys.executable, "-m", "imbweights", "plot", *command],
            capture_output=True, check=True, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1"},
        )  # fmt: skip
        svg = (folder / "plot.svg").read_text(encoding="utf-8")
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


def words_in(svg: str) -> list[str]:
    """The text of a picture; its drawing may change with rich's version."""
    return html.unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))).split()


def main() -> None:
    """Write the pictures, or compare them."""
    stale = []
    made = {name: picture(arguments) for name, arguments in SCREENS.items()}
    made |= {name: plot(arguments) for name, arguments in PLOTS.items()}
    for name, svg in made.items():
        path = IMAGES / f"{name}.svg"
        if "--check" not in sys.argv:
            path.write_text(svg, encoding="utf-8", newline="\n")
        elif not path.exists() or words_in(path.read_text(encoding="utf-8")) != words_in(svg):
            stale.append(path.name)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run python scripts/make_screens.py")


if __name__ == "__main__":
    main()
