"""What a user sees of a sweep, in every form, for results made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sweep_results
from rich.cells import cell_len
from sweep_results import BALANCED_HALVES_F1, HOSTILE, THRESHOLD_IS_HONEST

from imbweights.analysis import Analysis, analyze
from imbweights.cli.sweeping import profile_of_sweep
from imbweights.coding import code_of_sweep
from imbweights.core.errors import UsageError
from imbweights.evidence.result import Kind, SweepResult, Verdict, VerdictKind
from imbweights.frameworks import find_framework
from imbweights.render import sweep_words
from imbweights.render.forms import Form
from imbweights.render.rendering import rendered, rendered_with_sweep
from imbweights.render.sweep_classes import compared
from imbweights.render.terminal.sweep import short_sweep_text, sweep_text
from imbweights.render.view import View

RESULTS: dict[str, Callable[[], SweepResult]] = {
    "binary": sweep_results.binary,
    "weight wins": sweep_results.weight_wins,
    "multiclass": sweep_results.multiclass,
    "multilabel": sweep_results.multilabel,
    "interrupted": sweep_results.interrupted,
    "inseparable": sweep_results.inseparable,
    "hostile": sweep_results.hostile,
}
CHOSEN = {Kind.THRESHOLD, Kind.BEST_WEIGHT, Kind.WEIGHT_THRESHOLD}
VIEW = View(again="data.csv")
EVERYTHING = replace(VIEW, show_all=True, per_class=True)


def form_of(result: SweepResult, form: Form, view: View = VIEW) -> str:
    """The result in one form."""
    return rendered(result, profile_of_sweep(result, []), form, view)


@pytest.mark.parametrize("name", RESULTS)
def test_the_screen_answers_first_and_fits(name: str) -> None:
    """The verdict is the first line; 24 lines of 80 columns, but for commands to copy."""
    result = RESULTS[name]()
    out = form_of(result, Form.TABLE).splitlines()
    start = result.verdict.headline[:7]
    assert out[0].startswith(start)
    assert len(out) <= 24
    assert all(cell_len(line) <= 80 for line in out if "imbweights" not in line)
    assert all(line == line.rstrip() for line in out)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("name", RESULTS)
def test_every_width_holds_everything(name: str, width: int) -> None:
    """Also with every candidate and class."""
    result = RESULTS[name]() if name != "multilabel" else sweep_results.multilabel(30)
    for view in (VIEW, EVERYTHING):
        out = form_of(result, Form.TABLE, replace(view, width=width)).splitlines()
        lines = [line for line in out if "imbweights" not in line]
        assert all(cell_len(line) <= width for line in lines)


def test_wide_characters_count_twice() -> None:
    """A name of 60 Chinese characters in every sentence."""
    found = sweep_results.binary()
    name = "欺" * 60
    verdict = replace(found.verdict, headline=f"Do not weight {name}.", sentences=(f"{name}!",))
    result = replace(found, classes=("ok", name), minority=name, verdict=verdict)
    out = form_of(result, Form.TABLE).splitlines()
    assert all(cell_len(line) <= 80 for line in out)


def row(text: str, name: str) -> list[str]:
    """The cells of the line that begins with a name."""
    [line] = [line for line in text.splitlines() if line.startswith(f"{name}  ")]
    return line[len(name) :].split()


def test_the_rows_that_matter() -> None:
    """Plain, tuned, the chosen weights, some of the grid, balanced, one dummy; the winner is marked."""
    result = sweep_results.binary()
    text = form_of(result, Form.TABLE)
    plain = result["plain"].pooled
    assert row(text, "plain")[:3] == [
        f"{plain[key]:.3f}".lstrip("0") for key in ("precision", "recall", "f1")
    ]
    assert row(text, "plain, threshold tuned (.26)")[-1] == "←"
    assert text.count("←") == 1
    for name in ("best weight (2.55)", "best weight, tuned (6.48)", "balanced (42)"):
        assert row(text, name)
    shown = [c.name for c in result.of_kind(Kind.POS_WEIGHT) if c.name in text]
    assert shown == ["pos_weight 6.48 (ratio^½)", "pos_weight 16.5 (ratio^¾)"]  # from the middle
    assert row(text, "always the majority")[:2] == ["–", ".000"]
    assert "random by share" not in text
    assert "sqrt-inverse" not in text
    assert "8 more with --all" in text


def test_all_shows_all() -> None:
    """Every candidate, and which of them are one model."""
    result = sweep_results.binary()
    text = form_of(result, Form.TABLE, replace(VIEW, show_all=True))
    for candidate in result.candidates:
        assert row(text, sweep_words.candidate_name(candidate))
    assert "balanced = inverse = median-frequency = pos-weight" in " ".join(text.split())
    assert "more with --all" not in text


def test_sentences_data_and_what_to_do() -> None:
    """After the table."""
    text = " ".join(form_of(sweep_results.binary(), Form.TABLE).split())
    assert THRESHOLD_IS_HONEST in text
    assert BALANCED_HALVES_F1 in text
    assert (
        "11,183 rows, 6 features, class 1 is 2.3 % · logistic regression · 5 folds, seed 0" in text
    )
    assert "The finding carries over to similar models, its numbers do not" in text
    assert "answer 1 where its probability is at least 0.26" in text


def test_long_sentences_give_way_to_the_table() -> None:
    """Whatever is said, plain, winner and the answer stay on the screen."""
    found = sweep_results.binary()
    verdict = replace(found.verdict, sentences=("word " * 150,) * 4 + ("Short.",))
    out = form_of(replace(found, verdict=verdict), Form.TABLE)
    assert len(out.splitlines()) <= 24
    assert row(out, "plain, threshold tuned (.26)")
    assert "Short." in out


def test_the_next_command_is_the_weight_that_won() -> None:
    """With its parameters, ready for suggest; else by this command itself."""
    result = sweep_results.weight_wins()
    last = form_of(result, Form.TABLE).splitlines()[-1]
    assert last == "Next: imbweights suggest data.csv --scheme pos-weight --gamma 0.25 --for torch"
    tried = replace(result["best weight"], gamma=None)
    changed = replace(
        result, candidates=tuple(tried if c.name == tried.name else c for c in result.candidates)
    )
    last = form_of(changed, Form.TABLE).splitlines()[-1]
    assert last == "Next: imbweights sweep data.csv --for torch"


def test_both_weight_and_threshold() -> None:
    """The command, then the decision."""
    found = sweep_results.weight_wins()
    verdict = replace(found.verdict, winner="best weight, threshold tuned")
    lines = form_of(replace(found, verdict=verdict), Form.TABLE).splitlines()
    assert "--gamma 0.5 --for torch" in lines[-2]
    assert lines[-1] == "Then answer 1 where its probability is at least 0.61."


def test_factors_and_thresholds_of_many() -> None:
    """Three classes or more have factors, labels a threshold each."""
    found = sweep_results.multiclass()
    tuned = found["plain, threshold tuned"]
    assert sweep_words.decision(tuned, found) == (
        "answer the class with the largest factor × probability (A 1.8, B 1.1, C 0.7, D 1)"
    )
    labels = sweep_results.multilabel()
    decided = sweep_words.decision(labels["plain, threshold tuned"], labels)
    assert decided is not None
    assert "0.02 to 0.12 (-o sweep.json has all 1,000)" in decided


def test_columns_of_each_task() -> None:
    """Binary: of the rare class; classes: macro and of the rare class; labels: macro and micro."""
    heads = {
        name: " ".join(form_of(RESULTS[name](), Form.TABLE).split("plain")[0].split())
        for name in ("multiclass", "multilabel")
    }
    assert heads["multiclass"].endswith("precision recall F1 ± A log loss")
    assert "F1 of" in heads["multiclass"]
    assert heads["multilabel"].endswith("precision recall F1 ± F1 log loss")
    assert "micro" in heads["multilabel"]


def test_a_goal_without_a_column_gets_one() -> None:
    """Unless it is there already; costs have their own."""
    found = sweep_results.multiclass()
    pooled = [
        replace(c, pooled=replace(c.pooled, values={**c.pooled.values, "cost": 0.2}))
        for c in found.candidates
    ]
    result = replace(found, goal="cost", goal_title="cost", candidates=tuple(pooled))
    assert "cost" in form_of(result, Form.TABLE).splitlines()[3].split()


def test_a_goal_with_a_bound_shows_the_score_that_is_wanted() -> None:
    """Recall with its own error, under its own name; never how far a bound was missed."""
    found = sweep_results.binary()
    spreads = {"recall": 0.123, "goal": 0.9}
    result = replace(
        found,
        goal="recall@precision=0.9",
        goal_title="recall at precision ≥ 0.9",
        candidates=tuple(replace(c, spread=spreads) for c in found.candidates),
    )
    text = form_of(result, Form.TABLE)
    assert text.splitlines()[2].split()[:5] == ["candidate", "precision", "recall", "±", "F1"]
    assert row(text, "plain")[2] == ".123"
    assert "goal: recall at precision ≥ 0.9" in text


def test_undefined_is_a_dash() -> None:
    """Never an empty cell or a zero."""
    text = form_of(sweep_results.inseparable(), Form.TABLE)
    assert row(text, "plain") == ["–", ".000", "–"]


def test_leaks_and_left_out_columns() -> None:
    """Pointed out on the first screen, however much there is to say."""
    found = sweep_results.binary()
    leak = "column 'status' alone predicts the label perfectly"
    tried = replace(found.tried, leaks=(leak,), left_out={"id": "it numbers the rows"})
    text = " ".join(form_of(replace(found, tried=tried), Form.TABLE).split())
    assert "Column 'status' alone predicts the label perfectly." in text
    whole = " ".join(form_of(replace(found, tried=tried), Form.TABLE, EVERYTHING).split())
    assert "Left out: id (it numbers the rows)." in whole


def test_what_was_not_used_is_on_the_first_screen() -> None:
    """In one short line, before what matters less; --all says why."""
    found = sweep_results.binary()
    left = {
        "row_id": "an id: nearly every row has a value of its own",
        "when": "a date: it tells when a row was made; --features uses it",
    }
    verdict = replace(found.verdict, sentences=("word " * 60,) * 2)
    notes = ("9 cells are NaN or infinite and count as missing",)
    result = replace(found, tried=replace(found.tried, left_out=left), notes=notes, verdict=verdict)
    out = form_of(result, Form.TABLE)
    text = " ".join(out.split())
    assert len(out.splitlines()) <= 24
    assert "Left out: row_id (an id), when (a date); --all says why." in text
    assert "9 cells are NaN or infinite and count as missing." in text
    whole = " ".join(form_of(result, Form.TABLE, EVERYTHING).split())
    assert "when (a date: it tells when a row was made; --features uses it)" in whole


def test_long_commands_are_broken_where_a_shell_can_read_them() -> None:
    """Between options, with a backslash; nothing is lost."""
    view = replace(VIEW, again=f"{'folder/' * 6}data.csv --label 'the label' --delimiter ';'")
    out = form_of(sweep_results.weight_wins(), Form.TABLE, view)
    lines = out[out.index("Next:") :].splitlines()[1:]
    assert len(lines) > 1
    assert all(cell_len(line) <= 80 for line in lines)
    command = "\n".join(lines).replace("\\\n", "")
    assert shlex.split(command) == shlex.split(
        f"imbweights suggest {view.again} --scheme pos-weight --gamma 0.25 --for torch"
    )


@pytest.mark.parametrize(
    ("changes", "words", "not_words"),
    [
        ({"repeats": 60}, "--repeats 1 --folds 3 --max-rows 5000", ""),
        ({"folds": 2, "rows": 2000, "repeats": 1}, "let it finish", "--folds"),
    ],
)
def test_in_less_time_is_less(changes: dict[str, Any], words: str, not_words: str) -> None:
    """Never more rows or folds than there were."""
    found = sweep_results.interrupted()
    result = replace(found, tried=replace(found.tried, **changes))
    [step] = sweep_words.next_step(result, "data.csv")
    assert words in step
    assert not not_words or not_words not in step


def test_too_few_rows_ask_for_rows() -> None:
    """And not for less time."""
    found = replace(sweep_results.interrupted(), finished=True)
    [step] = sweep_words.next_step(found, "data.csv")
    assert "more rows of the rarest class" in step
    assert "imbweights sweep" not in step


def test_an_interrupted_sweep_tells_how_many_folds_it_had() -> None:
    """Not how many it should have had."""
    found = sweep_results.binary()
    tried = replace(found.tried, repeats=60)
    text = form_of(replace(found, tried=tried, finished=False), Form.TABLE)
    assert "5 of 300 folds" in text
    assert "5 folds × 60" not in text


def test_the_plain_model_is_set_beside_the_best_of_what_was_chosen() -> None:
    """Where it wins itself, be it a threshold or a weight."""
    found = sweep_results.binary()
    plain = replace(found, verdict=replace(found.verdict, winner="plain"))
    chosen = [c for c in plain.candidates if c.kind in CHOSEN]
    best = max(chosen, key=lambda c: c.pooled["goal"] or 0.0)
    assert [c.name for c in compared(plain)] == ["plain", best.name]


def test_per_class() -> None:
    """Plain beside the winner, class by class."""
    result = sweep_results.multiclass()
    text = form_of(result, Form.TABLE, replace(VIEW, per_class=True))
    assert "a: plain; b: best weight" in text
    [line] = [line for line in text.splitlines() if line.split()[:2] == ["2", "C"]]
    assert line.split() == ["2", "C", "301", ".680", ".780", ".730", ".680", ".780", ".730"]
    many = form_of(sweep_results.multilabel(), Form.TABLE, replace(VIEW, per_class=True))
    assert "990 lie between (--all shows all)" in many
    assert many.count("label_0") == 10


def test_ascii_screens() -> None:
    """No sign that such a screen lacks."""
    result = sweep_results.binary()
    text = form_of(result, Form.TABLE, replace(VIEW, unicode=False))
    assert not set(text) & set("–·…←±")


def test_colour_and_bold() -> None:
    """The answer and the winner stand out."""
    text = form_of(sweep_results.binary(), Form.TABLE, replace(VIEW, color=True))
    bold = re.findall(r"\x1b\[1m([^\x1b]*)", text)
    assert bold[0].startswith("Do not weight")
    assert any("plain, threshold tuned" in part for part in bold)
    assert "\x1b" not in form_of(sweep_results.binary(), Form.TABLE)


def test_the_short_form() -> None:
    """The headline and at most three lines, fewer under a long page; leaks are always told."""
    for make in RESULTS.values():
        result = make()
        out = short_sweep_text(result, VIEW).strip("\n").splitlines()
        assert out[0].startswith("Tried on this data: ")
        assert len(out) <= 5 + 2 * len(result.tried.leaks)  # a headline may take two
        assert all(cell_len(line) <= 80 for line in out)
        assert not result.tried.leaks or "predicts the label perfectly" in " ".join(out)
    assert len(short_sweep_text(sweep_results.binary(), VIEW, above=21).splitlines()) == 3


def test_beside_a_suggestion() -> None:
    """Under a table and Markdown, inside JSON, not in CSV."""
    profile_result: Analysis = analyze(["a"] * 9 + ["b"] * 3)
    result, profile = sweep_results.binary(), profile_result.profile

    def beside(form: Form) -> str:
        return rendered_with_sweep(profile_result, result, profile, form, VIEW)

    assert "Tried on this data: Do not weight" in beside(Form.TABLE)
    assert "**Tried on this data: Do not weight" in beside(Form.MARKDOWN)
    data = json.loads(beside(Form.JSON))
    assert data["schema"] == "imbweights.analysis/1"
    assert data["sweep"]["schema"] == "imbweights.sweep/1"
    assert beside(Form.CSV) == rendered(profile_result, profile, Form.CSV, VIEW)


@pytest.mark.parametrize("name", RESULTS)
def test_json_is_whole(name: str) -> None:
    """Strict JSON with every fold."""
    result = RESULTS[name]()
    data = json.loads(form_of(result, Form.JSON))
    assert data == json.loads(json.dumps(result.to_dict()))
    assert data["schema"] == "imbweights.sweep/1"
    assert [len(c["folds"]) for c in data["candidates"]] == [5] * len(result.candidates)


def table_of(text: str) -> list[dict[str, str]]:
    """CSV rows by heading."""
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_per_candidate() -> None:
    """In full precision; empty where something does not apply."""
    result = sweep_results.binary()
    rows = table_of(form_of(result, Form.CSV))
    assert [r["candidate"] for r in rows] == [c.name for c in result.candidates]
    assert float(rows[0]["f1"]) == result.candidates[0].pooled["f1"]
    assert (rows[0]["threshold"], rows[1]["threshold"]) == ("", "0.26")
    assert [r["candidate"] for r in rows if r["advised"] == "1"] == ["plain, threshold tuned"]
    assert rows[-2]["precision"] == ""


def test_csv_per_class() -> None:
    """A row per candidate and class; formulas are defused."""
    result = sweep_results.hostile()
    rows = table_of(form_of(result, Form.CSV, EVERYTHING))
    assert len(rows) == len(result.candidates) * 4
    assert rows[0]["class"] == f"'{HOSTILE[0]}"
    assert float(rows[0]["recall"]) == 0.9


def test_markdown() -> None:
    """Every candidate, the winner in bold, the rule."""
    result = sweep_results.binary()
    text = form_of(result, Form.MARKDOWN)
    assert text.startswith("**Do not weight: move the threshold")
    assert "| **plain, threshold tuned (.26)** | **" in text
    assert "| balanced (42) = inverse = median-frequency = pos-weight |" in text
    assert "expected calibration error" in text
    assert "Rule: the threshold is better than nothing" in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(result.candidates)
    assert len({line.count(" | ") for line in lines}) == 1


def test_markdown_of_hostile_names() -> None:
    """No HTML, no broken table."""
    text = form_of(sweep_results.hostile(), Form.MARKDOWN, EVERYTHING)
    assert "<b>" not in text
    assert "\x1b" not in text
    for block in re.findall(r"(?:^\|.*\n?)+", text, flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


@pytest.mark.parametrize("form", [Form.TABLE, Form.MARKDOWN])
def test_nothing_hostile_reaches_a_screen(form: Form) -> None:
    """Names are spelled out in sentences, notes, tables and headings."""
    for view in (VIEW, EVERYTHING):
        text = form_of(sweep_results.hostile(), form, view)
        assert not set(text) & {"\x1b", "\u202e", "\r"}
        assert "a\\x1b[31mb" in text or "a\\\\x1b\\[31mb" in text


def test_code_for_the_winner() -> None:
    """The weights that won, with the verdict above them."""
    result = sweep_results.weight_wins()
    code = code_of_sweep(result, profile_of_sweep(result, []), find_framework("torch"))
    assert code.startswith("# Weight: pos_weight 2.55.")
    assert "pos_weight=torch.tensor([2.54" in code


def test_code_when_the_threshold_is_the_answer() -> None:
    """As suggest does when the advice is not to weight: the best weights under that advice."""
    result = sweep_results.binary()
    code = code_of_sweep(result, profile_of_sweep(result, []), find_framework("torch"))
    head = " ".join(line.removeprefix("# ") for line in code.splitlines() if line.startswith("#"))
    assert head.startswith("Do not weight: move the threshold")
    assert "After training, answer 1 where its probability is at least 0.26." in head
    assert "These are the pos-weight weights that did best, if you weight all the same." in head
    assert "torch.tensor([2.54" in code


def test_code_without_any_weights() -> None:
    """Says so, with the verdict."""
    result = sweep_results.interrupted()
    with pytest.raises(UsageError, match="there are no weights to print: Interrupted"):
        code_of_sweep(result, profile_of_sweep(result, []), find_framework("torch"))


def test_every_verdict_says_what_is_next() -> None:
    """None leaves the reader alone."""
    found = sweep_results.binary()
    for kind in VerdictKind:
        verdict = Verdict(
            kind=kind, headline="x", sentences=(), rule="y", winner="plain, threshold tuned"
        )
        assert sweep_words.next_step(replace(found, verdict=verdict), "data.csv")


def test_the_whole_sweep_page_is_one_string() -> None:
    """What the command prints ends with one line feed."""
    text = sweep_text(sweep_results.binary(), VIEW)
    assert text.endswith(".\n")
    assert not text.endswith("\n\n")


def test_factors_of_many_classes_have_no_room() -> None:
    """They are in the file; of a few classes each is told."""
    result = sweep_results.multiclass()
    tuned = replace(result.candidates[1], thresholds=(0.5, 1.0, 2.0, 4.0))
    text = sweep_words.decision(tuned, result)
    assert text is not None
    assert "(A 0.5, B 1, C 2, D 4)" in text
    many = replace(tuned, thresholds=tuple(i / 40 for i in range(1, 41)))
    text = sweep_words.decision(many, result)
    assert text is not None
    assert "(-o sweep.json has all 40 factors)" in text


def test_what_is_left_to_do_is_said() -> None:
    """More repeats help until there are many; without a winner nothing is used."""
    found = sweep_results.binary()
    none = replace(found.verdict, kind=VerdictKind.NO_DIFFERENCE)
    [step] = sweep_words.next_step(replace(found, verdict=none), "data.csv")
    assert step.startswith("To tell smaller differences: imbweights sweep data.csv --repeats ")
    repeats = replace(found.tried, repeats=int(step.split()[-1]))
    steps = sweep_words.next_step(replace(found, verdict=none, tried=repeats), "data.csv")
    assert steps == ["To tell smaller differences: more rows."]
    nobody = replace(found.verdict, kind=VerdictKind.NOT_PROVEN, winner=None)
    [step] = sweep_words.next_step(replace(found, verdict=nobody), "data.csv")
    assert step.startswith("Next: more rows")


@pytest.mark.parametrize(
    ("scheme", "changes", "options"),
    [
        ("effective", {"parameters": {"beta": 0.9}}, "--scheme effective --beta 0.9"),
        ("balanced", {"cap": 10.0}, "--scheme balanced --cap 10"),
        ("balanced", {"empty": "max", "counts": (9, 0)}, "--scheme balanced --empty max"),
        ("balanced", {"empty": "max"}, "--scheme balanced"),
        ("effective", {"parameters": {}}, "--scheme effective"),
    ],
)
def test_the_weights_that_won_can_be_typed(
    scheme: str, changes: dict[str, Any], options: str
) -> None:
    """With all that makes them what they are."""
    weights = replace(sweep_results.class_weights(("0", "1"), (9, 3), scheme), **changes)
    found = sweep_results.candidate(scheme, Kind.SCHEME, sweep_results.scores(0.1), weights=weights)
    assert sweep_words.suggest_options(found) == options


def test_a_weight_of_the_first_class_names_it() -> None:
    """Since the other one is taken for the positive one."""
    weights = replace(sweep_results.pos_weight_of(3.2, 0.5), classes=("no good",), indices=(0,))
    found = sweep_results.candidate(
        "pos_weight ratio^½", Kind.POS_WEIGHT, sweep_results.scores(0.1), weights=weights, gamma=0.5
    )
    assert sweep_words.suggest_options(found) == (
        "--scheme pos-weight --gamma 0.5 --positive 'no good'"
    )
    named = replace(found, name="pos_weight 3.2")
    assert sweep_words.candidate_name(named) == "pos_weight 3.2 (ratio^½)"


def test_classes_without_a_rarest_one() -> None:
    """Only their number is told."""
    result = replace(sweep_results.multiclass(), minority=None)
    assert ", 4 classes" in sweep_words.data_line(result)
    assert " is " not in sweep_words.data_line(result)
