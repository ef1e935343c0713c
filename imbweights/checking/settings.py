"""What the user wants checked, and how strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from imbweights.checking.codes import ALL_CODES, near_codes
from imbweights.core.config import keys_of
from imbweights.core.errors import ConfigError, UsageError
from imbweights.core.findings import Level
from imbweights.core.meaning import did_you_mean
from imbweights.drift import DRIFTS
from imbweights.rules import RULES, THRESHOLDS, Limits, Threshold

BASELINE_FILE = "imbweights-baseline.json"
OFF = "off"
KEYS = (
    "select",
    "ignore",
    "levels",
    "fail-on",
    "drift-metric",
    "baseline",
    "scheme",
    "weights",
    "images",
)
FAILING = (Level.ERROR, Level.WARNING)
_SPLITS_MAY_DIFFER = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is checked.

    ``select``, ``ignore``: codes or beginnings of codes (``IMB05``); no ``select`` means all.
    ``levels``: code → its level here, ``None`` for off. ``limits``: threshold → value, those that
    were said. ``metric``: the measure of drift that decides. ``fail_on``: the level from which on a
    check fails. ``baseline``: where the baseline is; ``scheme``: the scheme whose weights it stores.
    ``weights``: files of weights to audit, ``file#name`` for one of several in it. ``images``: the
    folder of the images that the masks belong to.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    metric: str = "linf"
    fail_on: Level = Level.ERROR
    baseline: Path | None = None
    scheme: str | None = None
    weights: tuple[str, ...] = ()
    images: str | None = None

    def wants(self, code: str) -> bool:
        """Whether findings of this code are wanted.

        >>> Settings(select=("IMB0",), ignore=("IMB05",)).wants("IMB050")
        False
        """
        if code in self.levels and self.levels[code] is None:
            return False
        chosen = not self.select or any(code.startswith(s) for s in self.select)
        return chosen and not any(code.startswith(s) for s in self.ignore)

    @property
    def wants_nothing(self) -> bool:
        """Whether no rule is left."""
        audit = bool(self.weights)
        return not any(
            self.wants(c) for c in ALL_CODES if c in RULES or (audit and c[:4] == "IMB1")
        )

    @property
    def wants_baseline(self) -> bool:
        """Whether any rule that compares with the baseline is wanted."""
        return any(self.wants(code) for code, rule in RULES.items() if rule.family == "baseline")

    def limit(self, threshold: Threshold) -> float | None:
        """The value of a threshold: what was said, else its default.

        For drift that is the usual bound of the measure; splits may differ by twice as much.
        """
        said = self.limits.get(threshold.name)
        if said is not None:
            return said
        alarm = DRIFTS[self.metric].alarm
        by_measure = {"max-drift": alarm, "max-split-drift": _SPLITS_MAY_DIFFER * alarm}
        return by_measure.get(threshold.name, threshold.default)

    def all_limits(self) -> dict[str, float | None]:
        """Every threshold with its value."""
        return {name: self.limit(threshold) for name, threshold in THRESHOLDS.items()}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, with the names of the configuration."""
        levels = {c: OFF if level is None else level.value for c, level in self.levels.items()}
        return {
            "select": list(self.select),
            "ignore": list(self.ignore),
            "levels": levels,
            "fail-on": self.fail_on.value,
            "drift-metric": self.metric,
            "baseline": None if self.baseline is None else str(self.baseline),
            "scheme": self.scheme,
            "weights": list(self.weights),
            "images": self.images,
            **self.all_limits(),
        }


def settings_from(
    table: Mapping[str, Any], where: str, folder: Path, base: Settings | None = None
) -> Settings:
    """The settings that a table of the configuration says, on top of ``base``.

    ``where``: what messages call the file; ``folder``: where it lies. Raises ``ConfigError`` for
    keys that are unknown (with the one that may be meant) and values that mean nothing.
    """
    said: dict[str, Any] = {}
    limits: dict[str, float | None] = {}
    for written, key, value in keys_of(table, f"{where}: check"):
        if key in THRESHOLDS:
            limits[key] = _number(THRESHOLDS[key], value, f"{where}: {key}")
        elif key in KEYS:
            said |= _said(key, value, where, folder)
        else:
            known = (*KEYS, *THRESHOLDS)
            close = get_close_matches(key, known, n=1)
            raise ConfigError(
                f"{where}: unknown key {written!r} in check",
                hint=f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}",
            )
    if base is not None and "fail_on" in said:
        raise ConfigError(f"{where}: fail-on holds for all data sets", hint="say it in [check]")
    base = base or Settings()
    said["levels"] = {**base.levels, **said.get("levels", {})}
    return replace(base, **said, limits={**base.limits, **limits})


def _said(key: str, value: Any, where: str, folder: Path) -> dict[str, Any]:
    place = f"{where}: {key}"
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "select": lambda: {"select": codes(_texts(value, place), place)},
        "ignore": lambda: {"ignore": codes(_texts(value, place), place)},
        "levels": lambda: {"levels": _levels(value, place)},
        "fail-on": lambda: {"fail_on": level_of(_text(value, place), place, FAILING)},
        "drift-metric": lambda: {"metric": one_of(_text(value, place), DRIFTS, place)},
        "baseline": lambda: {"baseline": folder / _text(value, place)},
        "weights": lambda: {"weights": tuple(_beside(folder, t) for t in _texts(value, place))},
        "images": lambda: {"images": _beside(folder, _text(value, place))},
        "scheme": lambda: {"scheme": _scheme(_text(value, place))},
    }
    return readers[key]()


def _scheme(text: str) -> str:
    from imbweights.schemes import find_scheme

    return find_scheme(text).name


def _beside(folder: Path, text: str) -> str:
    return text if folder == Path.cwd() else str(folder / text)


def codes(given: Iterable[str], place: str) -> tuple[str, ...]:
    """Codes, or beginnings of some. Raises ``UsageError`` for what no code begins with."""
    found = tuple(
        part.strip().upper() for text in given for part in text.split(",") if part.strip()
    )
    for code in found:
        if not any(known.startswith(code) for known in ALL_CODES):
            close = near_codes(code)
            raise UsageError(
                f"{place}: no code begins with {code}",
                hint=f"did you mean {close[0]}?" if close else "imbweights rule --all lists them",
            )
    return found


def levels_from(given: Iterable[str], place: str) -> dict[str, Level | None]:
    """Levels as they are typed: ``IMB004=error``, ``IMB015=off,IMB014=warning``."""
    typed = [part.strip() for text in given for part in text.split(",") if part.strip()]
    for part in typed:
        if "=" not in part:
            raise UsageError(
                f"{place} {part}: no level is said",
                hint=f"CODE=LEVEL, such as {place} IMB003=warning",
            )
    pairs = [text.partition("=") for text in typed]
    return _levels({code.strip(): level.strip() for code, _, level in pairs}, place)


def _levels(value: Any, place: str) -> dict[str, Level | None]:
    if not isinstance(value, Mapping):
        raise ConfigError(f'{place} must be a table such as {{ IMB004 = "error" }}')
    found: dict[str, Level | None] = {}
    for code, level in value.items():
        [known] = codes([str(code)], place) or (str(code),)
        if known not in ALL_CODES:
            raise ConfigError(f"{place}: {code} is no whole code", hint="such as IMB004")
        off = str(level) in {OFF, "False"}
        found[known] = None if off else level_of(str(level), place, set(Level), extra=(OFF,))
    return found


def level_of(text: str, place: str, allowed: Iterable[Level], extra: tuple[str, ...] = ()) -> Level:
    """A level by its name."""
    known = [level.value for level in Level if level in set(allowed)]
    if text not in known:
        raise ConfigError(
            f"{place}: {text!r} is no level", hint=f"one of {', '.join((*known, *extra))}"
        )
    return Level(text)


def one_of(text: str, known: Iterable[str], place: str) -> str:
    """The text, if it is one of those known. Raises ``ConfigError`` with the list."""
    every = list(known)
    if text not in every:
        raise ConfigError(
            f"{place}: {text!r} is not known",
            hint=f"{did_you_mean(text, every)}known: {', '.join(every)}",
        )
    return text


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{place} must be text")
    return value


def _texts(value: Any, place: str) -> list[str]:
    every = [value] if isinstance(value, str) else value
    if not isinstance(every, list) or not all(isinstance(text, str) for text in every):
        raise ConfigError(f"{place} must be text or a list of texts")
    return every


def _number(threshold: Threshold, value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{place} must be a number")
    return number_of(threshold, float(value), place)


def number_of(threshold: Threshold, value: float, place: str) -> float:
    """A threshold's value. Raises ``ConfigError`` when it is out of range."""
    whole = value == int(value) if abs(value) < 1e18 else False
    inside = value >= threshold.low and (threshold.high is None or value <= threshold.high)
    if not inside or (threshold.whole and not whole):
        kind = "a whole number" if threshold.whole else "a number"
        upper = "" if threshold.high is None else f" and at most {threshold.high:g}"
        raise ConfigError(
            f"{place} must be {kind}, at least {threshold.low:g}{upper}, not {value:g}"
        )
    return value


def refuse_nothing(every: Iterable[Settings]) -> None:
    """Raise ``UsageError`` where the settings of all data sets leave no rule: a check that checks
    nothing must not pass.
    """
    if all(settings.wants_nothing for settings in every):
        raise UsageError(
            "no rule is left: select, ignore and levels switch all of them off",
            hint="imbweights rule --all lists them; codes IMB1 need --weights",
        )


def active_rules(settings: Settings) -> list[str]:
    """The codes of the rules that the settings want."""
    return [code for code in RULES if settings.wants(code)]
