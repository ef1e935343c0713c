"""The tables of the page, and all means as CSV."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from pos_weights.choosing import DECISIONS, EACH, ONE, TOP
from pos_weights.records import BIN_NAMES
from pos_weights.summary import (
    AT_HALF,
    EMPTY,
    MACRO,
    MICRO,
    PLAIN_TUNED,
    SIGNS,
    WAYS,
    Found,
    Way,
    advised,
    best,
    by_positives,
    groups,
    predicted_gamma,
    shortfalls,
)
from pos_weights.trial import GAMMAS

PAGE, NUMBERS = "pos_weight.md", "pos_weight.csv"
SHOWN = (*AT_HALF, *PLAIN_TUNED, Way(0.5, ONE))
_HEAD = [
    *("at ½: γ = 0", "γ = ¼", "γ = ½", "γ = ¾", "γ = 1"),
    *("γ = 0: one threshold", "one per label", "top k", "γ = ½: one threshold"),
]


def write(found: dict[str, Any], folder: Path) -> None:
    """Replace what is between the markers of the page, and the CSV file beside it."""
    every = sorted(groups(found), key=lambda group: group.is_real)
    parts = {
        "advised": f"<!-- γ = {advised(every):g} -->",
        "macro": _scores(_two_on(every), MACRO),
        "active": _scores([g for g in every if g.facts["labels"] == 100 and not g.is_real and g.c < 1], MACRO),
        "case": _case(every),
        "shortfall": _shortfall(every),
        "positives": _positives(every),
        "calibration": _calibration(_two_on(every)),
        "predicted": _predicted(_two_on(every)),
        "run": _run(found),
    }  # fmt: skip
    path = folder / PAGE
    text = path.read_text(encoding="utf-8") if path.exists() else _empty(parts)
    for name, made in parts.items():
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        after = rest.partition("<!-- end -->")[2]
        if mark:
            text = f"{before}{mark}{made}\n<!-- end -->{after}"
    path.write_text(text, encoding="utf-8")
    _numbers(every, folder / NUMBERS)


def _empty(parts: dict[str, str]) -> str:
    return "".join(f"<!-- {name} -->\n<!-- end -->\n\n" for name in parts)


def _two_on(every: list[Found]) -> list[Found]:
    return [g for g in every if g.is_real or g.facts["active"] == 2]


def _table(head: list[str], rows: list[list[str]], left: int = 1) -> str:
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *rows])


def title(group: Found) -> str:
    """What a group is, in few words."""
    facts = group.facts
    if group.is_real:
        return f"{facts['set']}, C = {group.c:g}"
    return (
        f"{facts['labels']:,} labels, {facts['active']} on, d = {facts['distance']:g}, "
        f"C = {group.c:g}"
    )


def _number(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _scores(some: list[Found], which: int) -> str:
    rows = []
    for group in some:
        top, near = best(group, SHOWN, which)
        cells = []
        for way in SHOWN:
            text = _number(group.mean(way, which))
            cells.append(f"**{text}**" if way == top else text + "≈" * (way in near))
        rows.append([title(group), f"{group.ratio:,.0f}", *cells])
    return _table(["data", "ratio", *_HEAD], rows)


def _case(every: list[Found]) -> str:
    """All that matters about 1000 labels, two on."""
    wanted = [g for g in every if g.facts["labels"] == 1000 and g.facts["distance"] == 3]
    ways = (*AT_HALF, *PLAIN_TUNED, Way(0.5, ONE), Way(0.5, EACH), Way(0.5, TOP))
    rows = []
    for way in ways:
        cells = [way.name]
        for group in wanted:
            cells += [
                f"{_number(group.mean(way, w))} ± {_number(group.error(way, w))}"
                for w in (MACRO, MICRO)
            ]
            cells.append(f"{group.mean(way, EMPTY):.0%}")
        rows.append(cells)
    head = ["way"]
    for group in wanted:
        head += [f"C = {group.c:g}: macro F1", "micro F1", "rows without an answer"]
    return _table(head, rows)


def _shortfall(every: list[Found]) -> str:
    rows = []
    for way in WAYS:
        cells = [way.name]
        for some in ([g for g in every if not g.is_real], [g for g in every if g.is_real]):
            for which in (MACRO, MICRO):
                short = [value for _, value in shortfalls(some, way, which)]
                cells.append(
                    f"{_number(float(np.mean(short)))} ({_number(max(short))})" if short else "–"
                )
        rows.append(cells)
    head = ["way", "drawn: macro F1", "drawn: micro F1", "real: macro F1", "real: micro F1"]
    return _table(head, rows)


def _positives(every: list[Found]) -> str:
    """F1 of labels by their positives: drawn, two on, distance 3."""
    rows = []
    for c in sorted({g.c for g in every if not g.is_real}):
        some = [
            g for g in every
            if not g.is_real and g.c == c and (g.facts["active"], g.facts["distance"]) == (2, 3)
        ]  # fmt: skip
        for b, name in enumerate(BIN_NAMES):
            sums = {way: by_positives(some, way, b) for way in SHOWN}
            count = int(sums[SHOWN[0]][1])
            if count:
                top = max(SHOWN, key=lambda way: sums[way][0])
                cells = [_number(sums[way][0] / count) for way in SHOWN]
                cells[SHOWN.index(top)] = f"**{cells[SHOWN.index(top)]}**"
                rows.append([name, f"{c:g}", f"{count:,}", *cells])
    return _table(["positives", "C", "labels × seeds", *_HEAD], rows)


def _calibration(some: list[Found]) -> str:
    rows = []
    for group in some:
        cells = [title(group)]
        for what in ("log_loss", "brier"):
            cells += [f"{group.of('calibration', g, what) / group.base(what):.2f}" for g in (0.0, 0.5, 1.0)]  # fmt: skip
        cells += [f"{group.of('calibration', g, 'error'):.4f}" for g in (0.0, 0.5, 1.0)]
        cells += [f"{group.of('calibration', g, 'expected'):.1f}" for g in (0.5, 1.0)]
        cells += [f"{group.of('undone', g, 'log_loss') / group.base('log_loss'):.2f}" for g in (0.5, 1.0)]  # fmt: skip
        rows.append(cells)
    head = ["data", "log loss, γ = 0", "½", "1", "Brier, γ = 0", "½", "1", "ECE, γ = 0", "½", "1"]
    head += ["promised, γ = ½", "1", "log loss undone, γ = ½", "1"]
    return _table(head, rows)


def _predicted(every: list[Found]) -> str:
    rows = []
    for group in every:
        top, near = best(group, AT_HALF)
        good = sorted(way.gamma for way in {top, *near} if way.gamma is not None)
        rows.append(
            [
                title(group),
                _number(group.mean(Way(0.0, ONE))),
                f"{group.ratio:,.0f}",
                f"{predicted_gamma(group):.2f}",
                ", ".join(SIGNS[g] if g != top.gamma else f"**{SIGNS[g]}**" for g in good),
            ]
        )
    return _table(["data", "F", "ratio", "γ by 2/F − 1", "best γ at ½"], rows)


def _run(found: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return f"Run with {versions}; {found['minutes']:g} minutes on one core."


def _numbers(every: list[Found], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["data", "gamma", "decision", "macro_f1", "micro_f1", "empty", "macro_f1_se"])
        for group in every:
            for gamma in GAMMAS:
                for decision in DECISIONS:
                    way = Way(gamma, decision)
                    means = [f"{group.mean(way, w):.4f}" for w in (MACRO, MICRO, EMPTY)]
                    out.writerow([group.name, f"{gamma:g}", decision, *means, f"{group.error(way):.4f}"])  # fmt: skip
