"""Engines by name: which joblib backend is meant."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from imbweights.core.errors import UsageError
from imbweights.running.trials import VERSION

DASK = "dask"


@dataclass(frozen=True, slots=True)
class Here:
    """Processes on this machine, as joblib starts them."""

    jobs: int
    version: None = None

    def fresh(self) -> None:
        """joblib's default, whatever the caller has made that."""

    def sent(self, shared: tuple[Any, ...]) -> tuple[Any, ...]:
        """With each part: joblib maps large arrays into the memory of its processes."""
        return shared


@dataclass(frozen=True, slots=True)
class Registered:
    """A backend that somebody has registered with joblib."""

    name: str
    jobs: int | None = None
    version: str = VERSION

    def fresh(self) -> Any:
        """A new one."""
        from joblib import parallel_config

        try:
            with parallel_config(backend=self.name) as config:
                return config["backend"]
        except ImportError as error:
            raise UsageError(f"--engine {self.name}: {error}") from error

    def sent(self, shared: tuple[Any, ...]) -> tuple[Any, ...]:
        """With each part: only the backend knows of anything better."""
        return shared

    @property
    def workers(self) -> int:
        """How many parts are done at once."""
        return max(1, int(self.fresh().effective_n_jobs(self.jobs or -1)))


def registered(engine: str, jobs: int | None) -> Registered:
    """The backend called so.

    ``module:function`` is imported and called first, for the user said so: it registers the backend.
    Raises ``UsageError`` for a name that joblib does not know.
    """
    from joblib.parallel import BACKENDS

    module, colon, function = engine.partition(":")
    if colon:
        before = dict(BACKENDS)
        _call(engine, module, function)
        new = [name for name, backend in BACKENDS.items() if before.get(name) is not backend]
        if len(new) != 1:
            what = "no joblib backend" if not new else f"several backends: {', '.join(new)}"
            raise UsageError(f"--engine {engine}: registered {what}")
        return Registered(new[0], jobs)
    if engine not in BACKENDS:
        names = ", ".join(sorted({*BACKENDS, DASK}))
        raise UsageError(
            f"--engine {engine}: joblib knows no such backend, only {names}",
            hint="register it first: joblib.register_parallel_backend(name, factory) in Python, or "
            "--engine MODULE:FUNCTION, where the function does that",
        )
    return Registered(engine, jobs)


def _call(engine: str, module: str, function: str) -> None:
    try:
        register = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"--engine {engine}: there is no such function ({error})") from error
    register()
