"""Called by MkDocs when it builds the site."""

from __future__ import annotations

import re
from typing import Any

# Pages that come with their commands stand in for themselves until they are there.
COMING = ("report.md",)
_FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//"
)


def on_files(files: Any, config: Any) -> Any:
    """Add a page that says so for each that is not written yet."""
    from mkdocs.structure.files import File

    for name in COMING:
        if files.get_file_from_path(name) is None:
            title = name.removesuffix(".md").capitalize()
            files.append(File.generated(config, name, content=f"# {title}\n\nNot written yet.\n"))
    return files


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Fail where a page would ask another server for something: scripts, styles, fonts, pictures."""
    from mkdocs.exceptions import PluginError

    found = _FROM_ELSEWHERE.search(output)
    if found:
        raise PluginError(f"{page.file.src_uri} asks another server: {found.group()}")
    return output
