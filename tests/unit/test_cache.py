"""What is kept between runs: when it holds, what it survives, how it stays small."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import write

from imbweights import analyze, check
from imbweights.core.choices import CacheBy
from imbweights.core.errors import SourceError
from imbweights.running import cache, keeping, marks, store, versions
from imbweights.running.cache import About, Counted, Use, asking_for, caching, counted_each
from imbweights.running.cache_contents import clear, contents
from imbweights.running.store import NAME, Entry, Store

ABOUT = About("words")


@pytest.fixture(autouse=True)
def _everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small, and at once."""
    monkeypatch.setattr(cache, "FEWEST_FILES", 0)
    monkeypatch.setattr(cache, "FEWEST_BYTES", 0)


@pytest.fixture
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as old at once."""
    monkeypatch.setattr(marks, "SETTLING_NS", -(10**9))


class Counter:
    """Counts the words of files, and which files it was asked for."""

    def __init__(self, folder: Path) -> None:
        """Nothing was asked yet."""
        self.folder = folder
        self.asked: list[str] = []

    def __call__(self, paths: Sequence[str]) -> list[Counted]:
        """One batch."""
        self.asked += paths
        return [self.one(path) for path in paths]

    def one(self, path: str) -> Counted:
        """One file."""
        try:
            return Counted(path, len((self.folder / path).read_text().split()))
        except OSError as error:
            return Counted(path, None, str(error))


def words(folder: Path, names: str, about: About = ABOUT, by: CacheBy | None = None) -> Any:
    """File → words, the files that were read, and how much was known."""
    counter = Counter(folder)
    found: list[Counted] = []
    with caching(folder / "kept") as use, asking_for(by):
        counted_each(about, counter, folder, names.split(), found.extend)
    return {each.path: each.record for each in found}, sorted(counter.asked), use


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of text."""
    for name, text in (("a", "x"), ("b", "x x"), ("c", "x x x")):
        write(tmp_path / name, text)
    return tmp_path


def test_only_what_changed_is_counted_again(folder: Path) -> None:
    """New, changed and removed files; the others are known."""
    assert words(folder, "a b c")[:2] == ({"a": 1, "b": 2, "c": 3}, ["a", "b", "c"])
    assert words(folder, "a b c")[:2] == ({"a": 1, "b": 2, "c": 3}, [])
    write(folder / "b", "y y y y y")
    write(folder / "d", "z")
    (folder / "c").unlink()
    found, asked, use = words(folder, "a b d")
    assert (found, asked) == ({"a": 1, "b": 5, "d": 1}, ["b", "d"])
    assert use.said == ("1 of 3 files counted before",)


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize("how", ["rewritten", "replaced", "linked"])
def test_the_same_size_and_time_do_not_deceive(folder: Path, how: str) -> None:
    """The change time and the inode cannot be put back."""
    words(folder, "a b c")
    path = folder / "b"
    before = path.stat()
    time.sleep(0.02)
    match how:
        case "rewritten":
            with path.open("r+") as stream:
                stream.write("xxx")
        case "replaced":
            write(folder / "new", "xxx").replace(path)
        case _:
            write(folder / "new", "xxx")
            path.unlink()
            path.symlink_to(folder / "new")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert words(folder, "a b c")[:2] == ({"a": 1, "b": 1, "c": 3}, ["b"])


def test_what_was_changed_just_now_is_hashed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It might be changed once more with the same status: here all have the same."""
    words(folder, "a b c")

    alike = marks.Mark(b"alike", 1, 1 << 62)
    monkeypatch.setattr(keeping, "mark_of", lambda _path: alike)
    assert words(folder, "a b c")[1] == ["a", "b", "c"]
    assert words(folder, "a b c")[1] == []
    write(folder / "b", "yyy")
    assert words(folder, "a b c")[:2] == ({"a": 1, "b": 1, "c": 3}, ["b"])
    # Large files are counted as quickly as they are hashed.
    monkeypatch.setattr(keeping, "MOST_HASHED", 0)
    write(folder / "c", "zz")
    assert words(folder, "c")[1] == ["c"]
    assert words(folder, "c")[1] == ["c"]


def test_once_settled_the_status_is_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was hashed and is old by now is not hashed again."""
    words(folder, "a b c")
    hashed: list[str] = []

    def noted(path: str) -> bytes | None:
        hashed.append(path)
        return marks.digest_of(path)

    monkeypatch.setattr(keeping, "digest_of", noted)
    monkeypatch.setattr(marks, "SETTLING_NS", -(10**9))
    assert words(folder, "a b c")[1] == []
    assert len(hashed) == 3
    assert words(folder, "a b c")[1] == []
    assert len(hashed) == 3


def test_a_file_that_changes_while_it_is_counted_is_not_kept(folder: Path) -> None:
    """Neither with another status nor, if it is fresh, with the same."""

    class Meddling(Counter):
        def one(self, path: str) -> Counted:
            found = super().one(path)
            write(self.folder / path, "changed meanwhile")
            return found

    for by in CacheBy:
        with caching(folder / "kept"), asking_for(by):
            counted_each(ABOUT, Meddling(folder), folder, ["a"], lambda part: None)
        assert words(folder, "a", by=by)[:2] == ({"a": 2}, ["a"])


def test_by_content_places_and_times_do_not_matter(folder: Path) -> None:
    """A copy elsewhere is known, and so is what has another date."""
    words(folder, "a b c", by=CacheBy.CONTENT)
    os.utime(folder / "a", (1, 1))
    shutil.copy(folder / "b", folder / "copy")
    found, asked, _ = words(folder, "a b c copy", by=CacheBy.CONTENT)
    assert (found, asked) == ({"a": 1, "b": 2, "c": 3, "copy": 2}, [])
    before = (folder / "c").stat()
    write(folder / "c", "xxxxx")
    os.utime(folder / "c", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert words(folder, "a b c", by=CacheBy.CONTENT)[1] == ["c"]
    shutil.copy(folder / "b", folder / "b.txt")  # some files are read by what they are called
    assert words(folder, "b.txt", by=CacheBy.CONTENT)[1] == ["b.txt"]


@pytest.mark.parametrize(
    "other",
    [
        About("letters"),
        About("words", {"language": "en"}),
        About("words", libraries=("numpy",)),
    ],
)
def test_what_else_decides_is_asked_for(folder: Path, other: About) -> None:
    """Another reader, other settings, other libraries: another entry."""
    words(folder, "a")
    assert words(folder, "a", other)[1] == ["a"]
    assert words(folder, "a", other)[1] == []
    assert words(folder, "a")[1] == []


def test_another_version_reads_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of the same number, when its files differ."""
    words(folder, "a")
    old = versions.version_of("imbweights")
    monkeypatch.setattr(keeping, "version_of", lambda package: f"{old}+")
    assert words(folder, "a")[1] == ["a"]


def test_bad_files_are_never_kept(folder: Path) -> None:
    """What could not be read may be readable now."""
    for _ in range(2):
        assert words(folder, "a missing")[1][-1] == "missing"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("a shopping list\n" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"words", b"sword")),
        lambda path: _changed(path, "UPDATE entries SET record = '7'"),
        lambda path: _changed(path, "UPDATE entries SET record = NULL"),
        lambda path: _changed(path, "UPDATE entries SET name = 'b' WHERE name = 'a'"),
        lambda path: _changed(path, "DROP TABLE entries"),
        lambda path: _changed(path, "PRAGMA application_id = 1"),
    ],
)
def test_a_damaged_or_foreign_store_is_set_aside(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    """Files are counted anew, which is said once; then all is as before."""
    words(folder, "a")
    words(folder, "a b c")
    damage(folder / "kept" / NAME)
    found, _, use = words(folder, "a b c")
    assert found == {"a": 1, "b": 2, "c": 3}
    found, asked, again = words(folder, "a b c")
    assert (found, asked) == ({"a": 1, "b": 2, "c": 3}, [])
    assert again.said == ("3 of 3 files counted before",)
    if (folder / "kept" / store.DAMAGED).exists():
        assert "was damaged or is no store of imbweights; files are counted anew" in use.said[0]


def _changed(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM entries WHERE name = CAST('b' AS BLOB)")
        connection.execute(statement)


def test_no_bit_of_an_entry_can_change(tmp_path: Path) -> None:
    """Not of the record, the status, the digest, the name, or whose it is."""
    kept = Store(tmp_path / "kept")
    entry = Entry(b"status", b"digest", b'{"cat": 17}')
    assert kept.keep(b"scope", [(b"folder", b"name", entry)])
    whole = kept.path.read_bytes()
    place = whole.index(b'{"cat": 17}')
    for offset in range(-30, 11):
        for bit in range(8):
            content = bytearray(whole)
            content[place + offset] ^= 1 << bit
            kept.path.write_bytes(content)
            fresh = Store(tmp_path / "kept")
            found = fresh.look_up(b"scope", {b"folder": [b"name"]})
            assert found in ({}, {(b"folder", b"name"): entry})


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    """Is done without, in silence."""
    write(folder / "kept", "a file")
    for _ in range(2):
        found, asked, use = words(folder, "a b c")
        assert (found, asked, use.said) == ({"a": 1, "b": 2, "c": 3}, ["a", "b", "c"], ())


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL]
)
def test_what_sqlite_cannot_do(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Everything is counted; a full disk is named, since the user can do something about it."""

    def refused(*_: object) -> None:
        error = sqlite3.OperationalError("no")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(store, "_made_place", refused)
    found, asked, use = words(folder, "a b c")
    assert (found, asked) == ({"a": 1, "b": 2, "c": 3}, ["a", "b", "c"])
    assert [("no space" in text) for text in use.said] == [True] * (code == sqlite3.SQLITE_FULL)


def test_another_run_that_writes_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or not: then this run counts, and keeps nothing."""
    words(folder, "a")
    monkeypatch.setattr(store, "_PATIENCE", 0.01)
    with closing(sqlite3.connect(folder / "kept" / NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert words(folder, "a b")[:2] == ({"a": 1, "b": 2}, ["a", "b"])
        other.execute("COMMIT")
    assert words(folder, "a b")[1] == ["b"]


def test_a_cancelled_run_has_not_counted_for_nothing(folder: Path) -> None:
    """What came back before Ctrl-C is kept."""
    for number in range(20):
        write(folder / f"n{number:02}", "x")
    names = " ".join(f"n{number:02}" for number in range(20))

    class Cancelled(Counter):
        def one(self, path: str) -> Counted:
            if path == "n10":
                raise KeyboardInterrupt
            return super().one(path)

    with pytest.raises(KeyboardInterrupt), caching(folder / "kept"):
        counted_each(ABOUT, Cancelled(folder), folder, names.split(), lambda part: None)
    _, asked, use = words(folder, names)
    assert use.known == 20 - len(asked) == 4  # the first batch


def test_old_entries_go_and_new_ones_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 90 days without use; what is used stays."""
    today = store.today()
    words(folder, "a b c")
    monkeypatch.setattr(store, "today", lambda: today + 60)
    assert words(folder, "a")[1] == []
    monkeypatch.setattr(store, "today", lambda: today + 100)
    assert words(folder, "b")[1] == []  # found before it was dropped, so it was used
    monkeypatch.setattr(store, "today", lambda: today + 101)
    assert words(folder, "a b c")[1] == ["c"]


def test_the_store_has_a_largest_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it nothing is added, and on the next day what was not used for longest goes."""
    today = store.today()
    words(folder, "a b")
    monkeypatch.setattr(store, "LIMIT", 100)
    assert words(folder, "a b c")[1] == ["c"]
    assert words(folder, "a b c")[1] == ["c"]
    monkeypatch.setattr(store, "today", lambda: today + 1)
    assert words(folder, "a")[1] == []
    monkeypatch.setattr(store, "LIMIT", 10**9)
    assert words(folder, "a b")[1] == ["b"]


def test_little_work_is_not_worth_a_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written for a few small files."""
    monkeypatch.setattr(cache, "FEWEST_FILES", 4)
    monkeypatch.setattr(cache, "FEWEST_BYTES", 1000)
    words(folder, "a b c")
    assert not (folder / "kept").exists()
    write(folder / "c", "x " * 500)
    words(folder, "a b c")
    assert (folder / "kept" / NAME).exists()


def test_clearing_removes_only_what_is_ours(folder: Path) -> None:
    """The folder goes when nothing else is in it."""
    kept = folder / "kept"
    words(folder, "a b c")
    write(kept / "counts.0.sqlite", "another version")
    write(kept / "mine.txt", "mine")
    found = clear(kept)
    assert found is not None
    assert found.others == ("mine.txt",)
    assert {each.name for each in found.held} == {NAME, "counts.0.sqlite"}
    assert [each.entries for each in found.held if each.name == NAME] == [3]
    assert sorted(path.name for path in kept.iterdir()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "mine.txt",
    ]
    (kept / "mine.txt").unlink()
    clear(kept)
    assert not kept.exists()
    assert contents(kept) is None
    assert clear(kept) is None
    kept.symlink_to(folder)
    assert clear(kept) is None
    assert (folder / "a").exists()


def test_python_users_ask_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written otherwise; ``True`` means the working directory."""
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "labels.csv", "y\n" + "a\nb\nb\n" * 20)
    plain = analyze(path, label="y")
    assert not (tmp_path / ".imbweights_cache").exists()
    kept = analyze(path, label="y", cache=True)
    assert (tmp_path / ".imbweights_cache" / NAME).exists()
    assert kept.to_dict() == plain.to_dict() == analyze(path, label="y", cache=True).to_dict()
    assert (
        check(path, label="y", cache=tmp_path / "elsewhere", cache_by="content").codes
        == check(path, label="y").codes
    )
    assert (tmp_path / "elsewhere" / NAME).exists()


def test_whole_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is not opened again; who needs its rows opens it."""
    path = write(tmp_path / "labels.csv", "y,z\n" + "a,1\nb,0\nb,1\n" * 20)
    counted = partial(analyze, path, cache=tmp_path / "kept")
    first = counted(label="y")
    from imbweights.sources.delimited import SOURCE

    def never(*_: object) -> None:
        raise AssertionError("it was read")

    with monkeypatch.context() as patched:
        patched.setattr("imbweights.sources.delimited.SOURCE", _with(SOURCE, never))
        assert counted(label="y").to_dict() == first.to_dict()
        with pytest.raises(AssertionError, match="it was read"):
            counted(label="z")
    assert counted(label="z").counts.as_dict() == {"0": 20, "1": 40}


def _with(source: Any, read: Callable[..., Any]) -> Any:
    from dataclasses import replace

    return replace(source, read=read)


def test_panoptic_sets_depend_on_their_images(tmp_path: Path) -> None:
    """So the reading of their JSON is not kept."""
    listing = {
        "images": [{"id": 1, "file_name": "1.jpg", "height": 2, "width": 2}],
        "annotations": [
            {
                "image_id": 1,
                "file_name": "1.png",
                "segments_info": [{"id": 1, "category_id": 1, "area": 4}],
            }
        ],
        "categories": [{"id": 1, "name": "sky"}],
    }
    import json

    path = write(tmp_path / "panoptic.json", json.dumps(listing))
    (tmp_path / "panoptic").mkdir()
    for pixels, expected in (([[1, 1], [1, 0]], 3), ([[1, 0], [0, 0]], 1)):
        image = np.zeros((2, 2, 3), dtype=np.uint8)
        image[..., 0] = pixels
        Image.fromarray(image).save(tmp_path / "panoptic" / "1.png")
        assert analyze(path, cache=tmp_path / "kept").counts.as_dict() == {"sky": expected}


def test_damaged_files_stay_damaged(tmp_path: Path) -> None:
    """The same error on each run."""
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", np.zeros((4, 4), dtype=np.uint8))
    (tmp_path / "c.npy").write_bytes(b"nothing")
    for _ in range(2):
        with pytest.raises(SourceError, match=r"c\.npy"):
            analyze(tmp_path, kind="masks", cache=tmp_path.parent / f"{tmp_path.name}-kept")


def test_what_is_said() -> None:
    """Nothing when nothing was known."""
    assert Use(5, 0).said == ()
    assert Use(5, 5, ["a note"]).said == ("a note", "5 of 5 files counted before")


def test_many_files_of_a_folder(tmp_path: Path) -> None:
    """All of a folder, and some of it, whichever way they are looked up."""
    kept = Store(tmp_path / "kept")
    entries = [(b"folder", b"%d" % n, Entry(b"status", None, b"[%d]" % n)) for n in range(3000)]
    assert kept.keep(b"scope", entries)
    for wanted in (range(3000), range(2000), range(0, 3000, 5), range(2990, 3500)):
        found = kept.look_up(b"scope", {b"folder": [b"%d" % n for n in wanted]})
        assert {name: entry.record for (_, name), entry in found.items()} == {
            b"%d" % n: b"[%d]" % n for n in wanted if n < 3000
        }
