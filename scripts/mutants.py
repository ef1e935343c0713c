"""The mutants of a module: what cosmic-ray's operators make of it, without those that are none.

Annotations are not looked at while a program runs, and a docstring does nothing: a mutant that
differs only there is the same program and is left out. So are the operators that would flatter: those
that put ``&`` or ``<<`` between floating-point numbers, which any test notices, and those that put
``==`` for ``is``, which no test can notice.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

_BITS = ("BitAnd", "BitOr", "BitXor", "LShift", "RShift")


@dataclass(frozen=True)
class Mutant:
    """One change to one file: the operator's name, which of its places, and the line."""

    path: Path
    operator: str
    occurrence: int
    line: int

    @property
    def source(self) -> str:
        """The file with the change."""
        code = self.path.read_text(encoding="utf-8")
        changed = mutate_code(code, _operator(self.operator), self.occurrence)
        if not isinstance(changed, str):
            raise TypeError(f"no such place: {self}")
        return changed

    @property
    def change(self) -> tuple[str, str]:
        """The first line that differs, before and after."""
        before = self.path.read_text(encoding="utf-8").splitlines()
        after = self.source.splitlines()
        differing = (pair for pair in zip(before, after, strict=False) if pair[0] != pair[1])
        old, new = next(differing, ("", ""))
        return old.strip(), new.strip()


def _operator(name: str) -> Any:
    return get_operator(name)()


def _is_fair(name: str) -> bool:
    """Whether an operator without settings makes changes that say something about tests."""
    kind = name.removeprefix("core/").split("_")
    if kind[0] == "ReplaceComparisonOperator":
        return kind[1:] not in (["Is", "Eq"], ["IsNot", "NotEq"])
    if kind[0] == "ReplaceBinaryOperator":
        return kind[2] not in _BITS or (kind[1] in _BITS[:2] and kind[2] in _BITS[:2])
    return not get_operator(name).arguments()


def candidates(path: Path) -> list[Mutant]:
    """Every place of a file where an operator changes something."""
    tree = get_ast(path.read_text(encoding="utf-8"))
    nodes = list(ast_nodes(tree))
    found = []
    for name in sorted(operator_names()):
        if not _is_fair(name):
            continue
        operator = _operator(name)
        places = (start[0] for node in nodes for start, _ in operator.mutation_positions(node))
        found += [Mutant(path, name, i, line) for i, line in enumerate(places)]
    return found


def sample(paths: Sequence[Path], size: int, seed: int) -> tuple[list[Mutant], int]:
    """``size`` mutants of these files, drawn without return, and how many candidates there are."""
    every = [mutant for path in paths for mutant in candidates(path)]
    drawn = every.copy()
    random.Random(seed).shuffle(drawn)  # noqa: S311 - no secret
    taken: list[Mutant] = []
    for mutant in _that_differ(drawn):
        if len(taken) == size:
            break
        taken.append(mutant)
    return taken, len(every)


def _that_differ(mutants: Sequence[Mutant]) -> Iterator[Mutant]:
    for mutant in mutants:
        before = _program(mutant.path.read_text(encoding="utf-8"))
        try:
            differs = _program(mutant.source) != before
        except SyntaxError:
            differs = False
        if differs:
            yield mutant


def _program(code: str) -> str:
    """What runs of a module: without annotations, docstrings and what only type checkers read."""
    return ast.dump(_Bare().visit(ast.parse(code)))


class _Bare(ast.NodeTransformer):
    """Takes out what is not looked at while the program runs."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def function_lines(path: Path, line: int) -> range | None:
    """The lines inside the innermost function around a line; ``None`` at the level of the module.

    The line of ``def`` with its defaults and decorators runs when the module is loaded.
    """
    best: range | None = None
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
            if line in inside and (best is None or len(inside) < len(best)):
                best = inside
    return best
