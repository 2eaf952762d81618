"""The steps of the review workflow and of the pre-commit hooks, run in a small repository."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.analysis.trees import run
from tests.compiler.trees import BLOCKS, Edit, edited

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "policy-review.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
VALUE = "      - {from: 2021-01-01, value: 3, cites: article/sessions}\n"
RAISED: Edit = (
    BLOCKS,
    VALUE,
    VALUE + VALUE.replace("2021-01-01, value: 3", "2035-03-01, value: 4"),
)
CASE = """cases:
  - case: one block
    claim:
      claim_id: C-1
      form: professional
      payer: {id: medicare, state: NC}
      patient: {id: P-1}
      billing_provider: {npi: "1234567893", group: pain}
      lines:
        - number: 1
          procedure: "64490"
          units: 1
          service_date: 2025-03-04
          charge: "410.00"
          place_of_service: "11"
          rendering_provider: {npi: "1245319599"}
      documentation:
        lines:
          "1": {imaging: ct}
    history:
      coverage:
        - {patient_id: P-1, complete_from: null, complete_to: 2025-03-03, providers: all}
    expect: {verdict: clean, findings: []}
"""
CLEANCLAIM = f"""#!/usr/bin/env bash
exec {shlex.quote(sys.executable)} -P -m engine.cli.main "$@"
"""
GH = """#!/usr/bin/env bash
echo "$@" >> gh.log
case "$*" in *--edit-last*) exit 1 ;; esac
"""


class Repository:
    """A repository with the engine, small policies at `base`, and a change of them on top."""

    def __init__(self, root: Path, installed: Path | None = None) -> None:
        root.mkdir(exist_ok=True)
        self.root = root
        self.installed = installed or root
        for name in () if installed else ("engine", "schemas"):
            (root / name).symlink_to(ROOT / name)
        for name, text in (("cleanclaim", CLEANCLAIM), ("gh", GH)):
            (root / name).write_text(text, encoding="utf-8")
            (root / name).chmod(0o755)
        (root / ".gitignore").write_text("engine\nschemas\ngh.log\n", encoding="utf-8")
        self.git("init", "-q", "-b", "main")
        self.write()
        self.run("./cleanclaim policy format policies")
        self.commit("base")
        self.base = self.git("rev-parse", "HEAD").strip()

    def write(self, *edits: Edit) -> None:
        cases = {"medicare/national/blocks/cases/one.yaml": CASE}
        for path, data in edited(edits, cases).items():
            file = self.root / "policies" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        who = ("-c", "user.name=Analyst", "-c", "user.email=analyst@example.org")
        self.git(*who, "commit", "-q", "--allow-empty", "-m", message)

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout

    def run(self, step: str) -> subprocess.CompletedProcess[str]:
        """A step as the runner runs it."""
        env = {
            **os.environ,
            "PATH": f"{self.root}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.installed),
            "CLEANCLAIM_CACHE": str(self.root / ".git" / "cache"),
            "BASE": getattr(self, "base", ""),
            "PULL_REQUEST": "7",
            "GITHUB_STEP_SUMMARY": str(self.root / ".git" / "summary.md"),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step]
        return subprocess.run(
            command, cwd=self.root, env=env, check=False, capture_output=True, text=True
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def as_installed(site: Path) -> Path:
    """The files of the built package as they lie in the packages of an environment."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = build["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["engine"]
    (site / "engine").mkdir(parents=True)
    for path in (ROOT / "engine").iterdir():
        (site / "engine" / path.name).symlink_to(path)
    for source, target in wheel["force-include"].items():
        (site / target).symlink_to(ROOT / source)
    return site


def steps() -> dict[str, str]:
    """The commands of the workflow by the names of their steps."""
    job: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["review"]
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def hooks() -> dict[str, str]:
    """The commands of the hooks by their ids."""
    found: list[dict[str, Any]] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert all(hook["files"] == "^policies/" and not hook["pass_filenames"] for hook in found)
    return {hook["id"]: hook["entry"] for hook in found}


def test_the_workflow(repository: Repository) -> None:
    repository.write(RAISED)
    repository.run("./cleanclaim policy format policies")
    repository.commit("four sessions from 2035")
    codes = {name: repository.run(step) for name, step in steps().items()}
    failed = [name for name, done in codes.items() if done.returncode]
    assert failed == ["the report"], {name: codes[name].stderr for name in failed}
    assert codes["the report"].returncode == 1, "the boundary tests are missing"
    summary = (repository.root / ".git" / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("# Policy review: needs work\n")
    assert "No more than 4 sessions of a region in a year." in summary
    assert "claims come" in summary
    assert "4 read as 5" in summary
    assert "<svg" in (repository.root / "review.html").read_text(encoding="utf-8")
    assert "<testsuites" in (repository.root / "tests.xml").read_text(encoding="utf-8")
    said = (repository.root / "gh.log").read_text(encoding="utf-8").splitlines()
    assert said == [
        "pr comment 7 --edit-last --body-file comment.md",
        "pr comment 7 --body-file comment.md",
    ]


def test_an_edit_in_force_stops_the_workflow(repository: Repository) -> None:
    repository.write((BLOCKS, "value: 3, cites", "value: 4, cites"))
    repository.run("./cleanclaim policy format policies")
    repository.commit("four sessions")
    done = repository.run(steps()["no mistake, and no text in force edited"])
    assert done.returncode == 2
    assert "cleanclaim policy revise" in done.stdout


def test_the_hooks(tmp_path: Path) -> None:
    """They run what is installed, in a repository that holds policies and no engine."""
    repository = Repository(tmp_path / "own", as_installed(tmp_path / "site"))
    repository.write(RAISED)
    codes = {id: repository.run(entry) for id, entry in hooks().items()}
    assert {id: done.returncode for id, done in codes.items()} == {
        "policy-format": 0,
        "policy-lint": 0,
        "policy-test": 0,
        "policy-review": 1,
    }
    assert "becomes more generous for services from 2035-03-01" in codes["policy-review"].stdout
    shipped = "from engine.cli.options import SHIPPED; print(*SHIPPED.glob('*/payer.yaml'))"
    found = repository.run(f"{shlex.quote(sys.executable)} -P -c {shlex.quote(shipped)}")
    assert str(tmp_path / "site" / "engine" / "policies" / "medicare") in found.stdout


def test_a_revision_is_one_of_the_repository_of_the_folder(repository: Repository) -> None:
    repository.write(RAISED)
    code, said = run("policy", "diff", "HEAD", str(repository.root / "policies"))
    assert code == 0
    assert "session-limit" in said
    assert "trigger-point-injections" not in said
