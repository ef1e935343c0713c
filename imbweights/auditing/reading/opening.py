"""From what the user typed to numbers: a list, or a file of any of the kinds that hold weights."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from imbweights.auditing.given import Given, Key
from imbweights.auditing.numbers import Written
from imbweights.auditing.reading import arrays, data, program, tables
from imbweights.auditing.reading.choosing import chosen
from imbweights.auditing.reading.found import Contents
from imbweights.core.errors import UsageError
from imbweights.core.existing import is_file, is_folder
from imbweights.core.small_files import small_bytes
from imbweights.core.toml_text import toml_value
from imbweights.core.urls import refuse_remote
from imbweights.core.yaml_text import YamlError, yaml_value

PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin")
_LARGEST = 50_000_000
_PAIR = re.compile(r"\s*(.+?)\s*[=:]\s*([^=:]+?)\s*")
_FRACTION = re.compile(r"([^/]+)/([^/]+)")


def read_weights(typed: str, key: str | None = None) -> Given:
    """The weights that ``typed`` holds or names; ``key`` says which where there are several.

    A list ``.5,1,2``, ``[.5, 1, 2]`` or ``A=.5,B=1``; a JSON, YAML, TOML, CSV, text or NumPy file;
    or a training configuration in Python, YAML, JSON or TOML. Raises ``UsageError`` for what is
    none of these, for pickles, and where several vectors may be meant.

    >>> [n.value for n in read_weights(".12,.26").numbers]
    [0.12, 0.26]
    """
    path = Path(typed)
    if is_file(path):
        return chosen(_contents(path), path, key)
    listed = _listed(typed)
    if listed is None:
        raise _no_weights(typed)
    if key is not None:
        raise UsageError(
            f"--key {key} means nothing for numbers on the command line: there is one list",
            hint="leave it away; --used-as says what the numbers are used as",
        )
    numbers, keys = listed
    return Given(numbers=numbers, keys=keys)


def looks_like_number(typed: str) -> bool:
    """Whether a word of the command line is one number of a list with blanks."""
    return Written.of(typed.strip("[](),")) is not None


def _no_weights(typed: str) -> UsageError:
    refuse_remote("weights at", typed)
    short = typed if len(typed) < 60 else f"{typed[:57]}…"
    what = "is a folder" if typed and is_folder(typed) else "no such file, and no list of numbers"
    return UsageError(
        f"{short or 'no weights'}: {what}",
        hint="give the weights as .5,1,2 or A=.5,B=1, or name a file that holds them: JSON, YAML, TOML, "
        "CSV, .npy, or a training configuration (.py, .yaml)",
    )


def _listed(typed: str) -> tuple[tuple[Written, ...], tuple[Key, ...] | None] | None:
    """A list on the command line; decimal commas are understood where semicolons part the numbers."""
    text = typed.strip().strip("[](){}")
    parts = text.split(";") if ";" in text else text.split(",")
    if len(parts) == 1 and len(text.split()) > 1:
        parts = text.split()
    decimal = ";" in text
    parts = [part.replace(",", ".") if decimal else part for part in parts if part.strip()]
    pairs = [_PAIR.fullmatch(part) for part in parts]
    if parts and all(pairs):
        keys: tuple[Key, ...] = tuple(_as_key(p[1]) for p in pairs if p)
        values = [_number(p[2]) for p in pairs if p]
    else:
        keys, values = (), [_number(part) for part in parts]
    if not values or any(v is None for v in values):
        return None
    return tuple(v for v in values if v is not None), keys or None


def _as_key(text: str) -> Key:
    clean = text.strip("'\" ")
    return int(clean) if clean.isdecimal() and len(clean) < 10 else clean


def _number(text: str) -> Written | None:
    fraction = _FRACTION.fullmatch(text)
    if fraction is None:
        return Written.of(text)
    top, bottom = Written.of(fraction[1]), Written.of(fraction[2])
    if top is None or bottom is None or bottom.value == 0:
        return None
    return Written.computed(top.value / bottom.value)


def _contents(path: Path) -> Contents:
    suffix = path.suffix.lower()
    if suffix in PICKLES:
        raise _pickle(path)
    if suffix in {".npy", ".npz"}:
        return arrays.contents(path)
    reader = _READERS.get(suffix)
    if reader is None:
        raise UsageError(
            f"{path}: weights are not read from {suffix or 'files without a suffix'}",
            hint=f"these are: {', '.join([*_READERS, '.npy', '.npz'])}; or give the numbers themselves",
        )
    try:
        return reader(_text(path), path.name)
    except csv.Error as error:
        raise UsageError(f"{path}: is no table of weights ({error})") from error


def _pickle(path: Path) -> UsageError:
    loader = (
        "import joblib; w = joblib.load(FILE)"
        if path.suffix == ".joblib"
        else "import torch; w = torch.load(FILE, weights_only=True)"
        if path.suffix in {".pt", ".pth", ".ckpt", ".bin"}
        else "import pickle; w = pickle.load(open(FILE, 'rb'))"
    )
    return UsageError(
        f"{path}: is a pickle, and opening one can run any program hidden in it, so it is not opened here",
        hint="if you trust it, export the numbers where you made it:\n"
        f"{loader.replace('FILE', repr(path.name))}; import json\n"
        "json.dump([float(x) for x in w], open('weights.json', 'w'))",
    )


def _text(path: Path) -> str:
    content = small_bytes(path, _LARGEST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return content.decode("utf-16", "replace")
        return content.decode("latin-1")


def _json(text: str, name: str) -> Contents:
    return data.contents(_parsed(json.loads, text, name, "JSON", parse_float=_float))


def _float(text: str) -> Written:
    return Written(float(text), text)


def _toml(text: str, name: str) -> Contents:
    return data.contents(_parsed(toml_value, text, name, "TOML", parse_float=_float))


def _yaml(text: str, name: str) -> Contents:
    return data.contents(_parsed(partial(yaml_value, typed=True), text, name, "YAML"))


def _parsed(load: Callable[..., Any], text: str, name: str, what: str, **options: Any) -> Any:
    try:
        return load(text, **options)
    except (ValueError, RecursionError, YamlError) as error:
        first = str(error).splitlines()[0] if str(error) else "nested too deep"
        raise UsageError(f"{name}: is no {what} that can be read ({first[:120]})") from error


_READERS: Mapping[str, Callable[[str, str], Contents]] = {
    ".json": _json,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".toml": _toml,
    ".csv": lambda text, name: tables.contents(text),
    ".tsv": lambda text, name: tables.contents(text),
    ".txt": lambda text, name: tables.contents(text.replace("[", " ").replace("]", " ")),
    ".py": program.contents,
}
