"""Where the findings of ``check`` will be read, as the environment tells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from imbweights.render.checks.surroundings import Surroundings

SUMMARY = "GITHUB_STEP_SUMMARY"
_WORKSPACE = "GITHUB_WORKSPACE"


def surroundings(environment: Mapping[str, str], folder: Path) -> Surroundings:
    """The top of the repository that ``folder`` is in: what the runner of GitHub says, if ``folder``
    is in it; else the nearest folder with a ``.git``; else ``folder``.
    """
    said = environment.get(_WORKSPACE)
    return Surroundings(
        root=_workspace(said, folder) or _top(folder) or folder,
        has_summary=bool(environment.get(SUMMARY)),
    )


def _workspace(said: str | None, folder: Path) -> Path | None:
    top = Path(said).resolve() if said else None
    return top if top is not None and folder.resolve().is_relative_to(top) else None


def _top(folder: Path) -> Path | None:
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
