"""Any sequence of edits and runs: what is kept must never change an answer."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PIL import Image

from imbweights.analysis import label_options
from imbweights.core.choices import CacheBy
from imbweights.core.errors import ImbweightsError
from imbweights.core.options import SourceSpec
from imbweights.profiling import profile_of
from imbweights.running import cache, marks
from imbweights.running.cache import caching
from imbweights.running.store import NAME

# Longer than a tick of any clock that dates files here.
TICK_NS = 20_000_000
_PAUSE = 0.025
NAMES = st.sampled_from(["a", "b", "c"])
SOURCES = st.sampled_from(["masks", "colours", "yolo", "labelme", "csv", "coco"])
CONTENT = st.integers(0, 3)
ENDINGS = {
    "masks": ".npy",
    "colours": ".png",
    "yolo": ".txt",
    "labelme": ".json",
    "csv": ".csv",
    "coco": ".json",
}
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "masks": [
        {"kind": "masks"},
        {"kind": "masks", "ignore_label": "1"},
        {"kind": "masks", "classes": "0=sky,1=sea,2=sun,3=air,9=void"},
        {"kind": "masks", "pixel_divisor": 2},
        {},
    ],
    "colours": [
        {"kind": "masks"},
        {"kind": "masks", "palette": "palette.txt"},
        {"kind": "masks", "palette": "voc"},
    ],
    "yolo": [
        {"kind": "yolo"},
        {"kind": "yolo", "count": "images"},
        {"kind": "yolo", "ignore_label": "c1"},
    ],
    "labelme": [{"kind": "labelme"}, {"kind": "labelme", "on_bad_files": "skip"}],
    "csv": [{"kind": "csv", "label": "y"}, {"kind": "csv", "label": "z"}, {"label": "y"}],
    "coco": [{"kind": "coco"}, {"kind": "coco", "count": "images"}],
}


def content_of(source: str, number: int) -> bytes:
    """Of the same length whatever the number; 9 is damaged."""
    match source:
        case "masks":
            array = np.zeros((4, 4), dtype=np.uint8)
            array[: number + 1] = number
            return _npy(array) if number != 9 else b"x" * len(_npy(array))
        case "colours":
            return _png(number)
        case "yolo":
            return f"{number} .5 .5 .1 .1\n0 .5 .5 .1 .{number}\n".encode()
        case "labelme":
            last = "}" if number != 9 else " "
            return f'{{"shapes": [{{"label": "s{number}"}}, {{"label": "s0"}}]{last}'.encode()
        case "csv":
            return f"y,z\nc{number},d0\nc0,d{number}\nc0,d1\n".encode()
        case _:
            return json.dumps(
                {
                    "images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}],
                    "annotations": [{"id": 1, "image_id": 1 + number % 2, "category_id": number}],
                    "categories": [{"id": n, "name": f"k{n}"} for n in range(10)],
                }
            ).encode()


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _png(number: int) -> bytes:
    from io import BytesIO

    if number == 9:
        return b"no image"
    image = Image.new("P", (4, 4), number)
    image.putpalette(bytes(range(60)) if number % 2 else bytes(range(60, 0, -1)))
    image.putpixel((0, 0), 1)
    stream = BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()


class CacheMachine(RuleBasedStateMachine):
    """Files are changed in every way there is; each run with a cache answers as one without."""

    def __init__(self) -> None:
        """A folder for each source, and an empty cache."""
        super().__init__()
        self.stack = ExitStack()
        self.root = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.cache = self.root / "kept"
        for patched in (
            mock.patch.object(cache, "FEWEST_FILES", 0),
            mock.patch.object(cache, "FEWEST_BYTES", 0),
            mock.patch.object(marks, "SETTLING_NS", TICK_NS),
        ):
            self.stack.enter_context(patched)
        here = Path.cwd()
        self.stack.callback(os.chdir, here)
        os.chdir(self.root)
        self.source = "masks"
        self.known = 0

    def teardown(self) -> None:
        """Take everything away."""
        event(f"known: {'some' if self.known else 'none'}")
        self.stack.close()

    def place(self, name: str) -> Path:
        """A file of the source."""
        return self.root / self.source / f"{name}{ENDINGS[self.source]}"

    @initialize(source=SOURCES)
    def filled(self, source: str) -> None:
        """Some files of one sort."""
        self.source = source
        (self.root / source).mkdir()
        for number, name in enumerate("abc"):
            self.place(name).write_bytes(content_of(source, number))
        self.named(0)
        self.coloured(0)

    @rule(name=NAMES, content=CONTENT)
    def write(self, name: str, content: int) -> None:
        """Write a file, mostly of the same size."""
        with suppress(OSError):  # a link that leads in a circle
            self.place(name).write_bytes(content_of(self.source, content))

    @rule(name=NAMES)
    def damage(self, name: str) -> None:
        """A file that cannot be read."""
        with suppress(OSError):
            self.place(name).write_bytes(content_of(self.source, 9))

    @rule(name=NAMES, content=CONTENT)
    def write_and_put_the_time_back(self, name: str, content: int) -> None:
        """As ``touch -r`` and archives do."""
        path = self.place(name)
        with suppress(OSError):
            before = path.stat()
            with path.open("r+b") as stream:
                stream.write(content_of(self.source, content))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(name=NAMES, age=st.integers(-1000, 10**6))
    def touch(self, name: str, age: int) -> None:
        """Any modification time, also in the future."""
        with suppress(OSError):
            os.utime(self.place(name), (time.time() - age,) * 2)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        """A file goes."""
        self.place(name).unlink(missing_ok=True)

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        """A file takes another's place."""
        with suppress(OSError):
            self.place(name).replace(self.place(other))

    @rule(name=NAMES, other=NAMES)
    def swap(self, name: str, other: str) -> None:
        """Two files change places, with their times."""
        aside = self.root / "aside"
        with suppress(OSError):
            self.place(name).replace(aside)
            with suppress(OSError):
                self.place(other).replace(self.place(name))
            aside.replace(self.place(other))

    @rule(name=NAMES, other=NAMES)
    def copy_with_times(self, name: str, other: str) -> None:
        """As ``cp -p`` does."""
        with suppress(OSError, shutil.SameFileError):
            shutil.copy2(self.place(name), self.place(other))

    @rule(name=NAMES, other=NAMES)
    def link(self, name: str, other: str) -> None:
        """A link in place of a file, or led elsewhere; perhaps to nowhere or in a circle."""
        if name != other:
            path = self.place(name)
            path.unlink(missing_ok=True)
            path.symlink_to(self.place(other))

    @rule(name=NAMES, other=NAMES)
    def hard_link(self, name: str, other: str) -> None:
        """Two names of one file."""
        if name != other:
            path = self.place(name)
            with suppress(OSError):
                path.unlink(missing_ok=True)
                os.link(self.place(other), path)

    @rule(number=st.integers(0, 2))
    def named(self, number: int) -> None:
        """What YOLO's numbers are called."""
        names = "\n".join(f"c{(n + number) % 4}" for n in range(4))
        if self.source == "yolo":
            (self.root / "yolo" / "classes.txt").write_text(names)

    @rule(number=st.integers(0, 2))
    def coloured(self, number: int) -> None:
        """What colours are called."""
        listed = [f"k{n + number} {3 * n} {3 * n + 1} {3 * n + 2}\n" for n in range(10)]
        (self.root / "palette.txt").write_text("".join(listed))

    @rule(data=st.data())
    def damage_the_store(self, data: st.DataObject) -> None:
        """Some bytes of it change, or its end goes, or it is something else."""
        path = self.cache / NAME
        if not path.is_file() or not path.stat().st_size:
            return
        content = bytearray(path.read_bytes())
        how = data.draw(st.sampled_from(["bytes", "end", "text", "database", "empty"]))
        match how:
            case "bytes":
                for place in data.draw(
                    st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=9)
                ):
                    content[place] ^= data.draw(st.integers(1, 255))
                path.write_bytes(content)
            case "end":
                path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
            case "text":
                path.write_text("a shopping list\n" * 100)
            case "empty":
                path.write_bytes(b"")
            case _:
                path.unlink()
                with closing(sqlite3.connect(path)) as connection:
                    connection.execute("CREATE TABLE entries (name, record)")

    @rule(name=NAMES, content=CONTENT)
    def deceive(self, name: str, content: int) -> None:
        """A change that size and time do not show, right after a run."""
        self.run_plainly(settled=True)
        self.write_and_put_the_time_back(name, content)
        self.run_plainly(settled=False)

    @rule(option=st.integers(0, 4), keep_files=st.booleans(), by=st.sampled_from(CacheBy))
    def run(self, option: int, *, keep_files: bool, by: CacheBy) -> None:
        """Any options."""
        self.compare(option, keep_files=keep_files, by=by, settled=False)

    @rule(settled=st.booleans())
    def run_plainly(self, *, settled: bool) -> None:
        """The same options as the last time; ``settled``: when no file can change without showing."""
        self.compare(0, keep_files=False, by=CacheBy.STATUS, settled=settled)

    def compare(self, option: int, *, keep_files: bool, by: CacheBy, settled: bool) -> None:
        """With and without."""
        choices = OPTIONS[self.source]
        options = label_options(**choices[option % len(choices)])
        paths: tuple[str, ...] = (self.source,)
        if self.source in {"csv", "coco"}:
            folder = self.root / self.source
            paths = tuple(f"{self.source}/{path.name}" for path in sorted(folder.iterdir()))
        options = replace(options, keep_files=keep_files)
        spec = SourceSpec(paths=paths, options=options, jobs=1, cache_by=by)
        plain = told(spec)
        if settled:
            time.sleep(_PAUSE)
        with caching(self.cache) as use:
            kept = told(spec)
        self.known += use.known
        assert kept == plain

    @invariant()
    def nothing_is_left_open(self) -> None:
        """No journal stays behind."""
        assert not (self.cache / f"{NAME}-journal").exists()


def told(spec: SourceSpec) -> dict[str, Any]:
    """Everything that a reading says, or the error."""
    if not spec.paths:
        return {}
    try:
        found = profile_of(spec)
    except (ImbweightsError, OSError) as error:
        return {"error": str(error)}
    return {
        "total": found.total.to_dict(),
        "splits": {name: part.to_dict() for name, part in found.splits.items()},
        "source": found.source.to_dict(),
        "declared": found.declared,
        "files": {name: tuple(part) for name, part in found.files.items()},
    }
