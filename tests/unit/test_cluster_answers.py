"""What is made of a cluster's answers, also those that no cluster gives when it is asked to.

The cluster is played here; ``tests/cluster/`` has a real one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from imbweights import __version__
from imbweights.core.errors import UsageError
from imbweights.running import cluster
from imbweights.running.cluster import Cluster, ClusterBackend, KilledTooOftenError
from imbweights.running.trials import Answer, DroppedError


class KilledWorker(Exception):  # noqa: N818 - Dask's name
    """As Dask raises it."""

    last_worker = SimpleNamespace(address="tcp://10.0.0.7:4711")

    def __init__(self, allowed_failures: int) -> None:
        """So many workers may die."""
        super().__init__("killed")
        self.allowed_failures = allowed_failures


@dataclass
class Future:
    """Something that a cluster is at."""

    key: str
    status: str = "finished"
    found: Any = None

    def result(self, timeout: float) -> Any:
        """What came of it."""
        assert timeout > 0
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def release(self) -> None:
        """Nobody wants it any more."""


@dataclass
class Client:
    """A connection: the first answer is ``version``."""

    version: Any = __version__
    status: str = "running"
    loop: Any = None
    closed: bool = False
    coming: list[tuple[Future, Any]] = field(default_factory=list)

    def __call__(self, address: str, **_: Any) -> Client:
        """Connect."""
        assert address == "tcp://10.0.0.1:8786"
        return self

    def ncores(self) -> dict[str, int]:
        """Of each worker."""
        return {"a": 2, "b": 1}

    def submit(self, *_: Any, key: str, pure: bool) -> Future:
        """Send a part."""
        assert not pure
        return Future(key, found=self.version)

    def close(self, timeout: float) -> None:
        """Hang up."""
        assert timeout > 0
        self.closed = True

    def as_completed(self, *_: Any, **__: Any) -> Any:
        """Futures as they come."""

        def next_batch(*, block: bool) -> list[tuple[Future, Any]]:
            assert not block
            batch, self.coming = self.coming, []
            return batch

        return SimpleNamespace(add=lambda future: None, clear=list, next_batch=next_batch)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Dask, with this client."""
    made = Client()
    dask = SimpleNamespace(Client=made, KilledWorker=KilledWorker, as_completed=made.as_completed)
    monkeypatch.setattr(cluster, "_dask", lambda: dask)
    return made


def connected() -> Cluster:
    """As ``--address`` says."""
    return Cluster("tcp://10.0.0.1:8786", None)


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        ("0.0.1", UsageError, f"a worker has imbweights 0.0.1, and this is {__version__}"),
        (
            ImportError("No module named 'imbweights'"),
            UsageError,
            "cannot load what counts (No mod",
        ),
        (RuntimeError("something else"), RuntimeError, "something else"),
    ],
)
def test_workers_that_cannot_be_used(
    client: Client, answer: Any, kind: type[Exception], message: str
) -> None:
    """Are found out before anything is counted, and the connection is closed."""
    client.version = answer
    with pytest.raises(kind) as caught:
        connected()
    assert message in str(caught.value)
    assert client.closed


def test_a_scheduler_that_has_gone(client: Client) -> None:
    """Between two runs of one command."""
    made = connected()
    assert made.workers == 3
    assert isinstance(made.fresh(), ClusterBackend)
    client.status = "closed"
    with pytest.raises(UsageError, match="scheduler"):
        made.fresh()


def answers_to(client: Client, *ends: tuple[str, Any], status: str = "running") -> list[Answer]:
    """What is told of parts that end so; each is told once."""
    backend = connected().fresh()
    got: list[Answer] = []
    all_told = threading.Event()

    def told(answers: list[Answer]) -> None:
        got.extend(answers)
        if len(got) == max(1, len(ends)):
            all_told.set()

    futures = []
    for number in range(max(1, len(ends))):
        task = SimpleNamespace(number=number)
        items: Any = ((None, (task, ()), {}),)
        futures.append(backend.submit(SimpleNamespace(items=items), callback=told))
    stranger = Future("of nobody here")
    client.coming = [(stranger, Answer(99))]
    for future, (end, result) in zip(futures, ends, strict=False):
        future.status = end
        client.coming += [(future, result)] * 2
    client.status = status
    backend.start_call()
    assert all_told.wait(20)
    backend.stop_call()
    return sorted(got, key=lambda answer: answer.number)


def test_how_parts_end(client: Client) -> None:
    """Each part is answered for; what killed its workers is told apart from what was beside it."""
    error = ValueError("bad part")
    found = answers_to(
        client,
        ("finished", Answer(0, 17)),
        ("error", (ValueError, error, None)),
        ("error", (KilledWorker, KilledWorker(0), None)),
        ("error", (KilledWorker, KilledWorker(3), None)),
        ("error", (ImportError, ImportError("no x"), None)),
        ("cancelled", None),
    )
    assert (found[0].part, found[0].error) == (17, None)
    assert found[1].error is error
    assert [answer.suspect for answer in found] == [False, False, True, True, False, False]
    assert str(found[2].error) == "the worker at tcp://10.0.0.7:4711 died over it"
    assert isinstance(found[3].error, KilledTooOftenError)
    assert str(found[3].error).startswith("4 workers, the last of them at tcp://10.0.0.7:4711")
    assert isinstance(found[4].error, UsageError)
    assert isinstance(found[5].error, DroppedError)


@pytest.mark.parametrize("ends", [(), (("lost", None),)])
def test_parts_of_a_scheduler_that_has_gone(client: Client, ends: Any) -> None:
    """Nothing is waited for in vain, whether or not their end is told."""
    [answer] = answers_to(client, *ends, status="closed")
    assert isinstance(answer.error, UsageError)
    assert "scheduler" in str(answer.error)
