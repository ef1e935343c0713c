"""Spreading work over processes, and saying how far it has come."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

Item = TypeVar("Item")
Part = TypeVar("Part")
Progress = Callable[[int, int], None]

_FIRST_BATCH = 4
_BATCH = 32
# Starting processes costs some part of this many seconds; less work than that is not shared.
_WORTH_SHARING = 0.5


@dataclass(frozen=True, slots=True)
class Work:
    """How work is done: with how many processes, and who is told of (done, of all).

    ``forks``: the process is our own, so that it may be forked, which starts workers at once.
    """

    jobs: int | None = None
    progress: Progress | None = None
    forks: bool = False


_ALONE = Work()
_work: ContextVar[Work] = ContextVar("work")


@contextmanager
def working(
    *, jobs: int | None = None, progress: Progress | None = None, forks: bool = False
) -> Iterator[None]:
    """Within this context, batches run on ``jobs`` processes and ``progress`` is told of them.

    What is not given stays as it was outside.
    """
    outer = _work.get(_ALONE)
    token = _work.set(Work(jobs or outer.jobs, progress or outer.progress, forks or outer.forks))
    try:
        yield
    finally:
        _work.reset(token)


def in_batches(function: Callable[[Sequence[Item]], Part], items: Sequence[Item]) -> Iterator[Part]:
    """``function`` of batches of ``items``, in any order, on several processes when that pays.

    ``function`` must be picklable (a module's own function or a ``partial`` of one).
    """
    work = _work.get(_ALONE)
    jobs = work.jobs or os.cpu_count() or 1
    batches = [items[:_FIRST_BATCH]]
    batches += [items[i : i + _BATCH] for i in range(_FIRST_BATCH, len(items), _BATCH)]
    done = 0
    begun = time.monotonic()
    for number, batch in enumerate(batches):
        left = (time.monotonic() - begun) / done * (len(items) - done) if done else 0.0
        if jobs > 1 and left > _WORTH_SHARING:
            yield from _shared(function, batches[number:], jobs, done, len(items))
            return
        yield function(batch)
        done += len(batch)
        _tell(done, len(items))


def _shared(
    function: Callable[[Sequence[Item]], Part],
    batches: Sequence[Sequence[Item]],
    jobs: int,
    done: int,
    total: int,
) -> Iterator[Part]:
    can_fork = _work.get(_ALONE).forks and sys.platform == "linux" and threading.active_count() == 1
    spread = _forked if can_fork else _by_joblib
    for size, part in spread(partial(_sized, function), batches, jobs):
        done += size
        yield part
        _tell(done, total)


def _forked(
    function: Callable[[Sequence[Item]], Part], batches: Sequence[Sequence[Item]], jobs: int
) -> Iterator[Part]:
    """Workers that have everything loaded already: they start in no time."""
    import multiprocessing
    import signal

    context = multiprocessing.get_context("fork")
    # Ctrl-C is for the parent, which ends the workers.
    with context.Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        yield from pool.imap_unordered(function, batches)


def _by_joblib(
    function: Callable[[Sequence[Item]], Part], batches: Sequence[Sequence[Item]], jobs: int
) -> Iterator[Part]:
    """Fresh workers, which are safe beside whatever threads the caller's process has."""
    from joblib import Parallel, delayed

    run: Any = Parallel(n_jobs=jobs, return_as="generator_unordered")
    yield from run(delayed(function)(batch) for batch in batches)


def _sized(function: Callable[[Sequence[Item]], Part], batch: Sequence[Item]) -> tuple[int, Part]:
    return len(batch), function(batch)


def _tell(done: int, total: int) -> None:
    progress = _work.get(_ALONE).progress
    if progress is not None:
        progress(done, total)
