"""The hook, the action and the examples of ``docs/ci.md``, run as far as they can be here."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from doc_code import TOP, run_page
from support import lines, run, write

PAGE = (TOP / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "run" in step}
GOOD = "label\n" + lines(["cat"] * 20 + ["dog"] * 30)
BAD = "label\n" + lines(["cat"] * 2 + ["dog"] * 30)
posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


def program(path: Path, text: str) -> Path:
    """A shell script that can be called by its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def blocks(kind: str) -> list[str]:
    """The code blocks of the page."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def examples(*keys: str) -> list[Any]:
    """The YAML of the page that has one of these keys at its top."""
    every = [yaml.safe_load(text) for text in blocks("yaml")]
    return [each for each in every if set(keys) & set(each)]


# --- pre-commit


@pytest.fixture
def clientlib() -> Any:
    """What pre-commit itself checks its files with."""
    return pytest.importorskip(
        "pre_commit.clientlib", reason="needs pre-commit: pip install 'imbweights[test]'"
    )


def test_pre_commit_takes_the_hook(clientlib: Any) -> None:
    """One hook, without file names, that calls a command which installing brings."""
    [hook] = clientlib.load_manifest(str(TOP / ".pre-commit-hooks.yaml"))
    assert (hook["id"], hook["language"]) == ("imbweights-check", "python")
    assert hook["pass_filenames"] is False
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert shlex.split(hook["entry"])[0] in project["scripts"]
    written = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert set(written[0]) <= set(hook), "a key that pre-commit does not know"


def test_pre_commit_takes_the_example(tmp_path: Path, clientlib: Any) -> None:
    """The configuration of the page, whose hook there is, for the files that it means."""
    [example] = examples("repos")
    place = write(tmp_path / ".pre-commit-config.yaml", yaml.safe_dump(example))
    [repo] = clientlib.load_config(str(place))["repos"]
    [hook] = repo["hooks"]
    assert hook["id"] == "imbweights-check"
    for name in ("data/a/train.csv", "labels.csv", "imbweights.toml"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "src/labels.csv.py")


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A git repository with these files committed."""
    folder.mkdir()
    for name, text in files.items():
        write(folder / name, text)
    for words in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "all"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    return folder


@posix
@pytest.mark.parametrize(("table", "status"), [(GOOD, 0), (BAD, 1)], ids=["good", "bad"])
def test_try_repo(table: str, status: int, tmp_path: Path, clientlib: Any) -> None:
    """pre-commit calls the hook's entry in a throwaway repository.

    Only the language is another: an environment of its own could not be installed without a network.
    """
    del clientlib
    hooks = (TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert hooks.count("language: python\n") == 1
    ours = repository(
        tmp_path / "ours",
        {".pre-commit-hooks.yaml": hooks.replace("language: python\n", "language: system\n")},
    )
    theirs = repository(
        tmp_path / "theirs", {"labels.csv": table, "imbweights.toml": 'source = "labels.csv"\n'}
    )
    program(tmp_path / "bin" / "imbweights", f'exec "{sys.executable}" -m imbweights "$@"')
    found = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", ours, "imbweights-check", "--all-files"],
        cwd=theirs,
        env={
            **os.environ,
            "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == status, found.stdout + found.stderr
    assert ("Failed" if status else "Passed") in found.stdout
    assert ("IMB003" in found.stdout) == bool(status)
    assert not (theirs / "imbweights-baseline.json").exists()


# --- the action


@dataclass(frozen=True)
class Runner:
    """What GitHub's runner does with the steps of the action: variables, files, ``bash``."""

    folder: Path
    workspace: Path
    inputs: Mapping[str, str]

    def substituted(self, text: str, outputs: Mapping[str, Mapping[str, str]]) -> str:
        """``${{ ... }}`` replaced by inputs, outputs of steps and the place of the action."""

        def value(match: re.Match[str]) -> str:
            name = match[1].strip()
            defaults: dict[str, str] = {
                key: each["default"] for key, each in ACTION["inputs"].items()
            }
            known: dict[str, str] = {
                f"inputs.{key}": v for key, v in (defaults | dict(self.inputs)).items()
            }
            known["github.action_path"] = str(TOP)
            for step, given in outputs.items():
                known |= {f"steps.{step}.outputs.{key}": v for key, v in given.items()}
            return known[name]

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    def step(
        self, name: str, outputs: Mapping[str, Mapping[str, str]]
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
        """Run a step as ``shell: bash`` does; what it printed, and its outputs."""
        step = STEPS[name]
        script = write(self.folder / f"{name}.sh", step["run"])
        told = write(self.folder / f"{name}.output", "")
        env = {key: self.substituted(text, outputs) for key, text in step["env"].items()}
        where = self.workspace / self.substituted(step.get("working-directory", "."), outputs)
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=where,
            env={
                **os.environ,
                **env,
                "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_OUTPUT": str(told),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_ACTIONS": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        pairs = (line.partition("=") for line in told.read_text().splitlines())
        return ran, {key: value for key, _, value in pairs}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner on whose path ``python -m venv`` makes an environment that needs no network.

    In it ``python -m pip`` writes down what it was asked for, and ``imbweights`` is this one.
    """
    folder = tmp_path / "runner's temp"
    program(
        folder / "bin" / "python",
        f'[ "$1 $2" = "-m venv" ] || exit 9\nmkdir -p "$3/bin" && cp "{folder}/made/"* "$3/bin/"',
    )
    program(
        folder / "made" / "python",
        f'if [ "$1 $2" = "-m pip" ]; then echo "$@" > "{folder}/pip"; exit; fi\n'
        f'exec "{sys.executable}" "$@"',
    )
    program(folder / "made" / "imbweights", f'exec "{sys.executable}" -m imbweights "$@"')
    workspace = tmp_path / "work"
    (workspace / "in").mkdir(parents=True)
    write(workspace / "labels.csv", BAD)
    write(workspace / "in" / "two words.csv", BAD)
    return Runner(folder, workspace, {})


def checked(
    runner: Runner, **inputs: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Both steps with these inputs."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    ours = Runner(runner.folder, runner.workspace, given)
    installed, told = ours.step("install", {})
    assert installed.returncode == 0, installed.stderr
    return ours.step("check", {"install": told})


def test_action_is_laid_out_as_github_wants() -> None:
    """Every step says what runs it, every output and input that is named exists."""
    assert ACTION["runs"]["using"] == "composite"
    text = (TOP / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert set(re.findall(r"steps\.(\w+)\.", text)) == set(STEPS)
    for each in ACTION["inputs"].values():
        assert set(each) == {"description", "default"}
        assert isinstance(each["default"], str)
    for step in ACTION["runs"]["steps"]:
        assert ("uses" in step) != ({"run", "shell"} <= set(step))


def test_no_input_is_text_of_a_script() -> None:
    """What is between ``${{`` and ``}}`` would be run by the shell, whatever it is."""
    assert STEPS
    for step in STEPS.values():
        assert "${{" not in step["run"]


@posix
@pytest.mark.parametrize(
    ("version", "wanted"),
    [("", str(TOP)), ("1.2.3", "imbweights==1.2.3"), ("1 && id", "imbweights==1 && id")],
)
def test_action_installs(version: str, wanted: str, runner: Runner) -> None:
    """What the action came with, or the version that was asked for, as one word."""
    ran, told = Runner(runner.folder, runner.workspace, {"version": version}).step("install", {})
    assert ran.returncode == 0, ran.stderr
    asked = (runner.folder / "pip").read_text().strip()
    assert asked == f"-m pip install --quiet --disable-pip-version-check {wanted}"
    assert told == {"bin": str(runner.folder / "imbweights-environment" / "bin")}


@posix
def test_action_fails_with_findings(runner: Runner) -> None:
    """It says what was found and which status that is, and writes the files."""
    ran, told = checked(
        runner, args="labels.csv --min-count 10", sarif_file="a b.sarif", junit_file="j.xml"
    )
    assert (ran.returncode, told) == (1, {"status": "1"}), ran.stderr
    assert "IMB003" in ran.stdout
    assert (runner.workspace / "a b.sarif").stat().st_size
    assert (runner.workspace / "j.xml").stat().st_size


@posix
def test_action_in_a_folder_names_files_from_the_top(runner: Runner) -> None:
    """GitHub shows annotations at files of the repository, not of ``working-directory``."""
    ran, _ = checked(runner, working_directory="in", args="'two words.csv'", sarif_file="f.sarif")
    assert "::error file=in/two words.csv," in ran.stdout, ran.stderr
    assert '"uri": "in/two%20words.csv"' in (runner.workspace / "in" / "f.sarif").read_text()


@posix
@pytest.mark.parametrize(
    ("args", "status"),
    [
        ("labels.csv --min-count 2", 0),
        ("labels.csv --min-count 0.5", 2),
        ("'labels.csv", 2),
        ("'in/two words.csv'", 1),
    ],
)
def test_action_has_the_status_of_the_command(args: str, status: int, runner: Runner) -> None:
    """Words are split as a shell would, and nothing else is done to them."""
    ran, told = checked(runner, args=args)
    assert (ran.returncode, told["status"]) == (status, str(status)), ran.stderr


@posix
@pytest.mark.parametrize("text", ["$(touch pwned) `touch pwned`", "; touch pwned\ntouch pwned"])
def test_inputs_cannot_run(text: str, runner: Runner) -> None:
    """They are words of one command and no more."""
    ran, told = checked(runner, args=f"labels.csv {text}", sarif_file=f"{text}.sarif")
    assert (ran.returncode, told["status"]) == (2, "2")
    assert not list(runner.workspace.rglob("pwned"))


@posix
def test_action_without_inputs_obeys_the_configuration(runner: Runner) -> None:
    """In the folder that was named."""
    write(runner.workspace / "in" / "imbweights.toml", 'source = "two words.csv"\n')
    ran, _ = checked(runner, working_directory="in")
    assert ran.returncode == 1
    assert "IMB003" in ran.stdout
    write(
        runner.workspace / "in" / "imbweights.toml",
        'source = "../labels.csv"\n[check]\nmin-count = 1\n',
    )
    assert checked(runner, working_directory="in")[0].returncode == 0


# --- the page


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder that the page speaks of."""
    write(tmp_path / "labels.csv", GOOD)
    return tmp_path


def test_shell_lines_run(project: Path) -> None:
    """In their order."""
    commands = [line for text in blocks("sh") for line in text.splitlines()]
    assert commands
    for command in commands:
        found = run(*shlex.split(command)[1:])
        assert found.code == 0, (command, found.err)
    assert (project / "imbweights-baseline.json").exists()
    assert (project / "findings.sarif").exists()


def test_python_runs(project: Path) -> None:
    """And prints what it says."""
    del project
    assert run_page(TOP / "docs" / "ci.md", frameworks=False) == ""


def test_workflows_use_the_action_as_it_is(project: Path) -> None:
    """Its inputs by their names; its command passes; what is uploaded is what is written."""
    assert (project / "labels.csv").exists()
    workflows = examples("jobs")
    assert len(workflows) == 2
    for workflow in workflows:
        [job] = workflow["jobs"].values()
        [step] = [s for s in job["steps"] if "/imbweights@" in s.get("uses", "")]
        given = step["with"]
        assert set(given) <= set(ACTION["inputs"])
        assert run("check", *shlex.split(given["args"])).code == 0
        for upload in (s for s in job["steps"] if "upload-sarif" in s.get("uses", "")):
            assert upload["with"]["sarif_file"] == given["sarif-file"]
            assert upload["if"] == "always()"


def test_every_input_is_documented() -> None:
    """With its default."""
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    for name in ACTION["inputs"]:
        assert f"`{name}`" in table
    assert f"`{ACTION['inputs']['python-version']['default']}` |" in table


def test_gitlab_job_writes_its_report(project: Path) -> None:
    """Where the artifact is looked for."""
    [job] = [each["check-data"] for each in examples("check-data")]
    [command] = [line for line in job["script"] if line.startswith("imbweights ")]
    assert run(*shlex.split(command)[1:]).code == 0
    assert (project / job["artifacts"]["reports"]["junit"]).exists()


def test_dvc_stage_makes_what_it_says(project: Path) -> None:
    """The output of the check is what the training waits for."""
    [stages] = [each["stages"] for each in examples("stages")]
    assert run(*shlex.split(stages["check"]["cmd"])[1:]).code == 0
    [out] = stages["check"]["outs"]
    [name] = out
    assert (project / name).exists()
    assert name in stages["train"]["deps"]
