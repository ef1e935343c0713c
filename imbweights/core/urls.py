"""Addresses of remote files: told from paths, and shown without the secrets that they may hold."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from imbweights.core.errors import UsageError

MASK = "***"
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(:/|::[A-Za-z])")
_LOCAL = re.compile(r"(?i)(?:file|local):(?://(?:localhost(?=/))?|(?=/))")
# A path that was made of an address has one slash only.
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//?)(.*)", re.DOTALL)
_IN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/[^\s'\"<>]+")
_SPLIT = re.compile(r"[A-Za-z][\w-]*=(?=[A-Za-z][A-Za-z0-9+.-]+:)")
_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):\d+")
# Elsewhere than on the web, names may hold such signs.
_WEB_SECRET = re.compile(r"[?#](?=.)")
_SECRET = re.compile(r"\?(?=.*=)")


def is_remote(typed: str) -> bool:
    """Whether a path is an address that fsspec reads, perhaps a chain of them.

    >>> is_remote("s3://b/a.csv"), is_remote("zip://a.csv::https://h/x.zip"), is_remote("a.csv")
    (True, True, False)
    >>> is_remote("file:///home/me/a.csv")
    False
    """
    return _REMOTE.match(typed) is not None and _LOCAL.match(typed) is None


def local_path(typed: str) -> str:
    """The plain path that ``file://`` stands for; anything else as it is.

    >>> local_path("file:///data/my%20labels.csv"), local_path("a.csv")
    ('/data/my labels.csv', 'a.csv')
    """
    match = _LOCAL.match(typed)
    if match is None:
        return typed
    path = typed[match.end() :]
    return path if Path(path).exists() else unquote(path)


def shown_url(url: str) -> str:
    """An address without user name, password, query and fragment: these may be credentials.

    What is no address stays as it is, and so does what was masked before. A split that stands before
    it (``train=``) stays.

    >>> shown_url("https://me:secret@host:8080/a.csv?X-Amz-Signature=abc")
    'https://***@host:8080/a.csv?***'
    >>> shown_url("zip://a.csv::https://host/x.zip?sig=abc"), shown_url("s3://bucket/a@b.csv")
    ('zip://a.csv::https://host/x.zip?***', 's3://bucket/a@b.csv')
    >>> shown_url("train=https://me:secret@host/a.csv")
    'train=https://***@host/a.csv'
    """
    if ":/" not in url:
        return url
    split = _SPLIT.match(url)
    start = split[0] if split else ""
    return start + "::".join(_masked(part) for part in url[len(start) :].split("::"))


def without_secrets(text: str) -> str:
    """Any text with the addresses in it masked.

    >>> without_secrets("GET https://me:pw@host/a?key=1 failed")
    'GET https://***@host/a?*** failed'
    """
    return _IN_TEXT.sub(lambda found: shown_url(found[0]), text) if ":/" in text else text


def holds_secrets(url: str) -> bool:
    """Whether something of an address is masked when it is shown.

    >>> holds_secrets("s3://bucket/a.csv"), holds_secrets("https://host/a.csv?token=1")
    (False, True)
    """
    return shown_url(url) != url or MASK in url


def refuse_remote(option: str, typed: str) -> None:
    """Say that only sources of labels may be remote, where an address is given for something else."""
    if is_remote(typed):
        raise UsageError(
            f"{option} {shown_url(typed)}: only the label files themselves may be remote",
            hint="download it first",
        )


def _masked(url: str) -> str:
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return url
    scheme, mark, rest = match.groups()
    host = rest.split("/", 1)[0]
    if "@" in host:
        rest = MASK + "@" + host.rpartition("@")[2] + rest[len(host) :]
    elif "@" in rest and ":" in host and not _PORT.fullmatch(host):
        # A password with a slash, as the secret keys of S3 have them.
        rest = MASK + "@" + rest.rpartition("@")[2]
    cut = (_WEB_SECRET if scheme.lower() in {"http", "https"} else _SECRET).search(rest)
    return f"{scheme}:{mark}{rest if cut is None else rest[: cut.start() + 1] + MASK}"
