"""Which source a command works on when the user named none, and what it is called on screen."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from imbweights.cli import streams
from imbweights.cli.counting import counting
from imbweights.core.database_url import is_whole
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile
from imbweights.core.urls import MASK, is_remote, shown_url
from imbweights.profiling import profile_of
from imbweights.running.memory import Remembered, recall, remember
from imbweights.sources.saved import is_saved

_LONGEST_PATH = 1000
_NAMES = {"kind": "as", "ignore_labels": "ignore-label", "missing_values": "missing-value"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted source, how to name it again in a command (empty: it need not be named), and
    where its rows are.
    """

    profile: Profile
    again: str
    spec: SourceSpec

    @property
    def inputs(self) -> tuple[str, ...]:
        """What else was read: the files of classes and colours."""
        return inputs_of(self.spec.options)


def counted(spec: SourceSpec, *, cache: bool) -> Counted:
    """Count the named source; else that of the configuration; else the last one analysed here.

    Says on standard error which it was when it was not named, and what the reader should know
    about it. ``cache=False`` neither recalls nor remembers. Raises ``UsageError`` when there is
    no source at all.
    """
    folder = Path.cwd()
    named, again = not spec.is_empty, _again_unnamed(spec)
    profile = None
    if not named:
        spec, profile = _unnamed(spec, folder, cache=cache)
    with counting(cache=cache):
        profile = profile or profile_of(spec)
    for text in profile.source.notes:
        streams.note(text)
    if not named:  # what was named stays what is remembered; options given now are for this once
        return Counted(profile, again, spec)
    if cache:
        remember(folder, spec, profile)
    return Counted(profile, typed_again(spec), spec)


def rows_of(spec: SourceSpec, *, cache: bool) -> tuple[SourceSpec, str]:
    """The source whose rows a model can learn from, and how to name it again in a command.

    Chosen as for ``counted``. Raises ``UsageError`` for counts without rows.
    """
    named, again = not spec.is_empty, _again_unnamed(spec)
    if not named:
        spec, _ = _unnamed(spec, Path.cwd(), cache=cache)
        if "-" in spec.paths:
            raise UsageError(
                "the last source was standard input, which cannot be read again",
                hint="name the data, or send it again: … | imbweights sweep -",
            )
    for name in _without_rows(spec):
        raise UsageError(
            f"{name}: holds counts, and a sweep trains models on rows with features",
            hint="name the data itself: imbweights sweep data.csv --label y",
        )
    if spec.database is not None:
        raise UsageError(
            "--database: only counts come from a database, and a sweep trains models on rows with "
            "features",
            hint="write the rows to a file and name that: imbweights sweep data.csv --label y",
        )
    return spec, typed_again(spec) if named else again


def configured_or_last(spec: SourceSpec, *, cache: bool) -> SourceSpec:
    """What to read when nothing was named: chosen as for ``counted``, to be counted anew."""
    found, _ = _unnamed(spec, Path.cwd(), cache=cache)
    if "-" in found.paths:
        raise UsageError("the last source was standard input, which cannot be read again")
    return found


def _without_rows(spec: SourceSpec) -> list[str]:
    """What was named that holds counts only."""
    typed = [("--counts", spec.counts), ("--ratio", spec.ratio)]
    named = [f"{option} {value}" for option, value in typed if value is not None]
    return named + [path for path in spec.paths if _is_saved(path)]


def _is_saved(typed: str) -> bool:
    path = Path(typed if Path(typed).exists() else typed.partition("=")[2])
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return is_saved(stream.read(4096))


def inputs_of(options: LabelOptions) -> tuple[str, ...]:
    """The files that options name."""
    named = (options.classes_typed, options.palette)
    return tuple(
        name for name in named if name and len(name) < _LONGEST_PATH and Path(name).is_file()
    )


def _unnamed(spec: SourceSpec, folder: Path, *, cache: bool) -> tuple[SourceSpec, Profile | None]:
    from imbweights.core.config import find_config

    config = find_config(folder)
    if config is not None and not config.source.is_empty:
        for text in config.notes:
            streams.note(text)
        streams.note(f"source {config.source.describe()} from {_near(config.path, folder)}")
        return as_given(config.source, spec), None
    last = recall(folder) if cache else None
    if last is None and spec.sql is not None:
        raise UsageError(
            "--sql: no file is named, and the query names none",
            hint='imbweights analyze labels.csv --sql "select … from data"',
        )
    if last is None:
        raise UsageError(
            "no source: there is none on the command line, none in the configuration, and nothing was "
            "analysed in this folder before",
            hint="name label files, or give --counts A=198,B=436 or --ratio 60:1; or put\n"
            'source = "labels.csv" under [tool.imbweights] in pyproject.toml',
        )
    return _recalled(last, spec)


def _recalled(last: Remembered, spec: SourceSpec) -> tuple[SourceSpec, Profile | None]:
    changed = last.changed_files()
    known = "unchanged since" if not changed else "changed since then, counted anew"
    if any(is_remote(path) for path, *_ in last.profile.source.files):
        known = "read anew"
    name = last.spec.describe()
    if "-" in last.spec.paths:
        if spec.options != LabelOptions():
            raise UsageError(
                "the last source was standard input, which cannot be read again with other options"
            )
        streams.note("source: standard input, as it was analysed last in this folder")
        return last.spec, last.profile
    if last.spec.database is not None:
        return _recalled_database(last, spec)
    _refuse_masked(last.spec)
    if last.spec.paths:
        gone = [path for path in changed if not Path(path).exists()]
        if gone:
            raise UsageError(
                f"{name} was analysed last in this folder, but {gone[0]} is gone",
                hint="name a source",
            )
        with_options = f" {again_options(last.spec.options)}".rstrip()
        streams.note(f"source {name}{with_options}, analysed last in this folder; {known}")
    else:
        streams.note(f"source {name}, analysed last in this folder")
    return as_given(last.spec, spec), None


def _recalled_database(last: Remembered, spec: SourceSpec) -> tuple[SourceSpec, Profile | None]:
    """A database is asked anew; without its password, which is not kept, its counts are as they were."""
    name = last.spec.describe()
    if is_whole(last.spec.database or ""):
        streams.note(f"source {name}, analysed last in this folder; asked anew")
        return as_given(last.spec, spec), None
    if spec != SourceSpec(cache_by=spec.cache_by).spread_as(spec):
        raise UsageError(
            f"{name} was analysed last in this folder, and its password is not remembered",
            hint="name the database again, best as --database env:NAME",
        )
    streams.note(f"source {name}, as it was analysed last in this folder")
    return last.spec, last.profile


def as_given(base: SourceSpec, given: SourceSpec) -> SourceSpec:
    """The source of a configuration or of memory, with what the command line says instead."""
    if given.sql is not None and base.database is not None:
        raise UsageError("--sql asks files, and the source is a database: --query asks that")
    options = overridden(base.options, given.options)
    return replace(
        base,
        options=options,
        sql=base.sql if given.sql is None else given.sql,
        cache_by=given.cache_by or base.cache_by,
    ).spread_as(given)


def _again_unnamed(spec: SourceSpec) -> str:
    """What was typed without a source."""
    return f"{spec.queried('')} {again_options(spec.options)}".strip()


def _refuse_masked(spec: SourceSpec) -> None:
    """What may be credentials is not remembered, so such an address cannot be read again."""
    for path in spec.paths:
        if is_remote(path.partition("=")[2] or path) and MASK in path:
            raise UsageError(
                f"{path} was analysed last in this folder; what its address held beyond that may be "
                "credentials and was not kept",
                hint="name the source again, with the whole address",
            )


def overridden(base: LabelOptions, given: LabelOptions) -> LabelOptions:
    """The options of a configuration or of memory, with what the command line says instead."""
    default = LabelOptions()
    changes: dict[str, Any] = {
        f.name: getattr(given, f.name)
        for f in fields(LabelOptions)
        if getattr(given, f.name) != getattr(default, f.name)
    }
    return replace(base, **changes)


def _near(path: Path, folder: Path) -> str:
    return path.name if path.parent == folder else str(path)


def typed_again(spec: SourceSpec) -> str:
    """The source and its options as they would be typed."""
    if spec.counts is not None:
        source = f"--counts {shlex.quote(spec.counts)}"
    elif spec.ratio is not None:
        source = f"--ratio {shlex.quote(spec.ratio)}"
    else:
        source = spec.queried(" ".join(shlex.quote(shown_url(path)) for path in spec.paths))
    return f"{source} {again_options(spec.options)}".strip()


def _classes_as_typed(options: LabelOptions) -> str:
    if options.classes_typed is not None:
        return options.classes_typed
    names = options.classes or ()
    if options.class_ids is None:
        return ",".join(names)
    return ",".join(f"{i}={n}" for i, n in zip(options.class_ids, names, strict=True))


def again_options(options: LabelOptions) -> str:
    """Options as they would be typed."""
    words: list[str] = []
    for name, value in options.to_dict().items():
        option = _NAMES.get(name, name.replace("_", "-"))
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        elif name == "classes":
            words += ["--classes", shlex.quote(_classes_as_typed(options))]
        elif name in {"class_ids", "classes_typed"}:
            continue
        elif name == "separator":
            words += ["--separator", shlex.quote(str(value) or "none")]
        else:
            for item in value if isinstance(value, list) else [value]:
                words += [f"--{option}", shlex.quote(str(item))]
    return " ".join(words)
