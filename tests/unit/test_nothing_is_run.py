"""What is read is never run: no call in the package could do it, so that none comes in by the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import imbweights

PACKAGE = Path(imbweights.__file__).parent
_MODULES = frozenset(
    ("pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "code", "codeop", "runpy")
) | frozenset(
    ("subprocess", "ctypes", "xml.dom", "xml.sax", "lxml", "urllib.request", "http.client")
)
# It asks whether an error of our own survives the way from a worker, by its own bytes; nothing read.
_SENDS = ("running/trials.py", "pickle")
_BUILTINS = frozenset(("eval", "exec", "compile", "__import__"))
_CALLS = {
    "yaml": frozenset(
        ("load", "load_all", "unsafe_load", "full_load", "unsafe_load_all", "full_load_all")
    ),
    "os": frozenset(("system", "popen", "execv", "execve", "spawnv", "startfile")),
    "np": frozenset(("load", "loadtxt", "genfromtxt", "fromfile")),
    "joblib": frozenset(("load", "dump")),
    "pd": frozenset(("read_pickle", "eval", "read_html", "read_sql")),
    "ET": frozenset(("parse", "fromstring", "XML", "iterparse")),
}
# np.load where it stands beside its own check of the header, without pickles.
_ALLOWED = {("sources/arrays/opening.py", "np.load"), ("core/cost_matrix.py", "np.load")}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=base), attr=name)):
            return f"{base}.{name}"
    return ""


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for where, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield where, _called(node), node


def test_no_module_is_imported_that_runs_what_it_reads() -> None:
    """Pickles, programs, XML with entities, the network."""
    found = [
        (where, name)
        for where, tree in _trees()
        for node in ast.walk(tree)
        for name in _imported(node)
        if any(name == module or name.startswith(f"{module}.") for module in _MODULES)
    ]
    assert set(found) <= {_SENDS}


def test_nothing_is_evaluated() -> None:
    """Neither by Python nor by a library that would."""
    forbidden = {f"{base}.{name}" for base, names in _CALLS.items() for name in names} | _BUILTINS
    found = {(where, name) for where, name, _ in _calls() if name in forbidden}
    assert found == _ALLOWED


def test_arrays_are_read_without_pickles() -> None:
    """Wherever NumPy could."""
    reads = [
        c for _, name, c in _calls() if name in {"np.load", "npy_format.read_array", "np.save"}
    ]
    assert len(reads) >= 3
    for call in reads:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given.get("allow_pickle") == "False", ast.unparse(call)


def test_xml_is_read_without_entities() -> None:
    """The parser is that of defusedxml; Python's own makes elements and names their type."""
    parsers = {
        (where, name)
        for where, tree in _trees()
        for node in ast.walk(tree)
        for name in _imported(node)
        if name.startswith(("xml.etree", "defusedxml"))
        and name.rpartition(".")[2] in {"parse", "fromstring"}
    }
    assert parsers == {("sources/xml_file.py", "defusedxml.ElementTree.parse")}


def test_yaml_is_read_in_one_place_by_the_safe_loader() -> None:
    """And without what loads by itself."""
    text = (PACKAGE / "core/yaml_text.py").read_text(encoding="utf-8")
    users = [where for where, tree in _trees() for n in ast.walk(tree) if "yaml" in _imported(n)]
    assert set(users) == {"core/yaml_text.py"}
    assert "SafeLoader" in text
    assert "UnsafeLoader" not in text


def test_duckdb_is_opened_in_one_place_that_loads_no_extension() -> None:
    """Neither from the network nor from the disk."""
    opened = [
        where
        for where, name, _ in _calls()
        if name in {"duckdb.connect", "duckdb.sql", "duckdb.query"}
    ]
    assert set(opened) == {"sources/tables/duck.py"}
    from imbweights.sources.tables.duck import connected

    with connected() as connection:
        rows = connection.execute(
            "SELECT name, value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions',"
            " 'autoload_known_extensions', 'allow_unsigned_extensions', 'allow_community_extensions')"
        ).fetchall()
    assert dict(rows) == dict.fromkeys([name for name, _ in rows], "false")
    assert len(rows) >= 3
