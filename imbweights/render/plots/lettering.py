"""Class names in a picture: escaped, in signs that the font has, and as wide as there is room."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from imbweights.core.escaping import visible

_FONT = "DejaVu Sans"
# Tried for signs that DejaVu Sans lacks, where they are installed. Colour fonts cannot be drawn.
_OTHERS = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR",
    "Source Han Sans", "IPAexGothic", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
    "Hiragino Sans", "PingFang SC", "Yu Gothic", "Microsoft YaHei", "SimHei", "Malgun Gothic",
    "Arial Unicode MS", "Noto Sans", "Noto Sans Mono", "Noto Sans Devanagari", "Noto Sans Thai",
    "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji", "Symbola", "Segoe UI Symbol", "Unifont",
)  # fmt: skip
_JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)
_BREAKS = " _-/.,:;|"
_HEAD = 0.6
_LONGEST = 400
_HINTING = 1.04  # letters on a grid of pixels are a little wider
_NO_SCALE = 1
ELLIPSIS = "…"


class Lettering:
    """Names for one kind of file.

    In SVG text stays text, and the reader's own fonts have the signs: only the room is reserved.
    In PNG and PDF a sign comes from a font of this computer that has it, else it is spelled out.
    """

    def __init__(self, suffix: str) -> None:
        """For files with that suffix."""
        self._embeds = suffix.lower() != ".svg"
        self._paper = suffix.lower() == ".pdf"
        self._families = [_FONT]

    @property
    def families(self) -> list[str]:
        """The fonts that the names shown so far need."""
        return list(self._families)

    def shown(self, text: str) -> str:
        """The name on one line, nothing in it active."""
        return "".join(self._pieces(text))

    def width(self, text: str, size: float) -> float:
        """How wide a shown text will be, in inches."""
        return text_width(text, size)

    def fitted(self, text: str, size: float, most: float) -> str:
        """The name on at most two lines of ``most`` inches; what does not fit goes from the middle
        of the second, since names often differ at their ends.
        """
        pieces = self._pieces(text)
        ends = list(accumulate(_width(piece) * size / 72 for piece in pieces))
        if not ends or ends[-1] <= most:
            return "".join(pieces)
        cut = _break(pieces, sum(end <= most for end in ends) or 1)
        rest = pieces[cut:]
        first = "".join(pieces[:cut]).rstrip()
        return f"{first}\n{self._shortened(rest, size, most)}"

    def shortened(self, text: str, size: float, most: float) -> str:
        """The name on one line of ``most`` inches, what is too much left out of its middle."""
        return self._shortened(self._pieces(text), size, most)

    def _shortened(self, pieces: Sequence[str], size: float, most: float) -> str:
        widths = [_width(piece) * size / 72 for piece in pieces]
        if sum(widths) <= most:
            return "".join(pieces)
        room = most - _width(ELLIPSIS) * size / 72
        head = sum(end <= room * _HEAD for end in accumulate(widths))
        tail = sum(end <= room * (1 - _HEAD) for end in accumulate(reversed(widths)))
        return "".join([*pieces[:head], ELLIPSIS, *pieces[len(pieces) - tail :]])

    def _pieces(self, text: str) -> list[str]:
        """What is seen as one sign each; escapes count as one, so that they are never cut."""
        if len(text) > _LONGEST:
            text = f"{text[: _LONGEST // 2]}{ELLIPSIS}{text[-_LONGEST // 2 :]}"
        if text != text.strip():  # blanks at the ends make two classes of what looks like one
            text = f'"{text}"'
        return [self._drawable(piece) for piece in _clusters(text or '""')]

    def _drawable(self, piece: str) -> str:
        text = visible(piece)
        if not self._embeds:
            return text
        return "".join(c if self._has(c) else _escape(c) for c in text)

    def _has(self, char: str) -> bool:
        if ord(char) in _signs(_FONT):
            return True
        family = _family_with(char, self._paper)
        if family is None:
            return False
        if family not in self._families:
            self._families.append(family)
        return True


def text_width(text: str, size: float) -> float:
    """How wide a text will be, in inches."""
    return sum(_width(piece) for piece in _clusters(text)) * size * _HINTING / 72


def _clusters(text: str) -> Iterator[str]:
    """Signs with what is put onto them: accents, joined emoji, colours of skin."""
    cluster = ""
    for char in text:
        joins = (
            unicodedata.category(char).startswith("M")
            or char == _JOINER
            or ord(char) in _SKIN
            or cluster.endswith(_JOINER)
        )
        if cluster and not joins:
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _break(pieces: Sequence[str], fits: int) -> int:
    """Where to go on in the next line: behind a blank or sign in the second half, else anywhere."""
    for i in range(fits, fits // 2, -1):
        if pieces[i - 1] in _BREAKS:
            return i
    return fits


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@cache
def _width(piece: str) -> float:
    """The advance of a sign in ems; of what the font lacks, that which such signs usually have."""
    from matplotlib import ft2font
    from matplotlib.font_manager import FontProperties, findfont, get_font

    if len(piece) > 1 and piece.isascii():  # an escape
        return sum(map(_width, piece))
    char = piece[0]
    if ord(char) not in _signs(_FONT):
        return 1.1 if unicodedata.east_asian_width(char) in "WF" else 0.75
    font = get_font(findfont(FontProperties(family=[_FONT])))
    # Matplotlib 3.9 has no enumeration of the flags, but takes FreeType's number.
    flags: Any = getattr(ft2font, "LoadFlags", None)
    unscaled: Any = _NO_SCALE if flags is None else flags.NO_SCALE
    glyph = font.load_char(ord(char), flags=unscaled)
    return float(glyph.horiAdvance) / float(font.units_per_EM)


@cache
def _signs(family: str) -> frozenset[int]:
    """The code points that a font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())


@cache
def _family_with(char: str, paper: bool) -> str | None:
    """An installed font that has the sign; for PDF one that can be embedded."""
    from matplotlib.font_manager import fontManager

    for family in _OTHERS:
        files = [font.fname for font in fontManager.ttflist if font.name == family]
        if not files or (paper and not all(f.lower().endswith(".ttf") for f in files)):
            continue
        if ord(char) in _signs(family):
            return family
    return None
