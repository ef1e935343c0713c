"""``sweep`` on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from imbweights.evidence.result import CandidateResult, Kind, SweepResult
from imbweights.render import sweep_words
from imbweights.render.numbers import count_text
from imbweights.render.sweep_columns import ScoreColumn, score_columns
from imbweights.render.terminal.layout import Col, page, table, wrapped
from imbweights.render.terminal.sweep_classes import class_parts
from imbweights.render.view import View

_LINES = 24
_LONGEST_NAME = 34
_FEWEST_ROWS = 4
_MOST_ROWS = 8
_GAP = 2
_NBSP = "\N{NO-BREAK SPACE}"
_WINNER = "←"
_SHORT_LINES = 3
_DECISIVE = 3
# Which rows matter most, where not all fit; the winner comes before them all.
_RANK = (
    Kind.PLAIN,
    Kind.THRESHOLD,
    Kind.BEST_WEIGHT,
    Kind.WEIGHT_THRESHOLD,
    Kind.SCHEME,
    Kind.DUMMY,
    Kind.POS_WEIGHT,
)


def sweep_text(result: SweepResult, view: View) -> str:
    """The page: answer, candidates, why, on what, what to mind, what to do next."""
    return page(_parts(result, view), view)


def short_sweep_text(result: SweepResult, view: View, above: int = 0) -> str:
    """Answer, what makes it worthless, and up to three lines, to go under a page of ``above`` lines."""
    head = wrapped(f"Tried on this data: {sweep_words.headline(result)}", view, style="bold")
    leaks = _paragraph(sweep_words.warnings(result), view, style="yellow")
    room = _LINES - above - 1 - _heights([head, *leaks])
    why = [*sweep_words.reasons(result), f"{sweep_words.data_line(result)}."]
    return page(
        [Text(""), head, *leaks, *_fitting(why, view, max(0, min(room, _SHORT_LINES)))], view
    )


def _parts(result: SweepResult, view: View) -> Iterator[RenderableType]:
    """What must be said comes first to its lines, then the table, then what else there is."""
    head = wrapped(sweep_words.headline(result), view, style="bold")
    data = _in_parts(sweep_words.data_line(result), view)
    leaks = _paragraph(sweep_words.warnings(result), view, style="yellow")
    decisive = (
        [] if view.show_all else _fitting(sweep_words.decisive_notes(result), view, _DECISIVE)
    )
    last = [_step(text, view) for text in sweep_words.next_step(result, view.again)]
    columns = _columns(result, view)
    heading = 1 + any("\n" in column.heading for column in columns)
    room = (
        _LINES - 3 - heading - sum(_height(text) for text in (head, data, *leaks, *decisive, *last))
    )
    why = _fitting(
        sweep_words.reasons(result), view, _LINES if view.show_all else room - _FEWEST_ROWS
    )
    shown = _shown(result, view, room - sum(map(_height, why)))
    below = _below(result, columns, len(shown), view)
    room -= sum(map(_height, [*why, *below])) + len(shown)
    yield head
    yield Text("")
    if shown:
        yield _candidate_table(result, shown, columns)
        yield from below
        yield Text("")
    yield from why
    yield data
    yield from leaks
    if view.show_all:
        yield from (wrapped(note, view) for note in sweep_words.notes(result))
    else:
        yield from _fitting(sweep_words.short_notes(result), view, _heights(decisive) + room)
    if view.per_class:
        yield Text("")
        yield from class_parts(result, view)
    yield from last


def _below(
    result: SweepResult, columns: Sequence[ScoreColumn], shown: int, view: View
) -> list[Text]:
    """What the table leaves out, and what its headings mean."""
    hidden = len(result.candidates) - shown
    parts = [f"{count_text(hidden)} more with --all"] if hidden else []
    parts += sweep_words.caption(result, columns)
    return [wrapped(" · ".join(parts), view, indent=2)] if parts else []


def _in_parts(text: str, view: View) -> Text:
    """A line broken between its parts rather than inside one."""
    parts = [part.replace(" ", _NBSP) for part in text.split(" · ")]
    whole = wrapped(" · ".join(parts), view).plain.replace(_NBSP, " ")
    fits = all(cell_len(line) <= view.width for line in whole.split("\n"))
    return Text(whole) if fits else wrapped(text, view)


def _step(text: str, view: View) -> Text:
    """A sentence is broken at the edge, a command to copy only between options, with a backslash."""
    if ": imbweights" not in text:
        return wrapped(text, view)
    if cell_len(text) <= view.width:
        return Text(text)
    said, _, command = text.partition(": ")
    return Text("\n".join([f"{said}:", *_broken(command, view.width)]))


def _broken(command: str, width: int) -> list[str]:
    """Lines that a shell reads as one, as far as words fit on them."""
    lines: list[str] = []
    for part in re.split(r" (?=--)", command):
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and cell_len(longer) <= width - 2:
            lines[-1] = longer
        else:
            lines.append(f"  {part}" if lines else part)
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]


def _paragraph(sentences: Sequence[str], view: View, *, style: str = "") -> list[Text]:
    return [wrapped(" ".join(sentences), view, style=style)] if sentences else []


def _heights(texts: Iterable[Text]) -> int:
    return sum(map(_height, texts))


def _height(text: Text) -> int:
    return text.plain.count("\n") + 1


def _fitting(sentences: Iterable[str], view: View, room: int) -> list[Text]:
    """A paragraph of the sentences, as many as fit into ``room`` lines."""
    paragraph: list[Text] = []
    said: list[str] = []
    for sentence in sentences:
        longer = _paragraph([*said, sentence], view)
        if sum(map(_height, longer)) <= room:
            said.append(sentence)
            paragraph = longer
    return paragraph


def _shown(result: SweepResult, view: View, room: int) -> list[CandidateResult]:
    """The candidates that fit, in order: all, or those that matter most."""
    everything = list(result.candidates)
    if view.show_all:
        return everything
    most = max(_FEWEST_ROWS, min(_MOST_ROWS, room - 1))  # a line is below the table
    if len(everything) <= most:
        return everything
    winner = result.winner
    ranked = sorted(
        range(len(everything)),
        key=lambda i: (everything[i] is not winner, *_rank(everything[i], everything), i),
    )
    return [everything[i] for i in sorted(ranked[:most])]


def _rank(candidate: CandidateResult, among: Sequence[CandidateResult]) -> tuple[int, int]:
    """Of schemes balanced comes first, and one dummy tells enough; of the grid the ends tell least."""
    if candidate.kind is Kind.SCHEME and "balanced" in (candidate.name, *candidate.also):
        return _RANK.index(Kind.SCHEME), 0
    if sweep_words.is_grid(candidate):
        same = [c for c in among if sweep_words.is_grid(c)]
        return _RANK.index(Kind.POS_WEIGHT), abs(2 * same.index(candidate) - len(same) + 1)
    same = [c for c in among if c.kind is candidate.kind]
    repeated = candidate.kind is Kind.SCHEME or candidate is not same[0]
    return len(_RANK) if repeated else _RANK.index(candidate.kind), same.index(candidate)


def _columns(result: SweepResult, view: View) -> list[ScoreColumn]:
    """The columns that fit beside the names, the most telling first."""
    names = max((cell_len(sweep_words.candidate_name(c)) for c in result.candidates), default=0)
    room = view.width - _GAP - min(names, _LONGEST_NAME) - _GAP - cell_len(_WINNER)
    columns = []
    for column in score_columns(result):
        cells = [*column.heading.split("\n"), *(column.text(c) for c in result.candidates)]
        room -= max(map(cell_len, cells)) + _GAP
        if room < 0:
            break
        columns.append(column)
    return columns


def _candidate_table(
    result: SweepResult, shown: Sequence[CandidateResult], columns: Sequence[ScoreColumn]
) -> RenderableType:
    winner = result.winner
    rows = [
        [
            sweep_words.candidate_name(candidate),
            *(column.text(candidate) for column in columns),
            _WINNER if candidate is winner else "",
        ]
        for candidate in shown
    ]
    return table(
        [Col("candidate", "left", _LONGEST_NAME), *(Col(c.heading) for c in columns), Col("")],
        rows,
        bold=next((i for i, c in enumerate(shown) if c is winner), None),
    )
