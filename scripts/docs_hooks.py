"""Called by MkDocs when it builds the site."""

from __future__ import annotations

import re
from typing import Any

_FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//"
)


_SEARCH = re.compile(r'<div class="md-search"[^>]*role="dialog"')


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Fail where a page would ask another server for something: scripts, styles, fonts, pictures.

    Name the dialog that the theme leaves without a name.
    """
    from mkdocs.exceptions import PluginError

    found = _FROM_ELSEWHERE.search(output)
    if found:
        raise PluginError(f"{page.file.src_uri} asks another server: {found.group()}")
    return accessible(output)


def accessible(output: str) -> str:
    """The page with what axe-core misses in the theme: a name for the dialog of the search.

    >>> accessible('<div class="md-search" role="dialog">')
    '<div class="md-search" role="dialog" aria-label="Search">'
    """
    return _SEARCH.sub(r'\g<0> aria-label="Search"', output)
