"""Names that only annotations use can be imported: what ``typing.get_type_hints`` and sites need."""

from __future__ import annotations

import builtins
import importlib.util
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import imbweights

PACKAGE = Path(imbweights.__file__).parent


def modules() -> list[str]:
    """Every module that imports something for its annotations alone."""
    paths = [p for p in PACKAGE.rglob("*.py") if "if TYPE_CHECKING:" in p.read_text("utf-8")]
    parts = (path.relative_to(PACKAGE.parent).with_suffix("").parts for path in sorted(paths))
    return [".".join(part for part in each if part != "__init__") for each in parts]


def seen_by_checkers(name: str, *arguments: Any) -> Any:
    """``import`` as a type checker understands it: as everyone does, but for one constant."""
    found = __import__(name, *arguments)
    if name != "typing":
        return found
    changed = ModuleType(name)
    vars(changed).update(vars(found), TYPE_CHECKING=True)
    return changed


def read_as_a_type_checker(name: str) -> ModuleType:
    """A copy of the module, whose imports for type checkers are done."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    importlib.import_module(name)
    copy = importlib.util.module_from_spec(spec)
    vars(copy)["__builtins__"] = {**vars(builtins), "__import__": seen_by_checkers}
    spec.loader.exec_module(copy)
    return copy


def annotated(found: dict[str, Any], name: str) -> Iterator[Any]:
    """Functions and classes of a module, and the functions of its classes."""
    for value in found.values():
        if getattr(value, "__module__", None) != name:
            continue
        if inspect.isclass(value):
            yield value
            yield from filter(inspect.isfunction, vars(value).values())
        elif inspect.isfunction(value):
            yield value


@pytest.mark.parametrize("name", modules())
def test_every_annotation_can_be_resolved(name: str) -> None:
    """No name in it is missing, be it of a library that is loaded late or of a room above."""
    every = vars(read_as_a_type_checker(name))
    hints: list[dict[str, Any]] = []
    for found in annotated(every, name):
        if inspect.isclass(found):  # only its own: what it inherits has names from elsewhere
            hints.append(inspect.get_annotations(found, globals=every, eval_str=True))
        else:
            hints.append(typing.get_type_hints(found, globalns=every))
    assert not any(isinstance(hint, str) for each in hints for hint in each.values())
    assert hints


def test_what_the_package_offers_is_what_type_checkers_see() -> None:
    """``__all__`` and what is loaded when asked for name the same things."""
    seen = vars(read_as_a_type_checker("imbweights"))
    for name in imbweights.__all__:
        assert seen[name] == getattr(imbweights, name)
