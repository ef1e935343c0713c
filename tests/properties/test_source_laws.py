"""Laws of text sources: cutting a data set into files and adding them up changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imbweights import analyze

Rows = Sequence[Sequence[str]]
labels = st.lists(st.sampled_from(["1", "2", "3", "7"]), max_size=3, unique=True)
tables = st.lists(labels, min_size=4, max_size=12)


def _fasttext(rows: Rows) -> str:
    return "".join(" ".join(f"__label__{x}" for x in row) + " text\n" for row in rows)


def _svmlight(rows: Rows) -> str:
    return "".join(",".join(row) + " 1:0.5\n" for row in rows)


def _jsonl(rows: Rows) -> str:
    return "".join('{"labels": [' + ", ".join(row) + "]}\n" for row in rows)


def _csv(rows: Rows) -> str:
    return "id,labels\n" + "".join(f"{i},{'|'.join(row)}\n" for i, row in enumerate(rows))


FORMS: dict[str, tuple[str, Callable[[Rows], str], dict[str, str]]] = {
    "fasttext": ("txt", _fasttext, {"kind": "fasttext"}),
    "svmlight": ("txt", _svmlight, {"kind": "svmlight"}),
    "json": ("jsonl", _jsonl, {}),
    "csv": ("csv", _csv, {"separator": "|", "header": "yes"}),
}


def _counted(paths: list[Path], options: dict[str, str]) -> dict[str, object]:
    counts = analyze(
        paths,
        header=True if "header" in options else None,
        kind=options.get("kind"),
        separator=options.get("separator"),
    ).counts
    names = counts.classes
    sets = {
        tuple(sorted(names[i] for i in labels)): n
        for labels, n in (counts.label_sets or {}).items()
    }
    return {"task": counts.task, "counts": counts.as_dict(), "sets": sets, "rows": counts.samples}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(rows=tables, data=st.data())
def test_parts_add_up(form: str, rows: list[list[str]], data: st.DataObject) -> None:
    """Also when one part has single labels only."""
    if not any(rows):
        rows = [*rows, ["1"]]
    suffix, write_as, options = FORMS[form]
    cut = data.draw(st.integers(1, len(rows) - 1))
    parts = [part for part in (rows[:cut], rows[cut:]) if any(part)]
    if len(parts) < 2:
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / f"whole.{suffix}"
        whole.write_text(write_as(rows))
        paths = []
        for number, part in enumerate(parts):
            paths.append(Path(folder) / f"{number}.{suffix}")
            paths[-1].write_text(write_as(part))
        assert _counted(paths, options) == _counted([whole], options)
