"""Spreading work over processes or a cluster, and saying how far it has come."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from imbweights.core.errors import UsageError

if TYPE_CHECKING:
    from imbweights.running.backends import Registered
    from imbweights.running.cluster import Cluster

Item = TypeVar("Item")
Part = TypeVar("Part")
Progress = Callable[[int, int], None]

_FIRST_BATCH = 4
_BATCH = 32
# Starting processes costs some part of this many seconds; less work than that is not shared. Forks
# are there at once; fresh ones load everything anew, and open their own connections to other machines.
_WORTH_FORKING, _WORTH_STARTING = 0.5, 5.0
# A cluster gets so many parts per worker, that a slow one holds up little; each costs it a
# millisecond, which should be little beside the work, and its items are done anew when it is lost.
_PARTS_PER_WORKER, _LEAST, _MOST = 16, 8, 1024
_FEW_THREADS = 8
_DASK = "dask"


@dataclass(slots=True)
class Engine:
    """A cluster or joblib backend that the user named, connected when it is first needed."""

    name: str
    address: str | None = None
    jobs: int | None = None
    _backend: Cluster | Registered | None = field(default=None, init=False)

    def backend(self) -> Cluster | Registered:
        """Where the parts go. Raises ``UsageError`` when there is no such engine."""
        if self._backend is None:
            if self.name == _DASK:
                from imbweights.running.cluster import Cluster

                self._backend = Cluster(self.address, self.jobs)
            else:
                from imbweights.running.backends import registered

                self._backend = registered(self.name, self.jobs)
        return self._backend

    @property
    def is_used(self) -> bool:
        """Whether anything was sent there."""
        return self._backend is not None

    def close(self) -> None:
        """Hang up."""
        if self._backend is not None and self.name == _DASK:
            self._backend.close()  # type: ignore[union-attr] # by that name it is a cluster
        self._backend = None


@dataclass(frozen=True, slots=True)
class Work:
    """How work is done: with how many processes, and who is told of (done, of all).

    ``forks``: the process is our own, so that it may be forked, which starts workers at once.
    ``engine``: what the user named instead of processes here.
    """

    jobs: int | None = None
    progress: Progress | None = None
    forks: bool = False
    engine: Engine | None = None


_ALONE = Work()
_work: ContextVar[Work] = ContextVar("work")


@contextmanager
def working(
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    forks: bool = False,
    engine: str | None = None,
    address: str | None = None,
) -> Iterator[None]:
    """Within this context, batches run on ``jobs`` processes and ``progress`` is told of them.

    ``engine``: ``dask`` (the scheduler is at ``address``), or the name of a joblib backend, that does
    it instead. What is not given stays as it was outside. Raises ``UsageError`` for an address
    without a cluster.
    """
    if address is not None and engine != _DASK:
        raise UsageError("--address is that of a Dask scheduler", hint="add --engine dask")
    outer = _work.get(_ALONE)
    jobs = jobs or outer.jobs
    own = None if engine is None else Engine(engine, address, jobs)
    token = _work.set(
        Work(jobs, progress or outer.progress, forks or outer.forks, own or outer.engine)
    )
    try:
        yield
    finally:
        _work.reset(token)
        if own is not None:
            own.close()


def jobs_here() -> int:
    """How many processes this machine may run at once: as the user said, or one per core."""
    return _work.get(_ALONE).jobs or os.cpu_count() or 1


def threads_asked() -> int | None:
    """How many threads the user wants, if that was said; more than there are cores gain nothing."""
    jobs = _work.get(_ALONE).jobs
    return None if jobs is None else min(jobs, max(_FEW_THREADS, os.cpu_count() or 1))


def is_spread() -> bool:
    """Whether the user named an engine, so that work of any kind should go there."""
    return _work.get(_ALONE).engine is not None


def is_idle() -> bool:
    """Whether the user named an engine and nothing has been sent to it."""
    engine = _work.get(_ALONE).engine
    return engine is not None and not engine.is_used


def in_batches(
    function: Callable[[Sequence[Item]], Part], items: Sequence[Item], *, least: int = _LEAST
) -> Generator[Part, None, None]:
    """``function`` of batches of ``items``, in any order, on several processes when that pays.

    ``function`` must be picklable (a module's own function or a ``partial`` of one) and must give
    parts that add up, however the items are divided; a batch whose process is lost is done again.
    ``least``: items in a batch for an engine, fewer where each takes long. Raises what ``function`` raises, and
    ``SourceError`` naming the items that failed three times.
    """
    work = _work.get(_ALONE)
    if work.engine is not None and items:
        yield from _through_engine(function, items, work.engine, least)
        return
    jobs = jobs_here()
    batches = [items[:_FIRST_BATCH]]
    batches += [items[i : i + _BATCH] for i in range(_FIRST_BATCH, len(items), _BATCH)]
    worth = _WORTH_FORKING if _may_fork() else _WORTH_STARTING
    done = 0
    begun = time.monotonic()
    for number, batch in enumerate(batches):
        left = (time.monotonic() - begun) / done * (len(items) - done) if done else 0.0
        if jobs > 1 and left > worth:
            yield from _shared(function, batches[number:], jobs, done, len(items))
            return
        yield function(batch)
        done += len(batch)
        _tell(done, len(items))


def in_parts(
    function: Callable[..., Part], items: Sequence[Item], *shared: Any, jobs: int
) -> Iterator[Part]:
    """``function(*shared, [item])`` of each item, in any order, by joblib or the engine.

    For items that take seconds. ``shared``: what all of them need, which is sent to each worker of a
    cluster once. Raises as ``in_batches`` does.
    """
    from imbweights.running.backends import Here
    from imbweights.running.through_joblib import through_joblib
    from imbweights.running.trials import Trials

    engine = _work.get(_ALONE).engine
    backend = Here(jobs) if engine is None else engine.backend()
    trials = Trials(([item] for item in items), patient=engine is not None)
    for _, part in through_joblib(function, trials, backend, shared):
        yield part


def _through_engine(
    function: Callable[[Sequence[Item]], Part], items: Sequence[Item], engine: Engine, least: int
) -> Iterator[Part]:
    from imbweights.running.through_joblib import through_joblib
    from imbweights.running.trials import Trials

    backend = engine.backend()
    size = _part_size(len(items), backend.workers, least)
    trials = Trials((items[i : i + size] for i in range(0, len(items), size)), patient=True)
    done = 0
    _tell(0, len(items))
    for number, part in through_joblib(function, trials, backend):
        done += number
        yield part
        _tell(done, len(items))


def _part_size(items: int, workers: int, least: int) -> int:
    """How many items go together.

    >>> _part_size(10_000_000, 1600, 8), _part_size(2000, 2, 8), _part_size(40, 2, 8)
    (391, 63, 8)
    """
    return min(_MOST, max(least, -(-items // (workers * _PARTS_PER_WORKER))))


def _shared(
    function: Callable[[Sequence[Item]], Part],
    batches: Sequence[Sequence[Item]],
    jobs: int,
    done: int,
    total: int,
) -> Iterator[Part]:
    from imbweights.running.trials import Trials

    trials = Trials(batches)
    for size, part in _spread_here(function, trials, jobs):
        done += size
        yield part
        _tell(done, total)


def _spread_here(
    function: Callable[[Sequence[Item]], Part], trials: Any, jobs: int
) -> Iterator[tuple[int, Part]]:
    if _may_fork():
        from imbweights.running.forked import forked

        yield from forked(function, trials, jobs)
    if trials.left:  # fresh workers are safe beside whatever threads this process has
        from imbweights.running.backends import Here
        from imbweights.running.through_joblib import through_joblib

        yield from through_joblib(function, trials, Here(jobs))


def _may_fork() -> bool:
    """Whether this process may be copied: it is our own, on Linux, and no other thread would be missing."""
    is_ours = _work.get(_ALONE).forks and sys.platform == "linux"
    return is_ours and threading.active_count() == 1


def _tell(done: int, total: int) -> None:
    progress = _work.get(_ALONE).progress
    if progress is not None:
        progress(done, total)
