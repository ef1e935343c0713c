"""What a name stands for at the place where it is used, as far as reading the program tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# Methods that change what they are called on; so do those of torch that end with an underscore.
_CHANGES = frozenset(
    [
        "append",
        "extend",
        "insert",
        "pop",
        "remove",
        "clear",
        "update",
        "setdefault",
        "sort",
        "reverse",
        "fill",
        "itemset",
        "put",
    ]
)
_HARMLESS = frozenset({"requires_grad_", "share_memory_"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class UnresolvedError(Exception):
    """Only running the program would tell."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One assignment to a name. ``value``: what is assigned (``None``: nothing that can be read),
    ``item``: which part of it, where a tuple is taken apart; ``end``: where the statement ends;
    ``straight``: it happens whenever its block runs; ``module``: an import.
    """

    value: ast.expr | None
    end: tuple[int, int] = (0, 0)
    item: tuple[int, ...] = ()
    straight: bool = True
    module: bool = False


@dataclass(eq=False)
class Scope:
    """The names of a module, a function or a class."""

    parent: Scope | None = None
    is_class: bool = False
    names: dict[str, list[Binding]] = field(default_factory=dict)

    def add(self, name: str, binding: Binding) -> None:
        """One more assignment."""
        self.names.setdefault(name, []).append(binding)


class Scopes:
    """The scopes of a program."""

    def __init__(self, tree: ast.Module) -> None:
        """Collect every assignment."""
        self.module = Scope()
        self.scope_of: dict[int, Scope] = {}
        self.attributes: dict[tuple[str, str], list[Binding]] = {}
        # ``w /= w.sum()`` as ``w = w / w.sum()``.
        self.augmented: dict[int, ast.BinOp] = {}
        self._changed: set[tuple[int, str]] = set()
        self._changed_attributes: set[str] = set()
        self._block(tree.body, self.module, straight=True)

    def binding(self, name: str, node: ast.AST) -> Binding:
        """The assignment that ``name`` comes from at this node. Raises ``UnresolvedError``."""
        scope: Scope | None = self.scope_of.get(id(node), self.module)
        own = scope
        while scope is not None:
            if name in scope.names and (scope is own or not scope.is_class):
                return self._chosen(scope, name, node if scope is own else None)
            scope = scope.parent
        raise UnresolvedError(name)

    def _chosen(self, scope: Scope, name: str, node: ast.AST | None) -> Binding:
        every = scope.names[name]
        # ``w = None`` beside another value is the case without weights.
        bound = [b for b in every if not _is_none(b.value)] or every
        if (id(scope), name) in self._changed:
            raise UnresolvedError(name)
        before = bound if node is None else [b for b in bound if b.end <= _start(node)]
        if not before or (len(bound) > 1 and not all(b.straight for b in bound)):
            raise UnresolvedError(name)
        return before[-1]

    def attribute(self, base: str, name: str) -> Binding:
        """The only assignment to ``base.name``. Raises ``UnresolvedError``."""
        found = self.attributes.get((base, name), ())
        if len(found) != 1 or name in self._changed_attributes:
            raise UnresolvedError(name)
        return found[0]

    def is_module(self, name: str, node: ast.AST) -> bool:
        """Whether a name is imported, or comes from nowhere, as in a part of a program."""
        scope: Scope | None = self.scope_of.get(id(node), self.module)
        while scope is not None:
            if name in scope.names:
                return all(b.module for b in scope.names[name])
            scope = scope.parent
        return True

    def changes(self, target: ast.expr | None) -> bool:
        """Whether what is assigned here is changed in place."""
        if isinstance(target, ast.Attribute):
            return target.attr in self._changed_attributes
        if not isinstance(target, ast.Name):
            return False
        scope = self.scope_of.get(id(target), self.module)
        return (id(scope), target.id) in self._changed

    def replaced(self, target: ast.expr | None, value: ast.expr) -> bool:
        """Whether a later statement of the same block takes the place of what is assigned here."""
        if not isinstance(target, ast.Name):
            return False
        scope = self.scope_of.get(id(target), self.module)
        bound = scope.names.get(target.id, [])
        return bool(bound) and all(b.straight for b in bound) and bound[-1].value is not value

    # -- collecting ------------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], scope: Scope, *, straight: bool) -> None:
        for statement in body:
            self._expressions(statement, scope)
            if isinstance(statement, _Function | ast.ClassDef):
                self._definition(statement, scope)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    scope.add(name, Binding(None, module=True))
            elif isinstance(statement, ast.Global):
                self._changed |= {(id(self.module), name) for name in statement.names}
            else:
                self._assignments(statement, scope, straight=straight)
                inner = straight and (_is_main(statement) or isinstance(statement, ast.With))
                for block in _blocks(statement):
                    self._block(block, scope, straight=inner)

    def _definition(self, statement: _Function | ast.ClassDef, scope: Scope) -> None:
        scope.add(statement.name, Binding(None))
        inner = Scope(parent=scope, is_class=isinstance(statement, ast.ClassDef))
        if isinstance(statement, _Function):
            a = statement.args
            every = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
            for name in (x.arg for x in every if x is not None):
                inner.add(name, Binding(None))
        self._block(statement.body, inner, straight=True)
        if isinstance(statement, ast.ClassDef):
            for name, bound in inner.names.items():
                for base in ("self", "cls", statement.name):
                    self.attributes.setdefault((base, name), []).extend(bound)

    def _assignments(self, statement: ast.stmt, scope: Scope, *, straight: bool) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value, scope, _end(statement), straight=straight)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, value, scope, _end(statement), straight=straight)
            case ast.AugAssign(target=target, op=op, value=value):
                whole = self._augment(statement, target, op, value, scope)
                self._bind(target, whole, scope, _end(statement), straight=straight)
            case ast.For(target=target) | ast.AsyncFor(target=target):
                self._bind(target, None, scope, _end(statement), straight=False)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, None, scope, _end(statement), straight=True)

    def _augment(
        self, statement: ast.stmt, target: ast.expr, op: ast.operator, value: ast.expr, scope: Scope
    ) -> ast.BinOp | None:
        if not isinstance(target, ast.Name):
            return None
        left = ast.copy_location(ast.Name(target.id, ast.Load()), statement)
        self.scope_of[id(left)] = scope
        whole = ast.copy_location(ast.BinOp(left, op, value), statement)
        self.augmented[id(statement)] = whole
        return whole

    def _bind(
        self,
        target: ast.expr,
        value: ast.expr | None,
        scope: Scope,
        end: tuple[int, int],
        *,
        straight: bool,
        item: tuple[int, ...] = (),
    ) -> None:
        match target:
            case ast.Name(id=name):
                scope.add(name, Binding(value, end, item, straight))
            case ast.Attribute(value=ast.Name(id=base), attr=name):
                bound = Binding(value, end, item, straight)
                self.attributes.setdefault((base, name), []).append(bound)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for i, part in enumerate(parts):
                    self._bind(part, value, scope, end, straight=straight, item=(*item, i))
            case ast.Subscript(value=inner) | ast.Starred(value=inner):
                self._change(inner, scope)

    def _change(self, node: ast.expr, scope: Scope) -> None:
        """What is changed in place can be known only by running."""
        if isinstance(node, ast.Attribute):
            self._changed_attributes.add(node.attr)
            return
        while isinstance(node, ast.Subscript):
            node = node.value
        if not isinstance(node, ast.Name):
            return
        while node.id not in scope.names and scope.parent is not None:
            scope = scope.parent
        self._changed.add((id(scope), node.id))

    def _expressions(self, statement: ast.stmt, scope: Scope) -> None:
        for node in _own_nodes(statement):
            self.scope_of[id(node)] = scope
            if isinstance(node, ast.NamedExpr):
                scope.add(node.target.id, Binding(None, straight=False))
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=base), attr="register_buffer"),
                    args=[ast.Constant(value=str() as name), value, *_],
                ):
                    self.attributes.setdefault((base, name), []).append(Binding(value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = node.func.attr
                in_place = called.endswith("_") and not called.startswith("_")
                if called in _CHANGES or (in_place and called not in _HARMLESS):
                    self._change(node.func.value, scope)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of the statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                yield child
                waiting.append(child)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list):
            yield block
    for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield handler.body


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_main(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":``."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    match statement.test:
        case ast.Compare(left=ast.Name(id="__name__")):
            return True
    return False


def _start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0
