"""From what was measured on one machine to what a cluster would need, with every assumption said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LABELS, MASKS = 1_000_000_000, 10_000_000
NODES, CORES_PER_NODE = 50, 8
# GB/s: what all nodes together may read from shared storage; what one local SSD gives.
STORAGE, LOCAL = (1.0, 5.0, 20.0), 2.0
# Starting a worker there, and sending its counts back.
WORKER_START, PER_PART = 10.0, 0.01
MASKS_PER_PART = 2000
Scaling = Mapping[str, Any]


def _sizes(scaling: Scaling, kind: str) -> list[tuple[int, Mapping[str, float]]]:
    found = [(int(k.split()[1]), v) for k, v in scaling.items() if k.startswith(kind + " ")]
    return sorted(found, key=lambda pair: pair[0])


def growth_part(scaling: Scaling) -> str:
    """Time per row and memory as rows grow; time and memory with one and two processes."""
    if not scaling:
        return "Not measured yet."
    lines = [
        "| data | rows | seconds of all cores per row beyond start-up, middle size = 1 | peak memory, MB |",
        "| --- | ---: | ---: | ---: |",
    ]
    start = scaling["start"]["cpu"]
    for kind in ("parquet", "csv"):
        sizes = _sizes(scaling, kind)
        rows, middle = sizes[len(sizes) // 2]
        unit = max(middle["cpu"] - start, 1e-9) / rows
        for n, found in sizes:
            each = max(found["cpu"] - start, 0.0) / n / unit
            lines.append(f"| {kind} | {n:,} | {each:.2f} | {found['mb']:,.0f} |")
    one, two = scaling["masks 1"], scaling["masks 2"]
    lines += [
        "",
        f"{int(one['files']):,} masks:",
        "",
        "| processes | times as fast as one | peak memory of all, MB |",
        "| ---: | ---: | ---: |",
        f"| 1 | 1.00 | {one['mb']:,.0f} |",
        f"| 2 | {one['seconds'] / two['seconds']:.2f} | {two['mb']:,.0f} |",
    ]
    return "\n".join(lines)


def cluster_part(scaling: Scaling) -> str:
    """10⁹ labels and 10⁷ masks on 50 nodes, from the measured cost of a row, a mask and a start."""
    if not scaling:
        return "Not measured yet."
    start = scaling["start"]["cpu"]
    lines = [
        "| work | bytes | core hours | counting on all cores | reading at "
        + " | ".join(f"{s:g} GB/s" for s in STORAGE)
        + " | reading from local disks | bottleneck |",
        "| --- | ---: | ---: | ---: |" + " ---: |" * (len(STORAGE) + 1) + " --- |",
    ]
    for name, count, size, seconds in _works(scaling, start):
        bytes_ = count * size
        core = count * seconds
        parts = max(1, count // MASKS_PER_PART) if name == "masks" else NODES * CORES_PER_NODE
        counting = core / (NODES * CORES_PER_NODE) + WORKER_START
        merging = parts * PER_PART
        reading = [bytes_ / (s * 1e9) for s in STORAGE]
        local = bytes_ / NODES / (LOCAL * 1e9)
        worst = {
            f"shared storage up to {_speed(bytes_, counting)}": reading[0],
            "the cores": counting,
            "adding up": merging,
        }
        bottleneck = max(worst, key=lambda key: worst[key])
        lines.append(
            f"| {count:,} {name} | {bytes_ / 1e9:,.0f} GB | {core / 3600:,.2f} | {_time(counting)} | "
            + " | ".join(map(_time, reading))
            + f" | {_time(local)} | {bottleneck} |"
        )
    return "\n".join(lines)


def _speed(size: float, counting: float) -> str:
    return f"{size / counting / 1e9:.2g} GB/s, then the cores"


def _works(scaling: Scaling, start: float) -> list[tuple[str, int, float, float]]:
    """(what, how many, bytes each, core seconds each)."""
    found = []
    for kind in ("csv", "parquet"):
        rows, largest = _sizes(scaling, kind)[-1]
        seconds = max(largest["cpu"] - start, 0.0) / rows
        found.append((f"labels as {kind}", LABELS, largest["bytes"] / rows, seconds))
    one = scaling["masks 1"]
    each = max(one["cpu"] - start, 0.0) / one["files"]
    return [*found, ("masks", MASKS, one["bytes"] / one["files"], each)]


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
