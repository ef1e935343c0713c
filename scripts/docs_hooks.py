"""Called by MkDocs: pages that are on their way stand in for themselves.

``report.md``, ``plot.md`` and ``ci.md`` come with their commands. Once all three are in ``docs/`` this
file and its line in ``mkdocs.yml`` can go.
"""

from __future__ import annotations

from typing import Any

COMING = ("report.md", "plot.md", "ci.md")


def on_files(files: Any, config: Any) -> Any:
    """Add an empty page for each that is not there yet."""
    from mkdocs.structure.files import File

    for name in COMING:
        if files.get_file_from_path(name) is None:
            title = name.removesuffix(".md").capitalize()
            files.append(File.generated(config, name, content=f"# {title}\n\nNot written yet.\n"))
    return files
