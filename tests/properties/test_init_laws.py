"""What ``init`` writes is TOML, whatever names there are."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imbweights.analysis import analyze
from imbweights.core.config import find_config
from imbweights.initialising import initial, write
from imbweights.initialising.toml_text import array, comment, text, texts

ANY = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\r\n"),
    min_size=1,
    max_size=12,
)


@given(ANY)
def test_text_survives(value: str) -> None:
    """As a value, also behind a key and before another."""
    assert tomllib.loads(f"a = {text(value)}\nb = 1\n") == {"a": value, "b": 1}


@given(st.lists(ANY, min_size=1, max_size=8))
def test_lists_survive(values: list[str]) -> None:
    """On one line or on several; a single one is itself."""
    read = tomllib.loads(f"a = {array(values)}\nb = {texts(values)}\n")
    assert read == {"a": values, "b": values[0] if len(values) == 1 else values}


@given(st.text())
def test_comments_say_nothing(words: str) -> None:
    """Line ends, control characters and half surrogates do not end one."""
    assert tomllib.loads(f"{comment(words)}\na = 1\n") == {"a": 1}


def test_half_a_pair_is_refused() -> None:
    """TOML has no way to write it."""
    with pytest.raises(ValueError, match="surrogates"):
        text("\ud800")


@settings(max_examples=15)
@given(st.dictionaries(NAMES, st.integers(10, 30), min_size=2, max_size=6))
def test_what_was_found_is_read_back(counts: dict[str, int]) -> None:
    """Class names of any kind: the configuration gives the same counts in the same order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quoted = ['"{}"'.format(c.replace('"', '""')) for c, n in counts.items() for _ in range(n)]
        (folder / "labels.csv").write_bytes("\n".join(["label", *quoted, ""]).encode())
        before = analyze(str(folder / "labels.csv"), separator="none", label="label")
        draft = initial(folder)
        if not draft.sets:
            return  # what is asked about is not written
        write(draft, "0")
        config = find_config(folder)
        assert config is not None
        [found] = draft.sets
        assert found.profile.total.samples == before.counts.samples
        [own] = config.sets
        if found.classes:
            assert own.source.options.classes == found.profile.total.classes
