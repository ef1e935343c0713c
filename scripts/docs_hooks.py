"""Called by MkDocs when it builds the site."""

from __future__ import annotations

import re
from typing import Any

_FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//"
)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Fail where a page would ask another server for something: scripts, styles, fonts, pictures."""
    from mkdocs.exceptions import PluginError

    found = _FROM_ELSEWHERE.search(output)
    if found:
        raise PluginError(f"{page.file.src_uri} asks another server: {found.group()}")
    return output
