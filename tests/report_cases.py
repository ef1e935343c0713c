"""Data whose reports are looked at: hostile names, very many classes, splits."""

from __future__ import annotations

import csv
from pathlib import Path

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd()",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "line\nfeed",
    "```\n# heading",
    "</style></svg><b>bold",
    "a|b *c* [d](http://example.org)",
    "{{ 7 * 7 }} ${x} %} #}",
    "' onmouseover='alert(1)",
    "&lt;i&gt;",
    "日本語の長いクラス名です",
    "עברית",
    "x" * 300,
)
# The same as text that can be seen, of those that hold what cannot.
SPELLED = {
    "\x1b[31mred\x1b[0m": "\\x1b[31mred\\x1b[0m",
    "\u202egnp.exe": "\\u202egnp.exe",
    "line\nfeed": "line\\nfeed",
    "```\n# heading": "```\\n# heading",
}


def write_hostile(path: Path) -> Path:
    """A table with every hostile name in three splits, one of which has such a name, too."""
    splits = ("train", "val", 'te"><b>')
    rows = [(name, splits[k % 3]) for i, name in enumerate(HOSTILE) for k in range(30 + 10 * i)]
    return write_rows(path, rows)


def write_many(path: Path, classes: int = 1000) -> Path:
    """A long tail of very many classes in two splits."""
    rows = [
        (f"class_{i:04d}", "val" if k % 5 == 4 else "train")
        for i in range(classes)
        for k in range(10 + 3000 // (i + 1))
    ]
    return write_rows(path, rows)


def write_rows(path: Path, rows: list[tuple[str, str]]) -> Path:
    """A CSV file with a label and a split."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["label", "split"])
        writer.writerows(rows)
    return path
