"""Which of the vectors in a file is meant: the one whose name says so, or the one that was named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imbweights.auditing.given import Given, Kind
from imbweights.auditing.reading.found import Contents, Found
from imbweights.core.errors import AmbiguousSourceError, UsageError

_MOST = 12


def chosen(contents: Contents, path: Path, key: str | None) -> Given:
    """The one vector, with all knobs. Raises ``AmbiguousSourceError`` where there are several."""
    found = _by_key(contents.vectors, path, key) if key is not None else _only(contents, path)
    if found is None:
        return Given(where=path.name, knobs=contents.knobs)
    return Given(
        numbers=found.numbers,
        keys=found.keys,
        name=found.path,
        where=path.name,
        line=found.line,
        use=found.use,
        recorded=found.recorded,
        knobs=contents.knobs,
    )


def _only(contents: Contents, path: Path) -> Found | None:
    known = [found for found in contents.vectors if found.known] or list(contents.vectors)
    if len(known) == 1:
        return known[0]
    if known:
        raise AmbiguousSourceError(
            f"{path.name}: {len(known):,} vectors may be the weights:\n" + _list(known),
            hint=f"say which with --key, such as --key {_label(known[0], known)}",
        )
    only_computed = contents.computed and all(k.kind is Kind.WEIGHTS for k in contents.knobs)
    if contents.knobs and not only_computed:
        return None
    raise _nothing(contents, path)


def _nothing(contents: Contents, path: Path) -> UsageError:
    if contents.computed:
        name, line = contents.computed[0]
        return UsageError(
            f"{path.name}: {name} (line {line}) is computed when the program runs, and nothing is run here",
            hint=f"let the program print it, and give the numbers: print([float(x) for x in "
            f"{name.rsplit('.', 1)[-1]}])",
        )
    return UsageError(
        f"{path.name}: holds no list of numbers under a name such as class_weight, pos_weight, weight, "
        "alpha or loss_weights",
        hint="say where they are with --key NAME, or give the numbers themselves",
    )


def _by_key(vectors: Sequence[Found], path: Path, key: str) -> Found:
    for fits in (
        [f for f in vectors if _label(f, vectors) == key],
        [f for f in vectors if f.path == key],
        [f for f in vectors if f.name == key or f.path.endswith(f".{key}")],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise AmbiguousSourceError(
                f"{path.name}: --key {key} means {len(fits):,} vectors:\n" + _list(fits),
                hint=f"such as --key {_label(fits[0], vectors)}",
            )
    raise UsageError(
        f"{path.name}: --key {key}: there is no such vector of numbers"
        + ("; there are:\n" + _list(vectors) if vectors else "")
    )


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
