"""Parts of work through joblib: its own processes, a cluster, or whatever a user has registered."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol

from imbweights.core.errors import ImbweightsError
from imbweights.running.trials import Answer, Task, Trial, Trials, attempt

_CHUNK = 4
# A single part goes to a worker, too: with one job joblib would do it in this process.
_FEWEST = 2


class Backend(Protocol):
    """Where parts are done."""

    @property
    def jobs(self) -> int | None:
        """How many at once; ``None``: as many as there is room for."""
        ...

    @property
    def version(self) -> str | None:
        """Ours, where workers may have another one."""
        ...

    def fresh(self) -> Any:
        """The backend for one run of ``joblib.Parallel``; ``None`` for joblib's default."""
        ...

    def sent(self, shared: tuple[Any, ...]) -> Any:
        """What all parts need, sent ahead once where that is better."""
        ...


def through_joblib(
    function: Callable[..., Any], trials: Trials, backend: Backend, shared: tuple[Any, ...] = ()
) -> Iterator[tuple[int, Any]]:
    """How many items and what they gave, part after part, in any order."""
    while trials.left:
        ahead = backend.sent(shared)
        trials.begin()

        def tasks(parts: Iterable[Trial], ahead: Any = ahead) -> Iterator[tuple[Task, Any]]:
            return (
                (Task(function, trial.number, trial.items, backend.version), ahead)
                for trial in parts
            )

        while trials.alone and not trials.is_stale:
            yield from _settled(trials, backend, tasks(islice(trials.taken(trials.alone), 1)))
        yield from _settled(trials, backend, tasks(trials.taken(trials.todo)))


def _settled(
    trials: Trials, backend: Backend, tasks: Iterator[tuple[Task, Any]]
) -> Iterator[tuple[int, Any]]:
    answers = _answers(backend, tasks)
    try:
        while True:
            try:
                answer = next(answers, None)
            except ImbweightsError:
                raise
            except Exception as error:  # noqa: BLE001 - each backend has its own for lost workers
                trials.broken(error)
                return
            if answer is None:
                return
            done = trials.settled(answer)
            if done is not None:
                yield done
    finally:
        _end(answers)


def _answers(backend: Backend, tasks: Iterator[tuple[Task, Any]]) -> Iterator[Answer]:
    from joblib import Parallel, delayed

    chosen = backend.fresh()
    jobs = backend.jobs or -1
    calls = (delayed(attempt)(*task) for task in tasks)
    if chosen is not None and not chosen.supports_return_generator:
        run: Any = Parallel(backend=chosen, n_jobs=jobs, batch_size=1)
        at_once = _CHUNK * max(_FEWEST, chosen.effective_n_jobs(jobs))
        while chunk := list(islice(calls, at_once)):
            yield from run(chunk)
        return
    run = Parallel(
        backend=chosen,
        n_jobs=jobs,
        batch_size=1,
        pre_dispatch="2*n_jobs" if backend.jobs is None else max(_FEWEST, backend.jobs),
        return_as="generator_unordered",
    )
    answers = run(calls)
    try:
        yield from answers
    finally:
        _end(answers)


def _end(answers: Any) -> None:
    """Stop what is still running; joblib warns that it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers.close()
