"""All benchmarks, in one command; writes docs/benchmarks.md and docs/scaling.md.

``python benchmarks/run.py`` makes the data (in a temporary folder, or in ``--data DIR``, where it
is kept), runs imbweights and what a user would type instead in turns, and writes the pages.
``--only csv,masks`` measures some and keeps the other numbers of ``benchmarks/results.json``;
``--quick`` is a look at whether everything runs and counts alike, on tiny data, and writes no page
unless ``--out`` says where; ``--pages`` only writes the pages anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from comparisons import COMPARISONS
from comparisons.cache import is_there
from measuring import WrongError, measured
from pages import machine, write_pages
from scaling import measured_scaling

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
RESULTS = HERE / "results.json"
SCRIPTS = {
    "sweep": ("sweep.py", (), ("--labels", "8", "--rows", "400", "--measured", "4")),
    "rules": ("rules.py", (), ()),
}
PARTS = (*COMPARISONS, "scaling", *SCRIPTS)


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def one(name: str, folder: Path, chosen: argparse.Namespace) -> Any:
    """The numbers of one part, ready for JSON."""
    if name == "scaling":
        rounds = chosen.rounds or (1 if chosen.quick else 3)
        return measured_scaling(folder, quick=chosen.quick, rounds=rounds, say=say)
    if name in SCRIPTS:
        script, usual, tiny = SCRIPTS[name]
        rounds = ("--rounds", "1") if name == "sweep" else ()
        command = [sys.executable, str(HERE / script), *(tiny if chosen.quick else usual), *rounds]
        done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
        return {"printed": done.stdout}
    comparison = COMPARISONS[name]
    if name == "cache" and not is_there():
        return {"absent": "this version does not keep what it counted"}
    data = comparison.make(folder, chosen.quick)
    rounds = chosen.rounds or (1 if chosen.quick else comparison.rounds)
    found = measured(comparison, data, rounds)
    return {
        "runs": {
            way: [[round(r.seconds, 4), round(r.memory, 1), round(r.cpu, 4)] for r in runs]
            for way, runs in found.runs.items()
        },
        "missing": found.missing,
    }


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, help="where the data is made and kept")
    parser.add_argument("--only", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="instead of what each comparison says")
    parser.add_argument("--quick", action="store_true", help="tiny data, one round")
    parser.add_argument("--pages", action="store_true", help="only write the pages anew")
    parser.add_argument("--out", type=Path, help="folder for the pages, instead of docs/")
    chosen = parser.parse_args()
    chosen.parts = chosen.only.split(",") if chosen.only else list(PARTS)
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return chosen


def main() -> None:
    """Measure what was asked for, part by part, and write the pages."""
    chosen = arguments()
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
    # What is measured on tiny data must not end up among the others.
    kept = (chosen.out / "results.json") if chosen.quick and chosen.out else RESULTS
    results: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if not chosen.pages:
        with tempfile.TemporaryDirectory(prefix="imbweights-benchmark-") as temporary:
            folder = chosen.data or Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            for name in chosen.parts:
                say(f"== {name}")
                try:
                    results[name] = one(name, folder.resolve(), chosen) | {"machine": machine()}
                except WrongError as error:
                    sys.exit(str(error))
                if not chosen.quick or chosen.out:
                    kept.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if not chosen.quick or chosen.out:
        write_pages(results, chosen.out or DOCS)


if __name__ == "__main__":
    main()
