"""Which data sets ``check`` looks at, and with which settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from imbweights.checking import DataSet, Settings
from imbweights.checking.baselines import read_baselines
from imbweights.checking.settings import BASELINE_FILE, settings_from
from imbweights.cli import streams
from imbweights.cli.sources import configured_or_last, overridden
from imbweights.core.baseline import Baseline
from imbweights.core.config import Config, find_config
from imbweights.core.errors import ConfigError, UsageError
from imbweights.core.findings import Level
from imbweights.core.options import SourceSpec
from imbweights.rules import Limits

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the command line says; ``None`` and empty: nothing, so the configuration decides."""

    limits: Limits
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    metric: str | None = None
    fail_on: Level | None = None
    baseline: Path | None = None
    scheme: str | None = None
    weights: tuple[str, ...] = ()
    images: str | None = None

    def over(self, settings: Settings) -> Settings:
        """The settings with what the command line says instead."""
        return replace(
            settings,
            limits={**settings.limits, **self.limits},
            select=self.select or settings.select,
            ignore=(*settings.ignore, *self.ignore),
            levels={**settings.levels, **self.levels},
            metric=self.metric or settings.metric,
            fail_on=self.fail_on or settings.fail_on,
            baseline=self.baseline or settings.baseline,
            scheme=self.scheme or settings.scheme,
            weights=self.weights or settings.weights,
            images=self.images or settings.images,
        )


def sets_to_check(
    spec: SourceSpec, said: Said, wanted: Sequence[str], *, cache: bool
) -> list[DataSet]:
    """The named source; else every data set of the configuration; else what was analysed last here."""
    config = find_config(Path.cwd())
    base = Settings() if config is None else _settings(config)
    for text in () if config is None else config.notes:
        streams.note(text)
    if not spec.is_empty:
        if wanted:
            raise UsageError(
                "--dataset names data sets of the configuration, and a source is named"
            )
        return [_typed(spec, said.over(base))]
    if config is not None and config.sets:
        sets = _configured(config, base, spec, said)
        chosen = _chosen(sets, wanted, config.path)
        few = ", ".join(each.name for each in chosen[:_SHOWN]) + " …" * (len(chosen) > _SHOWN)
        word = "data sets" if len(chosen) > 1 else "data set"
        streams.note(f"{len(chosen):,} {word} from {config.path.name}: {few}")
        return chosen
    if wanted:
        raise UsageError("--dataset: the configuration has no data sets")
    last = configured_or_last(spec, cache=cache)
    return [_typed(last, said.over(base))]


def configured_sets() -> list[DataSet]:
    """Every data set of the configuration in force here, as the configuration has it."""
    config = find_config(Path.cwd())
    if config is None:
        return []
    return _configured(config, _settings(config), SourceSpec(), Said(limits={}))


def _typed(spec: SourceSpec, settings: Settings) -> DataSet:
    return DataSet(name=_name(spec), spec=spec, settings=settings, unnamed=True)


def _name(spec: SourceSpec) -> str:
    """Counts that were typed have no name of their own, and change when they are typed anew."""
    return "counts" if spec.counts is not None or spec.ratio is not None else spec.describe()


def _settings(config: Config) -> Settings:
    return settings_from(config.check, config.path.name, config.path.parent)


def _configured(config: Config, base: Settings, spec: SourceSpec, said: Said) -> list[DataSet]:
    where = config.path.name
    return [
        DataSet(
            name=each.name,
            spec=replace(
                each.source,
                options=overridden(each.source.options, spec.options),
                cache_by=spec.cache_by or each.source.cache_by,
            ).spread_as(spec),
            settings=said.over(settings_from(each.check, where, config.path.parent, base)),
        )
        for each in config.sets
    ]


def _chosen(sets: list[DataSet], wanted: Sequence[str], path: Path) -> list[DataSet]:
    names = [each.name for each in sets]
    for name in wanted:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            raise UsageError(
                f"--dataset {name}: {path.name} has no such data set",
                hint=f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}",
            )
    return [each for each in sets if not wanted or each.name in wanted]


def baseline_place(settings: Settings) -> tuple[Path, bool]:
    """Where the baseline is, and whether somebody said so.

    Unless said it lies beside the configuration, or in this folder.
    """
    if settings.baseline is not None:
        return settings.baseline, True
    config = find_config(Path.cwd())
    folder = Path.cwd() if config is None else config.path.parent
    return (Path(BASELINE_FILE) if folder == Path.cwd() else folder / BASELINE_FILE), False


def stored_before(path: Path) -> dict[str, Baseline]:
    """What a baseline holds that is written anew; nothing where there is none.

    Raises ``ConfigError`` for a file that is none: it may be anything, so it is not overwritten.
    """
    if not path.is_file():
        return {}
    try:
        return read_baselines(path)
    except ConfigError as error:
        hint = "it stays as it is: remove it, or name another file with --baseline"
        raise ConfigError(error.message, hint=hint) from error


def refuse_missing(path: Path) -> None:
    """Raise for a baseline that was asked for and is not there."""
    if not path.is_file():
        raise ConfigError(
            f"{path}: there is no baseline yet", hint="write it: imbweights check --write-baseline"
        )
