"""From an address to the fsspec file system that reads it."""

from __future__ import annotations

import os
from typing import Any

from imbweights.core.errors import SourceError, UsageError
from imbweights.core.urls import shown_url

_OURS = frozenset(("s3", "s3a", "http", "https"))
_PACKAGES = {
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("az", "abfs", "abfss", "adl"), "adlfs"),
    **dict.fromkeys(("sftp", "ssh"), "paramiko"),
    **dict.fromkeys(("oci", "ocilake"), "ocifs"),
    **dict.fromkeys(("github", "gist", "dbfs", "webhdfs", "jlab", "jupyter"), "requests"),
    **dict.fromkeys(("hdfs", "arrow_hdfs"), "pyarrow"),
    **dict.fromkeys(("webdav",), "webdav4"),
    **dict.fromkeys(("tos", "tosfs"), "tosfs"),
    "hf": "huggingface_hub",
    "smb": "smbprotocol",
    "oss": "ossfs",
    "box": "boxfs",
    "gdrive": "gdrive_fs",
    "dvc": "dvc",
    "lakefs": "lakefs-spec",
    "git": "pygit2",
    "libarchive": "libarchive-c",
    "dask": "distributed",
    "wandb": "wandbfs",
}
_INSTALL = "install it with: pip install "
_PATIENCE = "IMBWEIGHTS_TIMEOUT"
_SECONDS = 60.0
# What only this process sees cannot be read by workers.
_OWN = frozenset(("memory", "dir", "dircache", "data"))


def protocols_of(url: str) -> list[str]:
    """The protocols of an address or a chain of them.

    >>> protocols_of("zip://a.csv::https://host/x.zip"), protocols_of("simplecache::s3://b/a.csv")
    (['zip', 'https'], ['simplecache', 's3'])
    """
    return [part.partition("://")[0].lower() for part in url.split("::")]


def is_of_this_process(url: str) -> bool:
    """Whether another process would not see the files."""
    return not _OWN.isdisjoint(protocols_of(url))


def system_of(url: str) -> tuple[Any, str]:
    """fsspec's file system for an address, and the path in it.

    Credentials are found by the protocol's own library, in the environment or its configuration.
    Raises ``SourceError`` that says what to install.
    """
    try:
        from fsspec.core import url_to_fs
        from fsspec.registry import known_implementations
    except ImportError:
        raise SourceError(
            f"{shown_url(url)}: remote paths need fsspec",
            hint=_INSTALL + "'imbweights[remote]'",
        ) from None
    protocols = protocols_of(url)
    options = {name: made for name in protocols if (made := _options(name))}
    try:
        found: tuple[Any, str] = url_to_fs(url, **options)
    except ImportError:
        raise _missing(url, protocols, known_implementations) from None
    except ValueError:
        unknown = [name for name in protocols if name not in known_implementations]
        if not unknown:
            raise SourceError(f"{shown_url(url)}: is no address that can be read") from None
        raise SourceError(
            f"{shown_url(url)}: {unknown[0]}:// is a protocol that fsspec does not know",
            hint=f"known are: {', '.join(sorted(set(_PACKAGES) | _OURS))} and others",
        ) from None
    return found


def _missing(url: str, protocols: list[str], known: Any) -> SourceError:
    for name in reversed(protocols):
        if name in _OURS:
            needed = "aiohttp" if name.startswith("http") else "s3fs"
            package = "'imbweights[remote]'"
        elif name in _PACKAGES:
            needed = package = _PACKAGES[name]
        else:
            continue
        if not _can_import(name):
            return SourceError(
                f"{shown_url(url)}: {name}:// paths need {needed}", hint=_INSTALL + package
            )
    told = known.get(protocols[0], {}).get("err", "a package is missing")
    return SourceError(f"{shown_url(url)}: cannot be read here", hint=str(told))


def _can_import(protocol: str) -> bool:
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(protocol)
    except (ImportError, ValueError):
        return False
    return True


def patience() -> float:
    """How many seconds a server may be silent. Raises ``UsageError`` for what is no number."""
    typed = os.environ.get(_PATIENCE, "")
    try:
        seconds = float(typed) if typed else _SECONDS
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise UsageError(f"{_PATIENCE}={typed}: expected a number of seconds")
    return seconds


def _options(protocol: str) -> dict[str, Any]:
    """What differs from fsspec's defaults; what the user configured for fsspec comes first."""
    if protocol in {"s3", "s3a"}:
        return _over({"use_listings_cache": False, **_s3_patience()}, protocol)
    if protocol not in {"http", "https"}:
        return {}
    try:
        import aiohttp
    except ImportError:
        return {}
    seconds = patience()
    # A large file may take hours; only silence is an error. Bytes come as they lie there.
    client = {
        "timeout": aiohttp.ClientTimeout(total=None, sock_connect=seconds, sock_read=seconds),
        "auto_decompress": False,
        "trust_env": True,
    }
    return _over({"headers": {"Accept-Encoding": "identity"}, "client_kwargs": client}, protocol)


def _s3_patience() -> dict[str, Any]:
    """Only where the user said so: the library's own limits are for each of several attempts."""
    if _PATIENCE not in os.environ:
        return {}
    return {"config_kwargs": {"connect_timeout": patience(), "read_timeout": patience()}}


def _over(ours: dict[str, Any], protocol: str) -> dict[str, Any]:
    from fsspec.config import conf

    theirs = conf.get(protocol, {})
    return {
        key: {**value, **theirs.get(key, {})} if isinstance(value, dict) else theirs.get(key, value)
        for key, value in ours.items()
    }
