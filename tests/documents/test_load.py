"""Folders, kinds of files, and the digest of a tree."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from engine.documents.digest import tree_digest
from engine.documents.load import kind_of, load_tree
from engine.documents.source import Source, from_folder, from_git

GOOD = Path(__file__).parent / "good"

TREE = {
    "medicare/payer.yaml": (GOOD / "plain.payer.yaml").read_bytes(),
    "medicare/national/trigger-points/policy.yaml": (GOOD / "plain.policy.yaml").read_bytes(),
    "medicare/national/trigger-points/cases/visits.yaml": (GOOD / "plain.cases.yaml").read_bytes(),
    "coding/codes.yaml": (GOOD / "plain.codes.yaml").read_bytes(),
    "coding/sources.yml": (GOOD / "plain.sources.yaml").read_bytes(),
    "coding/ncci_pairs.table.yaml": (GOOD / "plain.table.yaml").read_bytes(),
    "coding/ncci_pairs.csv": (GOOD / "ncci_pairs.csv").read_bytes(),
    "vocabulary/facet-joints.yaml": (GOOD / "plain.vocabulary.yaml").read_bytes(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, data in TREE.items():
        file = tmp_path / "policies" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "policies"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("medicare/payer.yaml", "payer"),
        ("a/b/c/policy.yml", "policy"),
        ("coding/codes.json", "codes"),
        ("sources.yaml", "sources"),
        ("coding/ncci_pairs.table.yaml", "table"),
        ("vocabulary/facet.yaml", "vocabulary"),
        ("medicare/national/x/cases/policy.yaml", "cases"),
        ("coding/untested.yaml", "untested"),
        ("coding/notes.yaml", None),
        ("policy.yaml.bak.yaml", None),
    ],
)
def test_the_kind_follows_from_the_path(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_a_tree_of_bytes() -> None:
    documents, problems = load_tree(TREE)
    assert problems == []
    assert {d.kind for d in documents} == {
        "payer",
        "policy",
        "cases",
        "codes",
        "sources",
        "table",
        "vocabulary",
    }
    policy = documents.of("policy")[0]
    assert policy.folder == "medicare/national/trigger-points"
    assert policy.file == "policies/medicare/national/trigger-points/policy.yaml"
    assert policy.marks.file == policy.file
    assert documents.find("coding", "codes.yaml") in documents.at("coding", "codes")
    assert [d.file for d in documents] == sorted(d.file for d in documents)


def test_a_folder_is_the_same_as_its_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert load_tree(folder) == load_tree(TREE)
    assert tree_digest(folder) == tree_digest(Source(TREE))


def test_documents_can_be_pickled() -> None:
    documents, _ = load_tree(TREE)
    assert pickle.loads(pickle.dumps(documents)) == documents


def test_the_order_of_files_does_not_matter() -> None:
    assert load_tree(dict(reversed(TREE.items()))) == load_tree(TREE)


@pytest.mark.parametrize(
    ("path", "text", "mend"),
    [
        ("coding/rules.yaml", b"policy: coding\n", "call it `policy.yaml`"),
        ("coding/pairs.yaml", b"table: pairs\n", "call it `pairs.table.yaml`"),
        ("coding/set.yaml", b"sets: {}\n", "call it `codes.yaml`"),
        ("coding/x.yaml", b"[]\n", "see docs/language/reference.md"),
    ],
)
def test_a_file_of_no_kind(path: str, text: bytes, mend: str) -> None:
    documents, problems = load_tree({path: text})
    assert len(documents) == 0
    assert [(p.id, p.help) for p in problems] == [("unknown-kind", mend)]


def test_a_table_file_that_no_header_names() -> None:
    _, problems = load_tree({"coding/lost.csv": b"a,b\n"})
    assert [(p.id, p.severity) for p in problems] == [("unused-file", "warning")]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    documents, problems = load_tree(tmp_path / "nowhere")
    assert (len(documents), [p.id for p in problems]) == (0, ["no-such-folder"])


def test_hidden_files_are_passed_over(folder: Path) -> None:
    (folder / ".cache").mkdir()
    (folder / ".cache" / "policy.yaml").write_text("nonsense")
    (folder / ".policy.yaml").write_text("nonsense")
    (folder / "README.md").write_text("nonsense")
    assert set(from_folder(folder).files) == set(TREE)


def test_the_digest_sees_every_byte_and_name() -> None:
    digests = {tree_digest(Source(TREE))}
    for path, data in TREE.items():
        digests.add(tree_digest(Source({**TREE, path: data + b"\n"})))
        digests.add(tree_digest(Source({k: v for k, v in TREE.items() if k != path})))
        renamed = {(f"x{k}" if k == path else k): v for k, v in TREE.items()}
        digests.add(tree_digest(Source(renamed)))
    assert len(digests) == 1 + 3 * len(TREE)


def test_the_digest_needs_neither_yaml_nor_jsonschema() -> None:
    code = (
        "import sys, engine.documents.digest; "
        "sys.exit(bool({'yaml', 'jsonschema'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def repo(folder: Path) -> Path:
    top = folder.parent
    for words in (
        ["init", "-q", "-b", "main"],
        ["config", "user.email", "desk@example.org"],
        ["config", "user.name", "Policy Desk"],
        ["config", "core.autocrlf", "true"],
        ["add", "."],
        ["commit", "-q", "-m", "first"],
        ["tag", "first"],
    ):
        subprocess.run(["git", "-C", str(top), *words], check=True, capture_output=True)
    return top


def test_a_git_revision_is_what_the_folder_was(repo: Path) -> None:
    before = tree_digest(repo / "policies")
    (repo / "policies" / "coding" / "codes.yaml").write_text("sets: {}\n")
    source, problems = from_git("first", repo)
    assert problems == []
    assert tree_digest(source) == before
    documents, problems = load_tree(source)
    assert problems == []
    assert documents.of("codes")[0].file == "first:policies/coding/codes.yaml"


def test_a_git_revision_below_the_top(repo: Path) -> None:
    source, _ = from_git("first", repo / "policies", "coding")
    assert "codes.yaml" in source.files


@pytest.mark.parametrize("rev", ["nowhere", "--help", "-x", "", "first^9", "a b"])
def test_an_unknown_revision(repo: Path, rev: str) -> None:
    source, problems = from_git(rev, repo)
    assert (dict(source.files), [p.id for p in problems]) == ({}, ["unknown-revision"])


def test_a_revision_without_the_folder(repo: Path) -> None:
    _, problems = from_git("first", repo, "plans")
    assert [p.id for p in problems] == ["no-such-folder"]


def test_not_a_repository(tmp_path: Path) -> None:
    _, problems = from_git("main", tmp_path)
    assert [p.id for p in problems] == ["unknown-revision"]
