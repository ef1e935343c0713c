"""Addresses without anything that lies at them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import run

from imbweights.core.urls import is_remote, local_path, shown_url, without_secrets
from imbweights.running.memory import Remembered
from imbweights.sources.remote.problems import RemoteError, explained

_WORD = st.text("abcdefgh0123456789", min_size=6, max_size=12)


@given(user=_WORD, password=_WORD, key=_WORD, path=_WORD)
def test_secrets_never_show(user: str, password: str, key: str, path: str) -> None:
    """Wherever they stand, and also in the middle of a text, or with one slash for two."""
    user, password, key = f"U{user}", f"P{password}", f"K{key}"
    for url in (
        f"https://{user}:{password}@host/{path}?X-Amz-Signature={key}",
        f"s3://{user}:{password}/{key}@bucket/{path}",
        f"train=https://{user}:{password}@host:99/{path}#{key}",
        f"zip://{path}::https://{user}:{password}@host/a.zip?sig={key}",
        f"simplecache::s3://{user}:{password}@b/{path}?versionId={key}",
        f"https:/{user}:{password}@host/{path}?{key}",
    ):
        for shown in (shown_url(url), without_secrets(f"GET {url} failed"), repr(shown_url(url))):
            assert not any(secret in shown for secret in (user, password, key)), shown
        assert shown_url(shown_url(url)) == shown_url(url)
        assert path in shown_url(url)


@pytest.mark.parametrize(
    "plain",
    ["a.csv", "C:/data/a@b.csv", "train=a.csv", "s3://b/part-?.csv", "https://h:8080/a@b.csv", "-"],
)
def test_what_is_no_secret_stays(plain: str) -> None:
    """Paths, patterns and ports."""
    assert shown_url(plain) == plain


def test_what_is_remote() -> None:
    """Addresses and chains of them, but neither drives nor ``file://``."""
    assert all(
        map(is_remote, ("s3://b/a", "memory://a", "zip://a::s3://b/c", "simplecache::s3://b"))
    )
    assert not any(map(is_remote, ("a.csv", "C:/a", "C:\\a", "file:///a", "a:b", "-", "x=1")))
    assert local_path("file:///a/b%20c.csv") == "/a/b c.csv"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError("https://u:pw@h/a"), "no such file"),
        (PermissionError("Forbidden"), "access is denied"),
        (TimeoutError(), "does not answer in time"),
        (ConnectionRefusedError(111, "refused"), "connection refused"),
        (ConnectionResetError(), "the connection broke"),
        (RuntimeError("GET https://u:pw@h/a?key=1"), r"GET https://***@h/a?***"),
    ],
)
def test_errors_in_plain_words(error: Exception, words: str) -> None:
    """By the most telling cause."""
    outer = OSError("something")
    outer.__cause__ = error
    assert words in explained(error, "name").message
    if not isinstance(error, RuntimeError):
        assert words in explained(outer, "name").message
    assert "pw" not in str(explained(error, "name"))


def test_errors_travel() -> None:
    """Workers send them to whoever waits."""
    import pickle

    sent = RemoteError("a: gone", hint="look", reason="gone", of_file=True)
    found = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own
    assert (str(found), found.reason, found.of_file) == (str(sent), "gone", True)


def test_without_fsspec(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    done = run("analyze", "s3://bucket/a.csv")
    assert done.code == 2
    assert done.err == (
        "error: s3://bucket/a.csv: remote paths need fsspec\n"
        "install it with: pip install 'imbweights[remote]'\n"
    )


def test_file_addresses(tmp_path: Path) -> None:
    """``file://`` is a path, also of a split."""
    path = tmp_path / "my labels.csv"
    path.write_text("label\na\nb\na\n")
    assert run("analyze", path.as_uri(), "--format", "json").json["samples"] == 3
    both = run("analyze", f"train={path.as_uri()}", "--format", "json").json
    assert list(both["splits"]) == ["train"]


def test_nothing_is_asked_of_remote_files_that_are_remembered() -> None:
    """Whether they changed is found out by reading them."""
    from imbweights.core.counts import ClassCounts
    from imbweights.core.options import SourceSpec
    from imbweights.core.profile import Profile, Recognised

    source = Recognised(name="a.csv", kind="csv", files=(("s3://b/a.csv", 3, 7),))
    profile = Profile(total=ClassCounts.multiclass({"a": 1}), source=source)
    spec = SourceSpec(paths=("https://u:p@h/a.csv?k=v",))
    assert Remembered(spec=spec, profile=profile).changed_files() == ()
    assert spec.to_dict()["paths"] == ["https://***@h/a.csv?***"]
    assert Recognised.from_dict(source.to_dict()) == source
