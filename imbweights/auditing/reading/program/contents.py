"""What a program holds: vectors that are handed over as weights, and other knobs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from imbweights.auditing.given import Kind, Knob
from imbweights.auditing.numbers import Written
from imbweights.auditing.reading import data
from imbweights.auditing.reading.found import Computed, Contents, Found
from imbweights.auditing.reading.names import UNREAD, sampler, speaks_of_weights, use_of, vague
from imbweights.auditing.reading.program.calls import METHODS, WRAPPERS
from imbweights.auditing.reading.program.evaluating import Evaluator, called_name
from imbweights.auditing.reading.program.scopes import Scopes, UnresolvedError
from imbweights.auditing.reading.program.settings import LOSSES, Setting, settings
from imbweights.core.errors import UsageError

_COMPUTED = (
    ast.Call,
    ast.BinOp,
    ast.List,
    ast.Dict,
    ast.ListComp,
    ast.DictComp,
    ast.GeneratorExp,
)
# Their class_weight="balanced" says how to compute, and weighs nothing.
_COMPUTING = frozenset({"compute_class_weight", "compute_sample_weight"})


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A vector, the expression it is of, and the expressions that its numbers came from."""

    found: Found
    node: ast.expr
    used: frozenset[int]


def contents(text: str, name: str) -> Contents:
    """The vectors and knobs of a program. Raises ``UsageError`` where it cannot be parsed."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise UsageError(
            f"{name}: is no Python that can be parsed" + (f" (line {line})" if line else ""),
            hint="give the numbers themselves: imbweights audit 0.5,1,2 --on …",
        ) from error
    try:
        scopes = Scopes(tree)
        found = list(settings(tree, scopes))
    except RecursionError as error:
        raise UsageError(f"{name}: is nested too deep to be searched for weights") from error
    return _Program(tree, scopes, Evaluator(text, scopes)).contents(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Program:
    tree: ast.Module
    scopes: Scopes
    evaluator: Evaluator

    def contents(self, found: Sequence[Setting]) -> Contents:
        candidates: list[_Candidate] = []
        scalars: list[Found] = []
        computed: dict[int, Computed] = {}  # once for each expression that it comes from
        knobs = list(_calls(self.tree))
        for setting in found:
            if self.scopes.replaced(setting.target, setting.node):
                continue
            value = self._value(setting)
            vector = None if value is None else self._vector(setting, value)
            if vector is not None:
                used = frozenset(self.evaluator.used)
                candidates.append(_Candidate(vector, setting.node, used))
            elif isinstance(value, Written):
                scalars.append(
                    Found(
                        path=setting.path,
                        numbers=(value,),
                        use=use_of(setting.name),
                        line=_line(setting.node),
                    )
                )
            elif self._is_computed(setting):
                computed.setdefault(id(self._source(_inner(setting.node))), _unread(setting))
            knobs += _knob(setting, self._setting(setting.node, value))
        return Contents(
            vectors=tuple(_distinct(list(_last(candidates)))),
            scalars=tuple(scalars),
            knobs=tuple(dict.fromkeys(knobs)),
            computed=tuple(sorted(computed.values(), key=lambda c: not c.sure)),
        )

    def _value(self, setting: Setting) -> Any:
        if self.scopes.changes(setting.target) or _is_learned(setting.node):
            return None
        return self.evaluator.value(setting.node)

    def _vector(self, setting: Setting, value: Any) -> Found | None:
        found = data.vector(setting.path, value, _line(setting.node), owner=setting.owner)
        if found is None or found.known:
            return found
        # Of what has another name only what stands there as a list is worth to be chosen from.
        literal = isinstance(setting.node, ast.List | ast.Tuple | ast.Dict | ast.Call)
        return found if literal and len(found.numbers) > 1 else None

    def _is_computed(self, setting: Setting) -> bool:
        """Whether that would be weights, if the program ran."""
        if not speaks_of_weights(setting.path, setting.owner) or _is_learned(setting.node):
            return False
        if _is_choice(setting.node):
            return False
        return isinstance(self._source(setting.node), _COMPUTED)

    def _source(self, node: ast.expr) -> ast.expr | None:
        """What a name was assigned from, without its sign."""
        for _ in range(8):
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                node = node.operand
            if not isinstance(node, ast.Name):
                return node
            scope = self.scopes.scope_of.get(id(node), self.scopes.module)
            bound = scope.names.get(node.id) or self.scopes.module.names.get(node.id, [])
            sources = [b.value for b in bound if b.value is not None]
            some = [s for s in sources if not (isinstance(s, ast.Constant) and s.value is None)]
            if not sources:
                return None
            node = (some or sources)[-1]
        return None

    def _setting(self, node: ast.expr, value: Any) -> Any:
        """What a knob is set to: a constant, the name of a class, ``UNREAD`` for what is computed,
        ``None`` for what comes from elsewhere.
        """
        if isinstance(node, ast.Constant):
            return node.value
        if value is not None:
            return value
        source = self._source(node)
        if source is not None and (_is_choice(source) or _is_learned(source)):
            return None
        if isinstance(source, ast.Constant):
            return self._constant(node)
        if isinstance(source, ast.Call) and sampler(called_name(source.func)):
            return called_name(source.func)
        return UNREAD if isinstance(source, _COMPUTED) else None

    def _constant(self, node: ast.expr) -> Any:
        try:
            source = (
                self.scopes.binding(node.id, node).value if isinstance(node, ast.Name) else node
            )
        except UnresolvedError:
            return None
        return source.value if isinstance(source, ast.Constant) else None


def _inner(node: ast.expr) -> ast.expr:
    """``w`` of ``torch.tensor(w).to(device)``."""
    while True:
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in METHODS:
                node = inner
            case ast.Call(args=[inner, *_]) if called_name(node.func) in {
                *WRAPPERS,
                "dict",
                "enumerate",
            }:
                node = inner
            case _:
                return node


def _unread(setting: Setting) -> Computed:
    """What to print: the variable that is handed over, or the name it is assigned to."""
    node = setting.node
    shown = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else setting.name
    sure = setting.owner in LOSSES or not vague(setting.path)
    return Computed(path=setting.path, line=_line(node), shown=shown, sure=sure)


def _is_learned(node: ast.expr) -> bool:
    """``self.weight = nn.Parameter(torch.empty(…))``."""
    fixed = isinstance(node, ast.Call) and any(k.arg == "requires_grad" for k in node.keywords)
    return isinstance(node, ast.Call) and called_name(node.func) == "Parameter" and not fixed


def _is_choice(node: ast.expr) -> bool:
    """``["balanced", None]`` and ``[{0: 1, 1: w}, …]`` are grids to search."""
    if isinstance(node, ast.ListComp):
        return isinstance(node.elt, ast.Dict)
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return any(
        isinstance(item, ast.Dict)
        or (isinstance(item, ast.Constant) and (item.value is None or isinstance(item.value, str)))
        for item in items
    )


def _line(node: ast.expr) -> int:
    return node.lineno


def _knob(setting: Setting, value: Any) -> Iterator[Knob]:
    """Weights count as a knob where they are handed over; those of a sampler are the sampler's."""
    if setting.owner in _COMPUTING:
        return
    parents = setting.path.split(".")[:-1]
    for found in data.knob(setting.path, value, _line(setting.node), setting.owner):
        handed = bool(parents) and not sampler(parents[-1]) and not sampler(setting.owner)
        if found.kind is not Kind.WEIGHTS or found.value or handed:
            yield found


def _calls(tree: ast.AST) -> Iterator[Knob]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = called_name(node.func)
        kind = sampler(called)
        if kind is not None:
            yield Knob(name=called, value="", kind=kind, line=node.lineno)
        elif LOSSES.get(called, len(node.args)) < len(node.args):
            yield Knob(name=f"{called} weight", value="", kind=Kind.WEIGHTS, line=node.lineno)


def _last(candidates: Sequence[_Candidate]) -> Iterator[Found]:
    """Without those that others are computed from: ``w = 1 / n``, then ``w / w.sum()``."""
    for one in candidates:
        numbers = _numbers(one.found)
        taken_further = one.found.known and any(
            id(one.node) in other.used and other.found.known and _numbers(other.found) != numbers
            for other in candidates
        )
        if not taken_further:
            yield one.found


def _numbers(found: Found) -> tuple[Any, ...]:
    return (tuple(n.text for n in found.numbers), found.keys)


def _distinct(vectors: Sequence[Found]) -> Iterator[Found]:
    """``weight=torch.tensor(weights)`` is the ``weights`` defined above it: once is enough, under
    the name that says more.
    """
    best: dict[tuple[Any, ...], Found] = {}
    for found in vectors:
        other = best.get(_numbers(found))
        if other is None or (found.known and not other.known) or _says_more(found, other):
            best[_numbers(found)] = found
    kept = {id(found) for found in best.values()}
    return iter(sorted((f for f in vectors if id(f) in kept), key=lambda f: f.line or 0))


def _says_more(found: Found, other: Found) -> bool:
    return found.known and vague(other.path) and not vague(found.path)
