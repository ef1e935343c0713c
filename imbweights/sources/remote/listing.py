"""What lies at an address: one file, the files that match a pattern, or a folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from imbweights.core.errors import SourceError
from imbweights.core.urls import shown_url
from imbweights.sources.files import FileSet
from imbweights.sources.remote.file import RemoteFile, remote_version
from imbweights.sources.remote.folder import RemoteSet, address_of, refuse_strange
from imbweights.sources.remote.problems import explaining
from imbweights.sources.remote.systems import protocols_of, system_of

_WEB = frozenset(("http", "https"))
# On the web, a question mark begins the query.
_PATTERN = re.compile(r"[*?]|\[.+\]")
_WEB_PATTERN = re.compile(r"[*]|\[.+\]")


def at_address(url: str) -> list[RemoteFile | FileSet]:
    """The files, or the folder, that an address names. Raises ``SourceError`` when there is none."""
    name = shown_url(url)
    with explaining(name):
        system, path = system_of(url)
    on_web = protocols_of(url)[0] in _WEB
    place = path.partition("?")[0] if on_web else path
    if (_WEB_PATTERN if on_web else _PATTERN).search(place) and not _is_there(system, path):
        return _matching(url, system, path, name)
    if url.endswith("/") or (not on_web and _is_folder(system, path, name)):
        return [_folder(url, system, path, name)]
    file = RemoteFile(url, path, name)
    _ = file.info  # said now, not after other files were counted
    return [file]


def _is_there(system: Any, path: str) -> bool:
    try:
        return bool(system.exists(path))
    except Exception:  # noqa: BLE001 - each protocol has errors of its own; the pattern is tried next
        return False


def _is_folder(system: Any, path: str, name: str) -> bool:
    with explaining(name):
        system.invalidate_cache()
        return bool(system.info(path)["type"] == "directory")


def _matching(url: str, system: Any, path: str, name: str) -> list[RemoteFile | FileSet]:
    with explaining(name):
        system.invalidate_cache()
        found: dict[str, Any] = dict(system.glob(path, detail=True))
    files = sorted(path for path, info in found.items() if info.get("type") != "directory")
    if not files:
        raise SourceError(
            f"no file matches {name}",
            hint="folders of a web server are listed only where it shows an index page"
            if protocols_of(url)[0] in _WEB
            else None,
        )
    each = [RemoteFile(url, path, "") for path in files]
    return [RemoteFile(url, file.path, shown_url(address_of(file))) for file in each]


def _folder(url: str, system: Any, path: str, name: str) -> FileSet:
    """Every file below an address: one folder at a time is listed, and only names are kept."""
    root = path.rstrip("/") + "/"
    digest = hashlib.sha256()
    names: list[str] = []
    hidden = size = 0
    for inside, info in _walked(system, root, "", name):
        if any(part.startswith(".") for part in inside.split("/")):
            hidden += 1
            continue
        names.append(inside)
        size += info.get("size") or 0
        digest.update(f"{inside}\0{remote_version(info)}\0".encode())
    if not names:
        what = f"only hidden files ({hidden:,})" if hidden else "no files"
        hint = "a web server must show an index page with links to the files"
        raise SourceError(
            f"{name}: is a folder with {what}",
            hint=hint if protocols_of(url)[0] in _WEB and not hidden else None,
        )
    version = int.from_bytes(digest.digest()[:7], "big")
    remote = RemoteSet(url, root, {}, size, version)
    return FileSet.of_remote(remote, name, tuple(sorted(names)), hidden=hidden)


def _walked(system: Any, root: str, prefix: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with explaining(name):
        system.invalidate_cache()
        entries = sorted(system.ls(f"{root}{prefix}", detail=True), key=lambda entry: entry["name"])
    for entry in entries:
        whole = str(entry["name"])
        inside = whole.removeprefix(root.rstrip("/")).lstrip("/")
        # Index pages link to themselves sorted otherwise, and object stores keep folders as files.
        if not inside or inside.rstrip("/") == prefix.rstrip("/") or inside.startswith("?"):
            continue
        if "?" in inside and prefix == inside.partition("?")[0]:
            continue
        refuse_strange(inside, name)
        if not inside.startswith(prefix):
            continue
        if entry.get("type") == "directory" or whole.endswith("/"):
            yield from _walked(system, root, inside.rstrip("/") + "/", name)
        else:
            yield inside, entry
