"""Which of the vectors in a file is meant: the one whose name says so, or the one that was named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from imbweights.auditing.given import Given, Kind, Knob
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import ALONE
from imbweights.core.errors import AmbiguousSourceError, UsageError

_MOST = 12


def chosen(contents: Contents, path: Path, key: str | None) -> Given:
    """The one vector, with all knobs. Raises ``AmbiguousSourceError`` where there are several."""
    found = _by_key(contents, path, key) if key is not None else _only(contents, path)
    unread = tuple(f"{c.path} (line {c.line})" for c in contents.computed if c.sure)
    if found is None:
        return Given(where=path.name, knobs=contents.knobs, unread=unread)
    return Given(
        numbers=found.numbers,
        keys=found.keys,
        name=found.path,
        where=path.name,
        line=found.line,
        use=found.use,
        recorded=found.recorded,
        knobs=contents.knobs,
        unread=unread,
    )


def _only(contents: Contents, path: Path) -> Found | None:
    """The vector that is known to be weights: by its name, or because the file holds nothing else."""
    whole = [found for found in contents.vectors if not found.path or contents.numbers_only]
    known = [found for found in contents.vectors if found.known] or whole
    if len(known) == 1:
        return known[0]
    if known:
        raise AmbiguousSourceError(
            f"{path.name}: {len(known):,} vectors may be the weights:\n" + _list(known),
            hint=f"say which with --key, such as --key {_label(known[0], known)}",
        )
    if any(_says_something(knob, contents) for knob in contents.knobs):
        return None
    raise _nothing(contents, path)


def _says_something(knob: Knob, contents: Contents) -> bool:
    """Whether a knob can be judged without the numbers that could not be read."""
    if knob.kind is Kind.WEIGHTS and not knob.value:
        return False
    return knob.value != "?" or knob.name not in {one.name for one in contents.computed}


def _nothing(contents: Contents, path: Path) -> UsageError:
    if contents.computed:
        one = contents.computed[0]
        printed = one.shown if one.name in ALONE else f"[float(x) for x in {one.shown}]"
        return UsageError(
            f"{path.name}: {one.path} (line {one.line}) is computed when the program runs, and nothing is "
            "run here",
            hint=f"let the program print it, and give the numbers: print({printed})",
        )
    lists = f"\nother lists, which --key takes all the same:\n{_list(contents.vectors)}"
    return UsageError(
        f"{path.name}: no weights found: there is no list of numbers under a name such as\n"
        "class_weight, pos_weight, weight, alpha or loss_weights",
        hint="say where they are with --key NAME, or give the numbers themselves"
        + (lists if contents.vectors else ""),
    )


def _by_key(contents: Contents, path: Path, key: str) -> Found:
    vectors = contents.vectors
    for fits in (
        *_fitting(vectors, key),
        *_fitting(contents.scalars, key),
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise AmbiguousSourceError(
                f"{path.name}: --key {key} means {len(fits):,} vectors:\n" + _list(fits),
                hint=f"such as --key {_label(fits[0], vectors)}",
            )
    for one in contents.computed:
        if key in {one.path, one.name}:
            raise _nothing(replace(contents, computed=(one,)), path)
    raise UsageError(
        f"{path.name}: --key {key}: there is no such vector of numbers"
        + ("; there are:\n" + _list(vectors) if vectors else "")
    )


def _fitting(vectors: Sequence[Found], key: str) -> list[list[Found]]:
    """Those that a key may mean, the surest reading first."""
    return [
        [f for f in vectors if _label(f, vectors) == key],
        [f for f in vectors if f.path == key],
        [f for f in vectors if f.name == key or f.path.endswith(f".{key}")],
    ]


def _label(found: Found, among: Sequence[Found]) -> str:
    """The path, with the line where several share it, or its place among them."""
    path = found.path or "(whole file)"
    shared = [other for other in among if other.path == found.path]
    if len(shared) == 1:
        return path
    lines = {other.line for other in shared}
    if len(lines) == len(shared):
        return f"{path}@{found.line}"
    return f"{path}#{1 + next(i for i, other in enumerate(shared) if other is found)}"


def _list(vectors: Sequence[Found]) -> str:
    lines = []
    for found in vectors[:_MOST]:
        numbers = ", ".join(n.text[:10] for n in found.numbers[:4])
        more = f", … {len(found.numbers):,} in all" if len(found.numbers) > 4 else ""
        where = f" (line {found.line})" if found.line is not None else ""
        lines.append(f"  {_label(found, vectors)}{where}: {numbers}{more}")
    if len(vectors) > _MOST:
        lines.append(f"  … {len(vectors) - _MOST:,} more")
    return "\n".join(lines)
