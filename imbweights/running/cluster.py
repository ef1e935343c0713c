"""A Dask cluster as a joblib backend: parts are sent to it, and none is waited for in vain.

joblib has a Dask backend of its own. It is never told of a part whose worker was lost too often
(``KilledWorker``), so that it waits for ever, and it cannot say which part that was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import uuid4

from joblib.parallel import ParallelBackendBase

from imbweights.core.errors import ImbweightsError, UsageError
from imbweights.running.trials import VERSION, Answer, DroppedError, LostWorkerError, wrong_version

_CONNECTING = 10.0
# A cluster that grows when there is work needs some time to start its first worker.
_FIRST_WORKER = 60.0
_LISTENING = 0.005
_RUNNING = "running"


class Cluster:
    """A connection to the scheduler, and how its workers are used."""

    version = VERSION

    def __init__(self, address: str | None, jobs: int | None) -> None:
        """Connect. Raises ``UsageError`` when there is no cluster, or none that can be used."""
        self.jobs = jobs
        self._client, self._ours = _client(address)
        try:
            _refuse_other_versions(self._client)
        except BaseException:
            self.close()
            raise

    @property
    def workers(self) -> int:
        """How many parts are done at once."""
        cores: int = max(1, sum(self._client.ncores().values()))
        return cores if self.jobs is None else min(self.jobs, cores)

    def fresh(self) -> ClusterBackend:
        """A backend for one run."""
        if self._client.status != _RUNNING:
            raise _lost_scheduler(self._client)
        return ClusterBackend(self._client)

    def sent(self, shared: tuple[Any, ...]) -> Any:
        """What all parts need goes to every worker once.

        Dask may leave one copy; when that is lost with its worker it is sent anew.
        """
        if not shared:
            return shared
        # In a list, for a tuple would be scattered piece by piece.
        [future] = self._client.scatter([shared], broadcast=True, hash=False)
        return future

    def close(self) -> None:
        """Hang up, unless the connection is the caller's own. The cluster goes on."""
        if self._ours:
            self._client.close(timeout=2)


class KilledTooOftenError(LostWorkerError):
    """Dask has tried other workers already, as often as its settings say.

    It counts against every part that a lost worker had, also those that only waited there.
    """


@dataclass(frozen=True, slots=True)
class _Sent:
    """A part that a worker is at, and who waits for it."""

    number: int
    future: Any
    callback: Callable[[Any], None] | None


class ClusterBackend(ParallelBackendBase):  # type: ignore[misc] # joblib is untyped
    """One run of ``joblib.Parallel`` on the cluster."""

    supports_retrieve_callback = True

    def __init__(self, client: Any) -> None:
        """The parts of this run go to that client."""
        super().__init__(nesting_level=0)
        self._client = client
        self._waiting: dict[str, _Sent] = {}
        self._coming: Any = _dask().as_completed(
            [], loop=client.loop, with_results=True, raise_errors=False
        )
        self._stopped = threading.Event()

    def effective_n_jobs(self, n_jobs: int | None) -> int:
        """At least two, for with one joblib would do the work in this process."""
        cores = sum(self._client.ncores().values())
        return max(2, cores if n_jobs is None or n_jobs < 0 else n_jobs)

    def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Any:
        """Send a part; ``callback`` is told of its answer, whatever happens to it."""
        ((function, (task, shared), _),) = func.items
        key = f"imbweights-{uuid4().hex}"
        future = self._client.submit(function, task, shared, key=key, pure=False)
        self._waiting[key] = _Sent(task.number, future, callback)
        self._coming.add(future)
        return future

    # What it was called before joblib 1.5.
    apply_async = submit

    def start_call(self) -> None:
        """Listen for answers: in a thread, and not in Dask's thread for callbacks, which all clients share."""
        self._stopped.clear()
        threading.Thread(target=self._listen, daemon=True, name="imbweights-cluster").start()

    def stop_call(self) -> None:
        """Listen no more."""
        self._stopped.set()

    def _listen(self) -> None:
        while not self._stopped.wait(_LISTENING):
            for future, result in self._coming.next_batch(block=False):
                self._told(future.key, _answer(self._client, future, result))
            if self._client.status == "closed":
                for key in list(self._waiting):
                    self._told(key, _lost_scheduler(self._client))

    def _told(self, key: str, found: Answer | Exception) -> None:
        sent = self._waiting.pop(key, None)
        if sent is not None and sent.callback is not None:
            error = found if isinstance(found, Exception) else found.error
            part = None if isinstance(found, Exception) else found.part
            suspect = isinstance(error, KilledTooOftenError)
            sent.callback([Answer(sent.number, part, error, suspect=suspect)])

    def retrieve_result_callback(self, out: Any) -> Any:
        """The answer is ready."""
        return out

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002 - joblib's signature
        """What has not begun never will; what a worker is at is not waited for."""
        self._stopped.set()
        futures = [sent.future for sent in list(self._waiting.values())]
        self._waiting.clear()
        self._coming.clear()
        if futures and self._client.status == _RUNNING:
            self._client.cancel(futures)


def _answer(client: Any, future: Any, result: Any) -> Answer | Exception:
    if future.status == "finished":
        found: Answer = result
        return found
    if future.status != "error":  # cancelled, or lost with the worker that had it
        if client.status != _RUNNING:
            return _lost_scheduler(client)
        return DroppedError("the cluster has dropped it again and again, with workers that it lost")
    error: Exception = result[1]
    if isinstance(error, _dask().KilledWorker):
        last = getattr(error.last_worker, "address", error.last_worker)
        deaths = error.allowed_failures + 1
        workers = "the worker" if deaths == 1 else f"{deaths} workers, the last of them"
        return KilledTooOftenError(f"{workers} at {last} died over it")
    return _missing(error) or error


def _dask() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UsageError(
            "--engine dask needs Dask", hint="install it with: pip install 'imbweights[dask]'"
        ) from error


def _client(address: str | None) -> tuple[Any, bool]:
    """A client, and whether it is ours to close."""
    client = _dask().Client
    if address is None:
        try:
            return client.current(), False
        except ValueError:
            address = import_module("dask.config").get("scheduler-address", None)
    if address is None:
        raise UsageError(
            "--engine dask: no cluster is named",
            hint="--address tcp://HOST:8786 names its scheduler, as does DASK_SCHEDULER_ADDRESS; on "
            "this machine alone all cores are used without an engine",
        )
    try:
        return client(address, timeout=_CONNECTING, set_as_default=False), True
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).split("\n", 1)[0]
        raise UsageError(f"--address {address}: no Dask scheduler answers ({reason})") from error


def _refuse_other_versions(client: Any) -> None:
    """Ask one worker, which also waits for the first one."""
    future = client.submit(_version, key=f"imbweights-{uuid4().hex}", pure=False)
    try:
        found = future.result(timeout=_FIRST_WORKER)
    except TimeoutError as error:
        raise UsageError(
            f"the cluster has had no free worker for {_FIRST_WORKER:.0f} seconds",
            hint=f"start some: dask worker {client.scheduler.address}",
        ) from error
    except Exception as error:
        raise _missing(error) or error from error
    finally:
        future.release()
    if found != VERSION:
        raise wrong_version(found)


def _version() -> str:
    """What a worker has."""
    return VERSION


def _missing(error: Exception) -> ImbweightsError | None:
    """What to say when a worker cannot load what it is sent."""
    if not isinstance(error, ImportError):
        return None
    return UsageError(
        f"a worker of the cluster cannot load what counts ({error})",
        hint=f"install the same on every worker: pip install 'imbweights=={VERSION}'",
    )


def _lost_scheduler(client: Any) -> UsageError:
    return UsageError(
        f"the connection to the cluster is lost (the client is {client.status})",
        hint="start again when its scheduler answers",
    )
