"""Which ``pos_weight`` works for many sparse labels: the study of docs/studies/pos_weight.md.

Fits every label with pos_weight = (negatives / positives)^γ for γ = 0, ¼, ½, ¾, 1, answers at one
half, with one tuned threshold for all labels, with one per label, and with the k most probable
labels, and says what each is worth and what it does to probabilities. Everything that is chosen is
chosen on the training rows. The parts are in ``pos_weights/``.

Run: python benchmarks/pos_weight_study.py --medical medical.arff --cooking cooking.txt
     --yeast yeast.csv.gz --out docs/studies
``--results FILE`` keeps the numbers of all trials, ``--draw FILE`` makes page and figures from them
again, ``--tiny`` takes seconds.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pos_weights.figures import draw
from pos_weights.page import write
from pos_weights.records import record
from pos_weights.settings import READERS, Group, real, synthetic, tiny
from pos_weights.trial import run


def trials(group: Group) -> dict[str, Any]:
    """All trials of a group, as plain numbers."""
    begun = time.monotonic()
    records = [record(run(split, group.c)) for split in group.splits()]
    seconds = time.monotonic() - begun
    print(f"{group.name:20} {len(records)} trials, {seconds:.0f} s", flush=True)
    return {"facts": group.facts, "c": group.c, "folds": group.folds, "trials": records}


def study(groups: list[Group]) -> dict[str, Any]:
    """All groups, and what they were run with."""
    begun = time.monotonic()
    found = {group.name: trials(group) for group in groups}
    return {
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in ("imbweights", "numpy", "scipy", "scikit-learn")},
        "groups": found,
    }


def main(arguments: list[str]) -> int:
    """Run or read the trials, then write tables and figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for name in READERS:
        parser.add_argument(f"--{name}", type=Path, help=f"the file of the set {name}")
    parser.add_argument("--tiny", action="store_true", help="two small groups of drawn rows only")
    parser.add_argument("--results", type=Path, help="write the numbers of all trials here")
    parser.add_argument("--draw", type=Path, help="read them from here instead of running")
    parser.add_argument("--out", type=Path, help="folder of pos_weight.md; figures go beside it")
    given = parser.parse_args(arguments)
    if given.draw is not None:
        found = json.loads(given.draw.read_text(encoding="utf-8"))
    else:
        paths = {n: getattr(given, n) for n in READERS if getattr(given, n) is not None}
        found = study(tiny() if given.tiny else [*real(paths), *synthetic()])
    if given.results is not None:
        given.results.write_text(json.dumps(found), encoding="utf-8")
    if given.out is not None:
        write(found, given.out)
        draw(found, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
