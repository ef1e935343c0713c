"""Parts of work: tried again when they fail, and named when they fail for good."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from imbweights.core.errors import ImbweightsError, SourceError, UsageError

# Workers may have another one. No room of the house imports the house.
VERSION: str = import_module("imbweights").__version__
ATTEMPTS = 3
_SHOWN = 3
_MOST_DROPPED = 10


class UnseenError(Exception):
    """A worker does not find a file that it was sent the path of."""


class LostWorkerError(Exception):
    """The process that worked on a part is gone; the text says how."""


class DroppedError(LostWorkerError):
    """What was sent ahead went down with a worker, and the part with it: neither is to blame."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A part to be done, and how often that has failed."""

    number: int
    items: Sequence[Any]
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a part: what it gave, or an error.

    ``suspect``: its worker was lost so often that it may be to blame, or what was beside it.
    """

    number: int
    part: Any = None
    error: Exception | None = None
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What is sent to a worker. ``version``: that of the sender, where workers may have another."""

    function: Callable[..., Any]
    number: int
    items: Sequence[Any]
    version: str | None = None


_away: ContextVar[bool] = ContextVar("away", default=False)


def attempt(task: Task, shared: tuple[Any, ...] = ()) -> Answer:
    """Do a part, in whichever process: ``function(*shared, items)``. Errors come back as values, since an
    exception would end the other parts, too.
    """
    if task.version not in {None, VERSION}:
        return Answer(task.number, error=wrong_version(VERSION))
    token = _away.set(task.version is not None)
    try:
        return Answer(task.number, task.function(*shared, task.items))
    except ImbweightsError as error:
        return Answer(task.number, error=error)
    except Exception as error:  # noqa: BLE001 - it is the caller's to judge
        return Answer(task.number, error=_portable(error))
    finally:
        _away.reset(token)


def _portable(error: Exception) -> Exception:
    """The error with its traceback as text; another one if it does not survive being sent."""
    import pickle
    import traceback

    error.add_note(f"in {_who()}:\n{traceback.format_exc()}")
    error.__traceback__ = None
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever its class does
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def wrong_version(found: str) -> UsageError:
    """Counts of another version may mean something else."""
    return UsageError(
        f"a worker has imbweights {found}, and this is {VERSION}",
        hint=f"install the same on every worker: pip install 'imbweights=={VERSION}'",
    )


def must_see(path: Path) -> None:
    """Raise ``UnseenError`` where this process works for another machine and does not find the file.

    To be called for a file that cannot be read: it is no bad file then, and not to be skipped.
    """
    if _away.get() and not path.exists():
        raise UnseenError(f"{_who()} cannot see {path}")


def _who() -> str:
    dask = sys.modules.get("distributed")  # a worker of Dask has it loaded
    if dask is not None:
        with suppress(ValueError):
            return f"the worker {dask.get_worker().address}"
    import platform

    return f"a worker (process {os.getpid()} on {platform.node()})"


class Trials:
    """The parts that are to be done and those that somebody is at.

    ``patient``: any error of a part is worth another try, since another worker may have more memory,
    or see the file. Otherwise only a lost worker is.
    """

    def __init__(self, batches: Iterable[Sequence[Any]], *, patient: bool = False) -> None:
        """All of them are to be done."""
        self._numbers = count()
        self.patient = patient
        self.todo = deque(Trial(next(self._numbers), batch) for batch in batches)
        self.alone: deque[Trial] = deque()
        self.out: dict[int, Trial] = {}
        self._dropped = 0
        self.is_stale = False

    def begin(self) -> None:
        """What all parts need has been sent."""
        self.is_stale = False

    @property
    def left(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self.todo or self.alone)

    def taken(self, queue: deque[Trial]) -> Iterator[Trial]:
        """The parts of ``todo`` or ``alone``, one by one as they are asked for, until what was sent
        ahead is lost.
        """
        while queue and not self.is_stale:
            trial = queue.popleft()
            self.out[trial.number] = trial
            yield trial

    def settled(self, answer: Answer) -> tuple[int, Any] | None:
        """How many items were done and what they gave; ``None`` when they must be done again.

        Raises what the part raised where another try is of no use.
        """
        trial = self.out.pop(answer.number)
        if answer.error is None:
            return len(trial.items), answer.part
        if isinstance(answer.error, DroppedError) and self._dropped < _MOST_DROPPED:
            self._dropped += not self.is_stale
            self.is_stale = True
            self.todo.appendleft(trial)
            return None
        again = self.patient or isinstance(answer.error, LostWorkerError)
        if isinstance(answer.error, ImbweightsError) or not again:
            raise answer.error
        if answer.suspect and trial.failed < ATTEMPTS - 1:
            trial = replace(trial, failed=ATTEMPTS - 2)
        self._retry(trial, answer.error, self.alone if answer.suspect else self.todo)
        return None

    def broken(self, cause: Exception) -> None:
        """All workers are gone at once, and any part that was out may be to blame.

        In the end each item of those parts is tried with nothing beside it, so that the right one is named.
        """
        suspects = list(self.out.values())
        self.out.clear()
        if not suspects:
            raise UsageError(f"the workers cannot be used: {cause}") from cause
        lost = LostWorkerError(f"the process that was at it is gone ({type(cause).__name__})")
        lost.__cause__ = cause
        for trial in suspects:
            self._retry(trial, lost, self.alone)

    def _retry(self, trial: Trial, cause: Exception, last: deque[Trial]) -> None:
        """Soon, so that what cannot be done ends the run early; the last time item by item."""
        failed = trial.failed + 1
        if failed == ATTEMPTS:
            raise _given_up(trial, cause)
        if failed < ATTEMPTS - 1:
            self.todo.appendleft(Trial(next(self._numbers), trial.items, failed))
        else:
            last.extendleft(
                Trial(next(self._numbers), trial.items[i : i + 1], failed)
                for i in reversed(range(len(trial.items)))
            )


def _given_up(trial: Trial, cause: Exception) -> SourceError:
    names = ", ".join(map(str, trial.items[:_SHOWN]))
    if len(trial.items) > _SHOWN:
        names = f"{trial.items[0]} … {trial.items[-1]} ({len(trial.items):,} together)"
    said = str(cause) if isinstance(cause, UnseenError | LostWorkerError) else _as_text(cause)
    error = SourceError(f"{names}: given up after {ATTEMPTS} attempts: {said}", hint=_hint(cause))
    error.__cause__ = cause
    return error


def _as_text(cause: Exception) -> str:
    first = str(cause).strip().split("\n", 1)[0]
    return f"{type(cause).__name__}: {first}".removesuffix(": ")


def _hint(cause: Exception) -> str | None:
    if isinstance(cause, UnseenError):
        return (
            "workers are sent paths, not data: they must find the same files under the same paths, "
            "on a disk that all machines share"
        )
    if isinstance(cause, LostWorkerError | MemoryError):
        return "if memory ran out: fewer --jobs, or workers with more memory"
    return None
