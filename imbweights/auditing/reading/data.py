"""Weights in what JSON, YAML and TOML hold: lists and mappings of numbers, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imbweights.auditing.given import Kind, Knob, Use
from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import (
    ALONE,
    UNREAD,
    is_focal,
    kind_of,
    parts_of_a_loss,
    plain,
    speaks_of_weights,
    use_of,
)
from imbweights.core.errors import CountsError, UsageError
from imbweights.core.weights import SCHEMA, ClassWeights
from imbweights.suggestions import SCHEMA as SUGGESTION

_DEEPEST = 60
_OTHER_SETTINGS = [
    "alpha",
    "beta",
    "gamma",
    "eta",
    "lr",
    "lr0",
    "lrf",
    "learning_rate",
    "momentum",
    "weight_decay",
    "epochs",
    "num_epochs",
    "max_epochs",
    "batch_size",
    "num_workers",
    "seed",
    "random_state",
    "dropout",
    "max_depth",
    "n_estimators",
    "num_leaves",
    "num_class",
    "num_classes",
    "subsample",
    "colsample_bytree",
    "min_child_weight",
    "reg_alpha",
    "reg_lambda",
    "lambda",
    "num_rounds",
    "warmup_epochs",
    "warmup_steps",
    "patience",
]


def contents(data: Any) -> Contents:
    """The vectors and knobs of parsed data."""
    own = _own(data)
    if own:
        return Contents(vectors=own)
    return Contents(
        vectors=tuple(_vectors(data, "", 0)),
        scalars=tuple(_scalars(data, "", 0)),
        knobs=tuple(_knobs(data, 0)),
    )


def _own(data: Any) -> tuple[Found, ...]:
    """Weights that this tool wrote."""
    if not isinstance(data, Mapping):
        return ()
    if data.get("schema") == SCHEMA:
        return (recorded(data, "weights"),)
    if data.get("schema") == SUGGESTION:
        return tuple(recorded(w, str(w.get("scheme"))) for w in data.get("schemes", ()))
    return ()


def recorded(data: Mapping[str, Any], path: str) -> Found:
    """Our own weights. Raises ``UsageError`` when they are damaged, by hand or otherwise.

    Numbers that were made unusable by hand are still shown as found.
    """
    try:
        numbers = _own_numbers(data)
        keys = tuple(_own_name(row) for row in data["classes"])
        whole = all(abs(n.value) < float("inf") for n in numbers)
        own = ClassWeights.from_dict(_floats(data)) if whole else None
    except (CountsError, StopIteration, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"these weights were written by imbweights but are damaged: {error}"
        ) from error
    return Found(path=path, numbers=numbers, keys=keys, known=True, recorded=own)


def _floats(data: Any) -> Any:
    """Numbers without their text."""
    if isinstance(data, Written):
        return data.value
    if isinstance(data, Mapping):
        return {key: _floats(value) for key, value in data.items()}
    return [_floats(value) for value in data] if isinstance(data, list) else data


def _own_name(row: Mapping[str, Any]) -> str:
    name = row["name"]
    if not isinstance(name, str):
        raise TypeError(f"a class is called {name!r}, which is no text")
    return name


def _own_numbers(data: Mapping[str, Any]) -> tuple[Written, ...]:
    known = {"index", "name", "count"}
    values = [next(v for k, v in row.items() if k not in known) for row in data["classes"]]
    numbers = [as_number(value) for value in values]
    if any(n is None for n in numbers):
        raise UsageError("one of the weights is no number")
    return tuple(n for n in numbers if n is not None)


def as_number(value: Any) -> Written | None:
    """A number, or text that spells one."""
    if isinstance(value, Written):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Written(float(value), repr(value))
    return Written.of(value) if isinstance(value, str) else None


def as_list(value: Any) -> tuple[Written, ...] | None:
    """Numbers in a list, also ``[[a, b, c]]``, or in a text with commas."""
    if isinstance(value, str):
        value = [part for part in value.strip().strip("[]()").split(",") if part.strip()]
        return _numbers(value) if len(value) > 1 else None
    if not isinstance(value, Sequence) or not value:
        return None
    if len(value) == 1 and isinstance(value[0], list | tuple):
        return as_list(value[0])
    return _numbers(value)


def _numbers(values: Sequence[Any]) -> tuple[Written, ...] | None:
    found = [as_number(value) for value in values]
    return None if None in found else tuple(n for n in found if n is not None)


def vector(path: str, value: Any, line: int | None = None, owner: str = "") -> Found | None:
    """The value under a name, if it can be weights; ``owner``: what it is handed to."""
    name = path.rsplit(".", 1)[-1]
    use = speaks_of_weights(path, owner)
    if isinstance(value, Mapping):
        return _mapping(path, value, use, line)
    numbers = as_list(value)
    if numbers is None:
        single = plain(name) in ALONE or (use is Use.ALPHA and is_focal(path, owner))
        alone = as_number(value) if single else None
        numbers = (alone,) if alone is not None else None
    elif len(numbers) < 2 and use is None:
        return None
    if numbers is None:
        return None
    return Found(path=path, numbers=numbers, use=use, known=bool(use), line=line)


def _mapping(
    path: str, value: Mapping[Any, Any], use: Use | None, line: int | None
) -> Found | None:
    """A number for each name."""
    numbers = _numbers(list(value.values())) if len(value) > 1 or use else None
    keys = tuple(k if isinstance(k, int) else str(k) for k in value)
    if not numbers or any(plain(str(k)) in _settings() for k in keys):
        return None
    known = bool(use) and not parts_of_a_loss(keys)
    return Found(path=path, numbers=numbers, keys=keys, use=use, known=known, line=line)


def _settings() -> frozenset[str]:
    """Names that a mapping of class weights would not have as keys."""
    return frozenset({*ALONE, *_OTHER_SETTINGS})


def _vectors(data: Any, path: str, depth: int, owner: str = "") -> Iterator[Found]:
    if depth > _DEEPEST:
        return
    if isinstance(data, Mapping) and use_of(path.rsplit(".", 1)[-1]):
        data = _wrapped(data)
    found = vector(path, data, owner=owner) if path or isinstance(data, Mapping | list) else None
    if found is not None:
        yield found
        return
    owner = _owner(data)
    for name, value in _entries(data):
        if isinstance(data, Mapping) or isinstance(value, Mapping | list):
            yield from _vectors(value, _joined(path, name), depth + 1, owner)


def _wrapped(data: Mapping[str, Any]) -> Any:
    """The list of ``{_target_: torch.tensor, data: […]}``, as Hydra has it; else what it was."""
    if "_target_" not in data:
        return data
    lists = [value for value in data.values() if isinstance(value, list)]
    return lists[0] if len(lists) == 1 else data


def _scalars(data: Any, path: str, depth: int) -> Iterator[Found]:
    """Single numbers, for ``--key``."""
    if depth > _DEEPEST:
        return
    number = as_number(data) if not isinstance(data, str) else None
    if number is not None and path:
        yield Found(path=path, numbers=(number,), use=use_of(path.rsplit(".", 1)[-1]))
    elif isinstance(data, Mapping) or any(isinstance(v, Mapping) for _, v in _entries(data)):
        for name, value in _entries(data):
            yield from _scalars(value, _joined(path, name), depth + 1)


def _entries(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        yield from ((str(key), value) for key, value in data.items())
    elif isinstance(data, list):
        yield from ((str(i), value) for i, value in enumerate(data))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _owner(data: Any) -> str:
    """What a mapping of settings says that it is for."""
    if not isinstance(data, Mapping):
        return ""
    named = [data.get(key) for key in ("type", "_target_", "name")]
    return next((value for value in named if isinstance(value, str)), "")


def _knobs(data: Any, depth: int) -> Iterator[Knob]:
    if depth > _DEEPEST:
        return
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from knob(str(key), value)
            yield from _knobs(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _knobs(value, depth + 1)


def knob(name: str, value: Any, line: int | None = None, owner: str = "") -> Iterator[Knob]:
    """The setting, where it does something against imbalance; ``owner``: what it is handed to."""
    if isinstance(value, Written):
        value = value.value
    name = name.rsplit(".", 1)[-1]
    kind = kind_of(name, value)
    if kind is not None:
        yield Knob(name=name, value=_short(value), kind=kind, line=line)
    elif _weighs(name, value, owner):
        yield Knob(name=name, value="", kind=Kind.WEIGHTS, line=line)


def _weighs(name: str, value: Any, owner: str) -> bool:
    if not speaks_of_weights(name, owner) or isinstance(value, str | bool | int | float):
        return False
    parts = isinstance(value, Mapping) and parts_of_a_loss(value)
    return value is not None and not parts


def _short(value: Any) -> str:
    if value == UNREAD:
        return "?"
    return f"{value:g}" if isinstance(value, float) else str(value)[:40]
