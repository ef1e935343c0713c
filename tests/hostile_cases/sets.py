"""XML, YAML, places that are no files, names that do things, and very many files."""

from __future__ import annotations

import os
from pathlib import Path

from hostile_cases.case import Case, Kind, Make
from hostile_cases.making import bound_socket, fifo, link_to, repeated, text

_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE annotation [<!ENTITY l0 "ha">{_LAUGHS}]>'


def _xml(
    name: str,
    what: str,
    content: bytes | Make,
    *says: str,
    kind: Kind = Kind.ENTITY,
    reader: str = "voc",
    megabytes: int = 700,
    more: tuple[str, ...] = (),
    status: int = 2,
    counts: dict[str, int] | None = None,
) -> Case:
    return Case(
        name=f"xml-{name}",
        kind=kind,
        reader=reader,
        what=what,
        files={"a.xml": content},
        command=("analyze", "a.xml", "--as", reader, *more),
        says=says if status == 0 else ("a.xml", *says),
        megabytes=megabytes,
        status=status,
        counts=counts,
    )


def _voc(inside: str) -> bytes:
    return text(f"<annotation>{inside}</annotation>")


def _object(name: str) -> str:
    return f"<object><name>{name}</name></object>"


def _yaml(
    name: str,
    what: str,
    content: bytes,
    *says: str,
    kind: Kind = Kind.ENTITY,
    status: int = 2,
    counts: dict[str, int] | None = None,
) -> Case:
    return Case(
        name=f"yaml-{name}",
        kind=kind,
        reader="yolo",
        what=what,
        files={
            "data.yaml": content,
            "labels/a.txt": b"0 .5 .5 .1 .1\n1 .5 .5 .1 .1\n1 .2 .2 .1 .1\n",
        },
        command=("analyze", ".", "--as", "yolo"),
        says=says if status == 0 else ("data.yaml", *says),
        status=status,
        counts=counts,
    )


_ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


def _place(
    name: str,
    what: str,
    files: dict[str, bytes | Make],
    typed: str,
    *says: str,
    status: int = 2,
    counts: dict[str, int] | None = None,
    kind: Kind = Kind.PLACE,
    more: tuple[str, ...] = (),
    seconds: int = 30,
    stdin: bytes | Path = b"",
    reader: str = "any",
) -> Case:
    return Case(
        name=f"place-{name}",
        kind=kind,
        reader=reader,
        what=what,
        files=files,
        command=("analyze", typed, *more),
        says=says,
        status=status,
        counts=counts,
        seconds=seconds,
        stdin=stdin,
    )


def _many(count: int, suffix: str) -> Make:
    def make(path: Path) -> None:
        path.mkdir(parents=True)
        for number in range(count):
            os.close(os.open(f"{path}/{number}{suffix}", os.O_CREAT | os.O_WRONLY))

    return make


_CSV = b"x,label\n1,a\n2,b\n3,b\n"
_TWO = {"a": 1, "b": 2}
_ANSI = "\x1b]0;owned\x07\x1b[2Ja\u202eb"
_BAD = b"\xff\xfe".decode("utf-8", "surrogateescape")

SETS = (
    _xml(
        "laughs",
        "entities that grow to 10 GB",
        text(_BOMB + "<annotation><object><name>&l9;</name></object></annotation>"),
        "entit",
    ),
    _xml(
        "external",
        "an entity that is a file of this machine",
        text(
            '<!DOCTYPE annotation [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation><object><name>&x;</name></object></annotation>'
        ),
        "entit",
    ),
    _xml(
        "remote",
        "an entity from the network",
        text(
            '<!DOCTYPE annotation [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><annotation/>'
        ),
        "entit",
    ),
    _xml(
        "deep",
        "elements nested 200,000 deep",
        text("<annotation>" + "<a>" * 200_000 + "</a>" * 200_000 + "</annotation>"),
        "not one label",
        kind=Kind.DEPTH,
    ),
    _xml(
        "huge",
        "60 MB of elements, with a limit of 256 MiB",
        repeated(
            (_object("a") * 30_000).encode(), 65, before=b"<annotation>", after=b"</annotation>"
        ),
        "--max-bytes",
        kind=Kind.LENGTH,
        more=("--max-bytes", "256MiB"),
    ),
    _xml(
        "encoding",
        "an encoding that does not exist",
        b'<?xml version="1.0" encoding="nonsense-9"?><annotation/>',
        kind=Kind.DAMAGE,
    ),
    _xml(
        "encoding-wide",
        "an encoding of several bytes",
        b'<?xml version="1.0" encoding="shift_jis"?><annotation/>',
        kind=Kind.DAMAGE,
    ),
    _xml("cut-off", "ends inside an element", b"<annotation><object><na", kind=Kind.DAMAGE),
    _xml(
        "name-missing",
        "an object without a name: missing",
        _voc("<object/>" + _object("a")),
        kind=Kind.DAMAGE,
        status=0,
        counts={"a": 1},
    ),
    _xml("root", "another root", b"<svg><annotation></annotation></svg>", "root", kind=Kind.DAMAGE),
    _xml(
        "cvat-laughs",
        "entities that grow, in CVAT's format",
        text(
            _BOMB.replace("DOCTYPE annotation", "DOCTYPE annotations")
            + "<annotations>&l9;</annotations>"
        ),
        "entit",
        reader="cvat",
    ),
    _xml(
        "cvat-frames",
        "a frame of 10³⁰",
        b'<annotations><track label="a"><box frame="1000000000000000000000000000000" outside="0"/></track></annotations>',
        kind=Kind.NUMBER,
        reader="cvat",
        status=0,
    ),
    _xml(
        "cvat-size",
        "a video of 10¹⁸ frames",
        b'<annotations><meta><task><size>1000000000000000000</size></task></meta><track label="a"><box frame="1" outside="0"/></track></annotations>',
        "frames",
        kind=Kind.NUMBER,
        reader="cvat",
    ),
    Case(
        name="xml-mulan-laughs",
        kind=Kind.ENTITY,
        reader="arff",
        what="entities that grow beside an ARFF file",
        files={
            "y.arff": b"@relation x\n@attribute a {0,1}\n@attribute b {0,1}\n@data\n0,1\n",
            "y.xml": text(
                _BOMB.replace("DOCTYPE annotation", "DOCTYPE labels") + "<labels>&l9;</labels>"
            ),
        },
        command=("analyze", "y.arff"),
        says=("y.xml", "entit"),
    ),
    _yaml("aliases", "aliases that grow to 10¹⁰ names", text(_ALIASES + "names: *a9\n"), "aliases"),
    _yaml("itself", "a list that holds itself", b"names: &a [*a]\n", "itself"),
    _yaml(
        "merge",
        "merges that grow",
        text(
            "a0: &a0 {x: 1}\n"
            + "".join(
                f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}\n" for i in range(1, 10)
            )
            + "names: [a, b]\n"
        ),
        "aliases",
    ),
    _yaml(
        "tag",
        "a tag that would run a program",
        b"names: !!python/object/apply:os.system ['touch attacked']\n",
        kind=Kind.CODE,
    ),
    _yaml(
        "deep",
        "lists nested 10,000 deep",
        text("names: " + "[" * 10_000 + "]" * 10_000),
        "nested",
        kind=Kind.DEPTH,
    ),
    Case(
        name="yaml-ids",
        kind=Kind.NUMBER,
        reader="yolo",
        what="a class id of 10³⁰ and no others",
        files={
            "data.yaml": b"names: {1000000000000000000000000000000: a, 0: b}\n",
            "labels/a.txt": b"1 .5 .5 .1 .1\n",
        },
        command=("analyze", ".", "--as", "yolo"),
        says=("declared",),
    ),
    _yaml(
        "digits",
        "a class id of 10,000 digits",
        text(f"names: {{{'1' * 10_000}: a}}\n"),
        kind=Kind.NUMBER,
    ),
    _yaml(
        "names-number", "names that are a number", b"names: 5\n", "names must be", kind=Kind.DAMAGE
    ),
    _yaml("zeros", "zeros between the letters", b"names: [a\0, b]\n", kind=Kind.DAMAGE),
    _yaml(
        "fine",
        "an alias that is all right",
        b"x: &x [a, b]\nnames: *x\n",
        status=0,
        counts={"a": 1, "b": 2},
    ),
    Case(
        name="yolo-class-digits",
        kind=Kind.NUMBER,
        reader="yolo",
        what="a class of 10,000 digits",
        files={"labels/a.txt": text("1" * 10_000 + " .5 .5 .1 .1\n")},
        command=("analyze", ".", "--as", "yolo"),
        says=("a.txt",),
    ),
    Case(
        name="yolo-box-nan",
        kind=Kind.NUMBER,
        reader="yolo",
        what="boxes of NaN and 1e999",
        files={"labels/a.txt": b"0 nan .5 .1 .1\n0 1e999 .5 .1 .1\n"},
        command=("analyze", ".", "--as", "yolo"),
        says=("a.txt", "line 1"),
    ),
    Case(
        name="yolo-huge-file",
        kind=Kind.LENGTH,
        reader="yolo",
        what="400 MiB of labels in one file",
        files={"labels/a.txt": repeated(b"0 .5 .5 .1 .1\n" * 70_000, 430)},
        command=("analyze", ".", "--as", "yolo"),
        says=("a.txt", "--max-bytes"),
    ),
    Case(
        name="kitti-noise",
        kind=Kind.DAMAGE,
        reader="kitti",
        what="noise among labels",
        files={"a.txt": b"Car 0.00 0 -1.5 1 2 3 4 1 1 1 1 1 1 1\n\xff\xfe\n"},
        command=("analyze", ".", "--as", "kitti"),
        says=("a.txt", "utf-8"),
    ),
    _place("missing", "a file that is not there", {}, "y.csv", "no such file"),
    _place("folder-empty", "a folder without files", {"d/.keep": b""}, "d", "hidden"),
    _place("pipe", "a pipe that nobody writes to", {"p.csv": fifo}, "p.csv", "nothing wrote to it"),
    _place(
        "pipe-for-palette",
        "a pipe as palette",
        {"p": fifo, "y.csv": _CSV},
        "y.csv",
        "palette",
        more=("--palette", "p"),
    ),
    _place(
        "pipe-for-classes",
        "a pipe as list of classes",
        {"p": fifo, "y.csv": _CSV},
        "y.csv",
        "--classes",
        more=("--classes", "p"),
    ),
    _place(
        "pipe-for-matrix",
        "a pipe in a folder of masks is passed over",
        {"d/a.txt": b"0 .5 .5 .1 .1\n", "d/b.txt": fifo},
        "d",
        status=0,
        counts={"0": 1},
        more=("--as", "yolo"),
    ),
    _place("socket", "a socket", {"s.csv": bound_socket}, "s.csv", "socket"),
    _place("zero", "/dev/zero", {}, "/dev/zero", "device"),
    _place("null", "/dev/null", {}, "/dev/null", "device"),
    _place(
        "random", "a link to /dev/urandom", {"y.csv": link_to("/dev/urandom")}, "y.csv", "device"
    ),
    _place("kernel", "a file of the kernel", {}, "/proc/self/status", "kernel"),
    _place("memory", "the memory of a process", {}, "/proc/self/mem", "kernel"),
    _place(
        "stdin-endless",
        "standard input without an end",
        {},
        "-",
        "--max-bytes",
        stdin=Path("/dev/zero"),
        more=("--max-bytes", "64MiB"),
    ),
    _place("stdin-empty", "standard input of nothing", {}, "-", "empty"),
    _place("link-loop", "a link to itself", {"y.csv": link_to("y.csv")}, "y.csv", "y.csv"),
    _place(
        "link-nowhere",
        "a link to nowhere",
        {"y.csv": link_to("nowhere.csv")},
        "y.csv",
        "no such file",
    ),
    _place(
        "folder-loop",
        "a folder that links to itself: entered once",
        {"d/labels/a.txt": b"0 .5 .5 .1 .1\n", "d/labels/again": link_to("..")},
        "d",
        status=0,
        counts={"0": 1},
        more=("--as", "yolo"),
    ),
    _place(
        "folder-of-loops",
        "200 links that lead round",
        {
            **{f"d/l{i}": link_to(f"../d/l{(i + 1) % 200}") for i in range(200)},
            "d/a.txt": b"0 .5 .5 .1 .1\n",
        },
        "d",
        status=0,
        counts={"0": 1},
        more=("--as", "yolo"),
    ),
    _place(
        "folder-deep",
        "folders 300 deep",
        {"d/" + "x/" * 300 + "a.txt": b"0 .5 .5 .1 .1\n"},
        "d",
        status=0,
        counts={"0": 1},
        more=("--as", "yolo"),
    ),
    _place("name-too-long", "a path of 100,000 signs", {}, "a" * 100_000, "aaaa"),
    _place(
        "name-zero",
        "a name with a wildcard that matches nothing",
        {},
        "[a-z]*.nothing",
        "no file matches",
        kind=Kind.NAME,
    ),
    _place(
        "name-ansi",
        "a file whose name moves the cursor",
        {f"{_ANSI}.csv": b""},
        f"{_ANSI}.csv",
        "\\x1b",
        kind=Kind.NAME,
    ),
    _place(
        "name-newline",
        "a file whose name has lines",
        {"a\nerror: b.csv": b""},
        "a\nerror: b.csv",
        "empty",
        kind=Kind.NAME,
    ),
    _place(
        "name-bytes",
        "a file whose name is not UTF-8",
        {f"{_BAD}.csv": _CSV},
        f"{_BAD}.csv",
        "name is not utf-8",
        kind=Kind.NAME,
    ),
    _place(
        "name-glob",
        "a file called *[x]?.csv",
        {"*[x]?.csv": _CSV},
        "*[x]?.csv",
        status=0,
        counts=_TWO,
        kind=Kind.NAME,
    ),
    _place(
        "name-quote",
        "a file whose name is SQL",
        {"a'); DROP TABLE x; --.csv": _CSV},
        "a'); DROP TABLE x; --.csv",
        status=0,
        counts=_TWO,
        kind=Kind.NAME,
    ),
    _place(
        "name-option",
        "a file called --help.csv",
        {"--help.csv": _CSV},
        "./--help.csv",
        status=0,
        counts=_TWO,
        kind=Kind.NAME,
    ),
    _place(
        "column-sql",
        "a column whose name is SQL",
        {"y.csv": b'"x""; DROP TABLE t; --",n\na,1\nb,2\nb,3\n'},
        "y.csv",
        status=0,
        counts=_TWO,
        kind=Kind.NAME,
        more=("--label", 'x"; DROP TABLE t; --'),
    ),
    _place(
        "labels-hostile",
        "labels that move the cursor, and formulas",
        {"y.csv": text(f"label\n{_ANSI}\n=cmd()|x\n=cmd()|x\n")},
        "y.csv",
        status=0,
        counts={_ANSI: 1, "=cmd()|x": 2},
        kind=Kind.NAME,
    ),
    _place(
        "labels-long",
        "labels of 500,000 signs",
        {"y.csv": b"label\n" + b"a" * 500_000 + b"\nb\nb\n"},
        "y.csv",
        status=0,
        kind=Kind.LENGTH,
    ),
    Case(
        name="many-classes-folder",
        kind=Kind.MANY,
        reader="folders",
        what="a million files in one folder",
        files={"d/cat": _many(1_000_000, ".jpg"), "d/dog": _many(3, ".jpg")},
        command=("analyze", "d"),
        status=0,
        counts={"cat": 1_000_000, "dog": 3},
        seconds=120,
        megabytes=1500,
    ),
    Case(
        name="many-label-files",
        kind=Kind.MANY,
        reader="yolo",
        what="50,000 label files",
        files={"d/labels": _many(50_000, ".txt"), "d/labels/a.txt": b"0 .5 .5 .1 .1\n"},
        command=("analyze", "d", "--as", "yolo"),
        status=0,
        counts={"0": 1},
        seconds=120,
    ),
    Case(
        name="many-paths",
        kind=Kind.MANY,
        reader="csv",
        what="the same file twice",
        files={"y.csv": _CSV},
        command=("analyze", "y.csv", "./y.csv"),
        says=("twice",),
    ),
)
