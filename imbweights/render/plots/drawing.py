"""A figure as SVG, PNG or PDF, the same bytes every time, whatever the user's own settings are."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imbweights.core.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")
PAPER_SUFFIXES = (*SUFFIXES, ".pdf")
_DPI = 150
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be searched, copied and read aloud
    "svg.hashsalt": "imbweights",
    "pdf.fonttype": 42,  # likewise in PDF; journals refuse type 3
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "text.parse_math": False,  # "$" in a name is a dollar sign
    "text.usetex": False,
}


def check_plot(path: Path, option: str = "--plot", suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Raise ``UsageError`` for a picture that could not be made, before any work is done for it."""
    if path.suffix.lower() not in suffixes:
        known = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"
        raise UsageError(f"{option} {path}: the name must end in {known}, which says the form")
    needs_matplotlib("--plot" if option == "--plot" else "a plot")


def needs_matplotlib(what: str) -> None:
    """Raise ``UsageError`` where it is missing."""
    if find_spec("matplotlib") is None:
        raise UsageError(f"{what} needs matplotlib: pip install 'imbweights[report]'")


def picture(draw: Callable[[], Figure], suffix: str, title: str) -> bytes:
    """What ``draw`` makes, as the bytes of a file with that suffix; ``title`` describes it."""
    with settings():
        figure = draw()
        stream = io.BytesIO()
        match suffix.lower():
            case ".svg":
                figure.savefig(stream, format="svg", metadata={"Date": None, "Title": title})
            case ".pdf":
                about = {"CreationDate": None, "Title": title}
                figure.savefig(stream, format="pdf", metadata=about)
            case _:
                figure.savefig(stream, format="png", dpi=_DPI, metadata={"Title": title})
    return stream.getvalue()


@contextmanager
def settings() -> Iterator[None]:
    """Fixed settings; a sign that the font lacks is no news, SVG leaves it to the reader's fonts."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings(), _quiet("matplotlib.font_manager"):
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
        yield


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """A fallback font that has no bold face is no news either."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
