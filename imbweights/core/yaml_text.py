"""YAML from strangers: no tags that make objects, no aliases that grow, no depth without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

MOST_CHARACTERS = 8 << 20
_DEEPEST = 100
_MOST_VALUES = 5_000_000
_TOO_DEEP = f"is nested more than {_DEEPEST} deep"


class YamlError(Exception):
    """YAML that cannot be read, or should not be, with the reason for people."""


def yaml_value(text: str, *, typed: bool) -> Any:
    """What a YAML text holds: mappings, lists, text; numbers and booleans only where ``typed``.

    Without ``typed`` a class called ``no`` is not ``False``. Raises ``YamlError``, also for tags that
    stand for objects of a program and for aliases that grow without bounds.
    """
    import yaml

    if len(text) > MOST_CHARACTERS:
        raise YamlError(f"is longer than {MOST_CHARACTERS:,} characters")
    try:
        loader = _loader(typed=typed)(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _refuse_growth(node)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise YamlError(" ".join(str(error).split())[:120]) from error
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError) as error:
        # A date such as 2023-99-99, a number with thousands of digits, a key that is a list.
        raise YamlError(str(error)[:120]) from error
    except RecursionError as error:
        raise YamlError(_TOO_DEEP) from error


def _refuse_growth(node: yaml.Node) -> None:
    """Raise for aliases that make more of a few lines than anyone writes, and for those of themselves."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, above: tuple[int, ...]) -> int:
        if id(node) in above:
            raise YamlError("has a list or mapping that holds itself")
        if len(above) > _DEEPEST:
            raise YamlError(_TOO_DEEP)
        if id(node) not in sizes:
            below = [part for entry in _parts(node) for part in entry]
            sizes[id(node)] = 1 + sum(size(part, (*above, id(node))) for part in below)
        if sizes[id(node)] > _MOST_VALUES:
            raise YamlError(f"grows to more than {_MOST_VALUES:,} values by its aliases")
        return sizes[id(node)]

    size(node, ())


def _parts(node: yaml.Node) -> list[tuple[yaml.Node, ...]]:
    """What a list or mapping holds."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    return [(part,) for part in node.value] if isinstance(node, yaml.SequenceNode) else []


def _loader(*, typed: bool) -> type[yaml.SafeLoader]:
    import yaml

    if typed:
        return yaml.SafeLoader
    return type("TextLoader", (yaml.SafeLoader,), {"yaml_implicit_resolvers": {}})
