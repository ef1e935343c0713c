"""Remote files whose server is played here: what comes short, what changes, what is told of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from imbweights.core.errors import SourceError
from imbweights.sources.files import FileSet
from imbweights.sources.remote import file as remote_file
from imbweights.sources.remote import listing
from imbweights.sources.remote.file import RemoteFile
from imbweights.sources.remote.folder import RemoteSet, refuse_strange
from imbweights.sources.remote.following import checked_on_the_way, followed
from imbweights.sources.remote.near import kept_near
from imbweights.sources.remote.problems import RemoteError, explained, reason_of
from imbweights.sources.steady import REASON, ChangedError

CONTENT = b"label\ncat\ndog\n"


class Handle(io.BytesIO):
    """An open file that sends less at first, as often as it is told to."""

    def __init__(self, system: System) -> None:
        """From its beginning."""
        super().__init__(CONTENT)
        self.system = system

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes."""
        found = super().read(size)
        if self.system.refuses:
            raise PermissionError("Forbidden")
        if self.system.short:
            self.system.short -= 1
            return found[:3]
        return found


class System:
    """A file system of fsspec's kind with one file."""

    def __init__(self, *, short: int = 0, refuses: bool = False) -> None:
        """``short``: how many reads give too little."""
        self.short = short
        self.refuses = refuses

    def invalidate_cache(self) -> None:
        """Nothing is kept."""

    def info(self, _path: str) -> dict[str, Any]:
        """Size and tag."""
        return {"size": len(CONTENT), "ETag": "1"}

    def open(self, _path: str, _mode: str, **_: Any) -> Handle:
        """The file."""
        return Handle(self)

    def get_file(self, _path: str, place: str) -> None:
        """Download it."""
        Path(place).write_bytes(Handle(self).read())


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch) -> Callable[[System], RemoteFile]:
    """A file of a system, and nobody waits for a second attempt."""
    monkeypatch.setattr(remote_file, "_PAUSES", (0.0, 0.0))

    def made(system: System) -> RemoteFile:
        monkeypatch.setattr(remote_file, "system_of", lambda _: (system, "a.csv"))
        return RemoteFile("https://host/a.csv", "a.csv", "a.csv")

    return made


Make = Callable[[System], RemoteFile]


@pytest.mark.parametrize("short", [0, 2])
def test_what_comes_short_is_asked_for_again(tmp_path: Path, file: Make, short: int) -> None:
    """Twice; then it is whole."""
    with file(System(short=short)).open() as stream:
        assert stream.read() == CONTENT
    remote = file(System(short=short))
    assert remote.size == len(CONTENT)
    remote.fetch(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == CONTENT


def test_what_never_comes_whole_was_cut_off(tmp_path: Path, file: Make) -> None:
    """With how much came."""
    cut = file(System(short=9))
    assert cut.size == 14
    with pytest.raises(RemoteError, match=r"a\.csv: was cut off: 3 of 14 bytes came"):
        cut.fetch(tmp_path / "a.csv")
    with pytest.raises(RemoteError, match=r"a\.csv: was cut off: 3 of 14 bytes came"):
        cut.part(0, 14, cut.opened())


def test_whether_parts_are_sent(file: Make) -> None:
    """A refusal is no answer to that."""
    assert file(System()).takes_ranges
    with pytest.raises(RemoteError, match=r"a\.csv: access is denied"):
        _ = file(System(refuses=True)).takes_ranges


def test_a_stream_may_be_closed_twice(file: Make) -> None:
    """As DuckDB does."""
    reader = remote_file.AheadReader(file(System()))
    assert reader.read() == CONTENT
    reader.close()
    reader.close()


FAULT = RemoteError("a.csv: was cut off", reason="was cut off", of_file=True)
GONE = RemoteError("a.csv: the server is in trouble (503)")


@pytest.mark.parametrize(
    ("faults", "states", "expected"),
    [
        ([], ["1", "1"], "of DuckDB"),
        ([FAULT], ["1", "1"], "a.csv: was cut off"),
        ([FAULT], ["1", "2"], "a.csv: was replaced while it was read"),
        ([], ["1", "2"], "a.csv: was replaced while it was read"),
        ([FAULT], ["1", GONE], "a.csv: was cut off"),
        ([], ["1", GONE], "a.csv: the server is in trouble (503)"),
    ],
)
def test_what_really_went_wrong(faults: list[Exception], states: list[Any], expected: str) -> None:
    """What other libraries say comes last."""

    def state_now() -> Any:
        if isinstance(states[1], Exception):
            raise states[1]
        return states[1]

    played: Any = SimpleNamespace(
        name="a.csv", state=states[0], state_now=state_now, faults=faults, came_whole=False
    )
    with pytest.raises(Exception) as caught, followed(played):  # noqa: PT011 - of several sorts
        raise ValueError("of DuckDB")
    assert str(caught.value).startswith(expected)


def test_a_fault_on_the_way_is_not_taken_for_damage(file: Make) -> None:
    """What did not come cannot be checked."""
    remote = file(System())
    remote.faults.append(FAULT)
    with (
        pytest.raises(RemoteError, match="was cut off"),
        checked_on_the_way(remote, lambda stream: None, "a.csv"),
    ):
        raise FAULT
    assert remote.seen == []


def test_reasons_of_one_file_among_many() -> None:
    """Other errors are not the file's."""
    assert reason_of(FAULT) == "was cut off"
    assert reason_of(ChangedError("a.csv: was changed")) == REASON
    for error in (GONE, SourceError("something")):
        with pytest.raises(SourceError, match=str(error)[:9]):
            reason_of(error)


def test_certificates_are_told_by_their_name() -> None:
    """Whichever library raises it."""
    error = type("ClientConnectorCertificateError", (Exception,), {})("host:443 …")
    assert explained(error, "a.csv").message == "a.csv: the server's certificate cannot be verified"


@pytest.mark.parametrize("path", ["/etc/passwd", "a/../../b", "a\0b"])
def test_a_listing_that_leads_elsewhere(path: str) -> None:
    """Is not followed."""
    refuse_strange("a/b..c/d.csv", "name")
    with pytest.raises(SourceError, match="the server lists a file outside of the folder"):
        refuse_strange(path, "name")


def test_a_listing_of_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies beside the folder that was asked for has its own turn."""
    listed = {
        "set/": [{"name": "set/cat", "type": "directory"}, {"name": "set/a.csv"}],
        "set/cat/": [{"name": "set/cat/b.csv"}, {"name": "set/a.csv"}],
    }

    def entries(path: str, *, detail: bool) -> list[dict[str, str]]:
        assert detail
        return listed[path]

    system = SimpleNamespace(invalidate_cache=lambda: None, ls=entries)
    monkeypatch.setattr(listing, "system_of", lambda _: (system, "set/"))
    [found] = listing.at_address("s3://set/")
    assert isinstance(found, FileSet)
    assert list(found.paths) == ["a.csv", "cat/b.csv"]


def test_beginnings_are_asked_for_once() -> None:
    """Those that are known are long enough for several readers."""
    known = RemoteSet("https://host/", "/", starts={"a": b"0123456789"})
    assert known.start("a", "a", 5) == b"01234"


def test_files_are_near_only_as_long_as_a_command_runs() -> None:
    """Outside there is no place for them."""
    with pytest.raises(RuntimeError, match=r"keeping_near\(\) only"):
        kept_near()
