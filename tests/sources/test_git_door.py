"""The one door to git: nothing in a repository or its settings makes it lie."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gaoshi.sources.branch import append
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository

A = "2026-11/a"


def test_replacement_objects_are_not_believed(estate: Any) -> None:
    """`git replace` cannot put other words in place of those that were approved."""
    estate.notice(A, body="真话。\n")
    estate.commit()
    good = estate.git("rev-parse", f"HEAD:notices/{A}/notice.md")
    estate.notice(A, body="假话。\n")
    bad = estate.git("hash-object", "-w", f"notices/{A}/notice.md")
    estate.git("replace", good, bad)
    text = estate.edition().entries[A].notice.texts["zh"].body
    assert (text.strip(), estate.git("cat-file", "-p", good).endswith("假话。")) == ("真话。", True)


def test_the_environment_cannot_point_git_elsewhere(
    estate: Any, make_estate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIT_DIR and its kin in the caller's environment change nothing."""
    estate.notice(A)
    estate.commit()
    other = make_estate("other")
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git/objects"))
    assert list(estate.edition().entries) == [A]
    assert list(estate.edition(rev=None).entries) == [A]


_REFUSED = "! [remote rejected] HEAD -> main (pre-receive hook declined)"


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        ("exit 1", _REFUSED),
        ("echo >&2; echo 'Nobody pushes to main.' >&2; exit 1", "remote: Nobody pushes to main."),
        ("echo 'warning: slow' >&2; exit 1", "remote: warning: slow"),
    ],
)
def test_a_push_that_is_refused_says_why(estate: Any, tmp_path: Path, hook: str, reason: str) -> None:
    """The line with the reason is told: not to where was pushed, before it, nor that a push failed, after it."""
    estate.commit()
    bare = tmp_path / "bare.git"
    estate.git("init", "--quiet", "--bare", str(bare))
    program = bare / "hooks" / "pre-receive"
    program.write_text(f"#!/bin/sh\n{hook}\n")
    program.chmod(0o755)
    with pytest.raises(GitError) as refused:
        Repository(estate.root).run("push", "--quiet", str(bare), "HEAD:refs/heads/main")
    assert refused.value.detail == reason


def test_what_git_cannot_reach_is_told_in_its_first_words(estate: Any, tmp_path: Path) -> None:
    """What comes after is advice: to check access rights."""
    estate.commit()
    with pytest.raises(GitError) as failed:
        Repository(estate.root).run("push", "--quiet", str(tmp_path / "nowhere"), "HEAD")
    assert failed.value.detail == f"fatal: '{tmp_path}/nowhere' does not appear to be a git repository"


@pytest.mark.parametrize(
    "name",
    [
        "带 空格 和 ‘引号’.png",
        'quote".png',
        "back\\slash.png",
        "new\nline.png",
        "tab\t.png",
        "\udcff.png",
        "-dash.png",
        ":(top)x.png",
    ],
)
def test_paths_with_odd_names_are_read_as_they_are(estate: Any, name: str) -> None:
    """Spaces, quotes, line breaks and bytes that are no UTF-8 in a file's name break nothing."""
    estate.notice(A)
    (estate.root / "notices" / A / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    estate.commit()
    for rev in ("HEAD", None):
        assert name in estate.edition(rev=rev).entries[A].notice.attachments
    for form in ("text", "json", "github"):
        run = estate.run("check", "--format", form, "--at", estate.at, "--lang", "en")
        assert run.status == 1
        assert "M109" in run.out


@pytest.mark.parametrize(
    "settings",
    [
        ("log.showSignature", "true"),
        ("core.quotePath", "true"),
        ("diff.renames", "copies"),
        ("log.follow", "true"),
        ("core.autocrlf", "true"),
        ("color.ui", "always"),
        ("core.abbrev", "4"),
        ("log.date", "relative"),
        ("diff.noprefix", "true"),
    ],
)
def test_the_repositorys_settings_do_not_change_what_is_read(estate: Any, settings: tuple[str, str]) -> None:
    """Settings that change git's output for people do not reach us."""
    estate.notice(A)
    estate.commit(author="yun.lichun@cloudtop.example")
    before = estate.edition()
    estate.git("config", *settings)
    after = estate.edition()
    assert [(e.id, e.findings, e.notice) for e in after.entries.values()] == [
        (e.id, e.findings, e.notice) for e in before.entries.values()
    ]


def test_without_git_the_surroundings_are_broken(estate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No git on the PATH: one sentence that says so, exit status 3, nothing written."""
    estate.notice(A)
    estate.commit()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(GitError) as caught:
        Repository(estate.root).run("version")
    assert caught.value.what == "missing"
    run = estate.build()
    assert (run.status, run.out, run.err) == (
        3,
        "",
        "Git is not installed on this machine; install git and try again.\n",
    )
    assert not estate.site.exists()


def test_a_repository_is_found_from_any_folder_in_it(estate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The board's repository is the one around the folder, also below a folder whose name is no UTF-8."""
    estate.notice(A)
    estate.commit()
    below = Path(os.fsdecode(os.fsencode(estate.root) + b"/\xff"))
    below.mkdir()
    assert Repository.containing(below).root == estate.root
    assert Repository.containing(estate.root / "notices" / A).root == estate.root


def test_a_repository_in_a_folder_with_an_odd_name_is_read(make_estate: Any) -> None:
    """A repository may lie in a folder whose name is no UTF-8."""
    estate = make_estate("\udcff 云")
    estate.notice(A)
    estate.commit()
    assert list(estate.edition().entries) == [A]
    assert list(estate.edition(rev=None).entries) == [A]
    assert estate.run("check", "--at", estate.at).status == 0


def test_a_git_that_does_not_trust_the_folder_says_so(estate: Any) -> None:
    """A repository that belongs to somebody else is refused in git's own words, not called none at all."""
    estate.notice(A)
    estate.commit()
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(estate.root, 65534, 65534)
    run = estate.run("check")
    assert run.status == 3
    assert "dubious ownership" in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--all", "HEAD~99", "", "HEAD:mkdocs.yml", "HEAD^{tree}"])
def test_an_unknown_revision_is_said_in_one_sentence(estate: Any, revision: str) -> None:
    """Publishing what is not there: exit status 3, nothing written."""
    estate.notice(A)
    estate.commit()
    for language, words in (
        ("en", f"The repository has no revision “{revision}”"),
        ("zh", f"仓库里没有“{revision}”这个版本"),
    ):
        run = estate.run("build", "--rev", revision, "-o", str(estate.site), "--lang", language)
        assert run.status == 3
        assert run.err.count("\n") == 1
        if language == "en":
            assert words in run.err
    assert not estate.site.exists()


def test_a_shallow_clone_publishes_nothing(sample: Any, tmp_path: Path) -> None:
    """Without the history that tells who wrote what, nothing is published; the working tree is shown all the same."""
    target = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{sample.root}", str(target)], check=True, capture_output=True
    )
    shallow = type(sample)(target)
    run = shallow.build()
    assert (run.status, run.err.count("\n")) == (3, 1)
    assert "--unshallow" in run.err
    assert shallow.edition(rev=None).entries.keys() == sample.edition().entries.keys()


def test_what_is_recorded_outlives_a_loss_of_power(estate: Any, tmp_path: Path) -> None:
    """Objects and reference are on the disk before git says that they are written."""
    estate.commit()
    told = tmp_path / "trace"
    told.touch()
    repository = Repository(estate.root, {"GIT_TRACE2_EVENT": str(told)})
    append(repository, {"records/log/x.json": b"{}\n"}, "Log", datetime(2026, 11, 24, tzinfo=UTC))
    sure: dict[str, int] = {}
    command = ""
    for event in map(json.loads, told.read_text().splitlines()):
        command = event["name"] if event["event"] == "cmd_name" else command
        if event["event"] == "data" and event["key"] == "fsync/hardware-flush":
            sure[command] = sure.get(command, 0) + int(event["value"])
    assert {name for name, times in sure.items() if times} >= {"hash-object", "write-tree", "commit-tree", "update-ref"}
