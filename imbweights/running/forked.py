"""Processes of our own, forked: they start in no time, and one that is killed is noticed.

``multiprocessing.Pool`` waits for ever for what a killed worker was at.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from imbweights.running.trials import Answer, LostWorkerError, Task, Trial, Trials, attempt

_A_MOMENT = 1.0


def forked(
    function: Callable[[Sequence[Any]], Any], trials: Trials, jobs: int
) -> Iterator[tuple[int, Any]]:
    """How many items and what they gave, part after part, in any order.

    What is still to be done in the end is for somebody else: a lost worker is replaced only as long as
    this process has one thread, since a fork copies no others.
    """
    crew = _Crew(function)
    try:
        crew.hire(min(jobs, len(trials.todo)))
        yield from crew.work(trials)
        crew.dismiss()
    finally:
        crew.kill()


class _Crew:
    """The workers: at the end of each connection is a process; some are at a part."""

    def __init__(self, function: Callable[[Sequence[Any]], Any]) -> None:
        self._function = function
        self._processes: dict[Connection, BaseProcess] = {}
        self._busy: dict[Connection, Trial] = {}

    def hire(self, number: int) -> None:
        """Start some more."""
        context = multiprocessing.get_context("fork")
        for _ in range(number):
            ours, theirs = context.Pipe()
            # A worker knows that we are gone by the end of its connection, so nobody else may hold it.
            arguments = (self._function, theirs, (*self._processes, ours))
            process = context.Process(target=_serve, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process

    def work(self, trials: Trials) -> Iterator[tuple[int, Any]]:
        """Hand out parts until none is left, or no worker."""
        self._hand_out(trials)
        while self._busy:
            for ready in wait(list(self._busy)):
                assert isinstance(ready, Connection)  # noqa: S101 - nothing else is waited for
                done = trials.settled(self._answer(ready))
                if done is not None:
                    yield done
            self._hand_out(trials)

    def _hand_out(self, trials: Trials) -> None:
        idle = [connection for connection in self._processes if connection not in self._busy]
        for connection, trial in zip(idle, trials.taken(trials.todo), strict=False):
            self._busy[connection] = trial
            with contextlib.suppress(OSError):  # it is gone, which its answer will tell
                connection.send((trial.number, trial.items))

    def _answer(self, connection: Connection) -> Answer:
        trial = self._busy.pop(connection)
        try:
            answer: Answer = connection.recv()
        except (EOFError, OSError):
            return Answer(trial.number, error=LostWorkerError(self._lost(connection)))
        return answer

    def _lost(self, connection: Connection) -> str:
        process = self._processes.pop(connection)
        connection.close()
        process.join()
        if threading.active_count() == 1:
            self.hire(1)
        return f"the process that was at it {_ended(process.exitcode or 0)}"

    def dismiss(self) -> None:
        """Nothing is left to do: they end by themselves."""
        for connection in self._processes:
            connection.close()
        for process in self._processes.values():
            process.join(_A_MOMENT)

    def kill(self) -> None:
        """At once, whatever they are at."""
        for connection, process in self._processes.items():
            process.kill()
            process.join()
            connection.close()


def _ended(code: int) -> str:
    """How a process ended, in words.

    >>> _ended(3), _ended(-15)
    ('ended with status 3', 'was ended by SIGTERM')
    """
    if code >= 0:
        return f"ended with status {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    out_of_memory = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"was ended by {name}{out_of_memory}"


def _serve(
    function: Callable[[Sequence[Any]], Any], connection: Connection, others: tuple[Connection, ...]
) -> None:
    """The life of a worker: part after part until there is nobody to answer to."""
    # Ctrl-C is for the parent, which ends the workers; what else it has set up is not for them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, items = connection.recv()
            answer = attempt(Task(function, number, items))
            try:
                connection.send(answer)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - what cannot be sent is told instead
                found = TypeError(f"cannot be sent between processes: {error}")
                connection.send(Answer(number, error=found))
