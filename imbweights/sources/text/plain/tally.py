"""How often each text occurs among many cells, without making a Python object of each."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from imbweights.sources.text.plain.cutting import Bytes, Cells, Places

Words = npt.NDArray[np.uint64]

LONGEST = 64
MOST = 20_000
_BITS = 16
_SLOTS = 1 << _BITS
# Odd numbers with well mixed bits: one for each word of a text, and two more.
_FACTORS = np.random.default_rng(0).integers(1 << 63, 1 << 64, LONGEST // 8, dtype=np.uint64) | 1
_OF_LENGTH, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x6A09E667F3BCC909)
_HALF = np.uint64(32)
_SHIFT = np.uint64(64 - _BITS)
_KEPT = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
PADDING = LONGEST


class Tally:
    """Texts by number; the hash of a cell leads to one of them, with which it is compared, so that no
    hash decides what is equal. Texts whose hash leads to another one are counted one by one.
    """

    def __init__(self) -> None:
        """Nothing is counted yet. Number 0 is no text."""
        self._numbers = np.zeros(_SLOTS, dtype=np.intp)
        self._texts = [b""]
        self._lengths: Places = np.array([-1])
        self._words: list[Words] = []
        self._counts = np.zeros(1, dtype=np.int64)
        self._others: Counter[bytes] = Counter()

    def add(self, rows: Bytes, cells: Cells) -> bool:
        """Count cells, of one row at least; ``False`` when they are too long, or of too many sorts, for
        this to be quick.

        ``rows`` must go on for ``PADDING`` bytes behind the last cell.
        """
        longest = int(cells.lengths.max())
        if longest > LONGEST:
            return False
        words = _words_of(rows, cells, longest)
        slots = _slots(words, cells)
        numbers = self._numbers[slots]
        same = self._same(numbers, cells, words)
        if not same.all():
            self._meet(np.flatnonzero(~same), slots, rows, cells, words)
            numbers = self._numbers[slots]
            same = self._same(numbers, cells, words)
            self._others.update(_texts(rows, cells, np.flatnonzero(~same)))
            if len(self._texts) + len(self._others) > MOST:
                return False
            numbers = numbers[same]
        self._counts += np.bincount(numbers, minlength=len(self._texts))
        return True

    def counts(self) -> Counter[bytes]:
        """Text → how often it occurs."""
        found = Counter(self._others)
        for text, n in zip(self._texts[1:], self._counts[1:].tolist(), strict=True):
            found[text] += n
        return found

    def _same(self, numbers: Places, cells: Cells, words: list[Words]) -> npt.NDArray[np.bool_]:
        """Which cells hold the text of their number."""
        same: npt.NDArray[np.bool_] = self._lengths[numbers] == cells.lengths
        for known, word in zip(self._words, words, strict=False):
            same &= known[numbers] == word
        return same

    def _meet(
        self, strange: Places, slots: Places, rows: Bytes, cells: Cells, words: list[Words]
    ) -> None:
        """Give every hash that leads nowhere to the first text that has it."""
        wanted, first = np.unique(slots[strange], return_index=True)
        free = self._numbers[wanted] == 0
        cell = strange[first[free]]
        self._numbers[wanted[free]] = np.arange(len(cell)) + len(self._texts)
        while len(self._words) < len(words):
            self._words.append(np.zeros(len(self._texts), dtype=np.uint64))
        nothing = np.zeros(len(cell), dtype=np.uint64)
        for i, known in enumerate(self._words):
            more = words[i][cell] if i < len(words) else nothing
            self._words[i] = np.concatenate((known, more))
        self._lengths = np.concatenate((self._lengths, cells.lengths[cell]))
        self._counts = np.concatenate((self._counts, np.zeros(len(cell), dtype=np.int64)))
        self._texts += _texts(rows, cells, cell)


def _words_of(rows: Bytes, cells: Cells, longest: int) -> list[Words]:
    """The cells, eight bytes in a number, with zeros behind their ends."""
    every: Words = np.ndarray(rows.size - 7, dtype="<u8", buffer=rows, strides=(1,))
    shortest = cells.lengths.min()
    found = []
    for begin in range(0, longest, 8):
        word = every[cells.starts + begin if begin else cells.starts]
        if shortest < begin + 8:
            word &= _KEPT[np.clip(cells.lengths - begin, 0, 8)]
        found.append(word)
    return found


def _slots(words: list[Words], cells: Cells) -> Places:
    """The slot of each text: the same in every piece, however long its longest text is, since words of
    zeros behind a text add nothing.
    """
    mixed = cells.lengths.astype(np.uint64) * _OF_LENGTH
    for factor, word in zip(_FACTORS, words, strict=False):
        mixed += word * factor
    mixed ^= mixed >> _HALF
    mixed *= _LAST
    return (mixed >> _SHIFT).astype(np.intp)


def _texts(rows: Bytes, cells: Cells, which: Places) -> list[bytes]:
    starts = cells.starts[which].tolist()
    ends = (cells.starts[which] + cells.lengths[which]).tolist()
    return [rows[a:b].tobytes() for a, b in zip(starts, ends, strict=True)]
