"""The working tree is read as git would commit it, and nothing of the repository is touched by reading."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from gaoshi.sources.git.repository import Repository
from gaoshi.sources.snapshot import PARTS, open_snapshot

A, B = "2026-11/a", "2026-11/b"


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below a folder, by content (the cache apart)."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "gaoshi" not in path.relative_to(folder).parts
    }


def scenario(estate: Any, name: str) -> None:  # noqa: C901  (a list of cases)
    """Change the working tree in one of the ways in which people do."""
    notice = estate.root / "notices" / A / "notice.md"
    match name:
        case "new":
            estate.notice(B)
        case "changed":
            estate.notice(A, title="改过")
        case "deleted":
            notice.unlink()
        case "all-deleted":
            estate.git("rm", "-q", "-r", "--cached", "notices")
            notice.unlink()
            notice.parent.rmdir()
            notice.parent.parent.rmdir()
            notice.parent.parent.parent.rmdir()
        case "staged":
            estate.notice(B)
            estate.git("add", "--all")
            estate.notice(B, title="又改了")
        case "renamed":
            estate.git("mv", f"notices/{A}", f"notices/{B}")
        case "ignored":
            estate.write(".gitignore", "*.tmp\n")
            estate.write(f"notices/{A}/x.tmp", "x")
        case "mode":
            notice.chmod(0o755)
        case "crlf":
            estate.write(f"notices/{A}/notice.md", notice.read_bytes().replace(b"\n", b"\r\n"))
        case "symlink":
            (estate.root / "notices" / A / "link.png").symlink_to("/etc/hostname")
        case "settings":
            estate.edit("mkdocs.yml", "board: cloudtop", "board: other")
        case "intent":
            estate.notice(B)
            estate.git("add", "--intent-to-add", f"notices/{B}/notice.md")


SCENARIOS = [
    "nothing",
    "new",
    "changed",
    "deleted",
    "all-deleted",
    "staged",
    "renamed",
    "ignored",
    "mode",
    "crlf",
    "symlink",
    "settings",
    "intent",
]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_working_tree_is_what_git_add_would_commit(estate: Any, name: str) -> None:
    """The tree that is read is, id for id, the one that `git add --all` and `git commit` would make."""
    estate.notice(A)
    estate.commit()
    scenario(estate, name)
    parts = [part for part in PARTS if part != "site_templates"]
    with open_snapshot(estate.root, None) as snapshot:
        seen = {entry.path: (entry.mode, entry.id) for entry in snapshot.entries(*parts)}
    estate.git("add", "--all")
    tree = estate.git("write-tree")
    assert seen == {e.path: (e.mode, e.id) for e in Repository(estate.root).list_tree(tree, *parts)}


@pytest.mark.parametrize("name", SCENARIOS)
def test_reading_the_working_tree_leaves_the_repository_alone(estate: Any, name: str) -> None:
    """Index, objects, refs and files are the same after a check as before, byte for byte."""
    estate.notice(A)
    estate.commit()
    scenario(estate, name)
    before = fingerprint(estate.root)
    estate.run("check", "--at", estate.at)
    estate.run("status", "--at", estate.at)
    assert fingerprint(estate.root) == before


def test_a_repository_without_commits_is_read(estate: Any) -> None:
    """Before the first commit `check` works, and `build` says that nothing is committed yet."""
    estate.notice(A)
    run = estate.run("check", "--at", estate.at)
    assert run.status == 0
    status = estate.run("status", "--at", estate.at, "--format", "json")
    assert [(n["id"], n["state"], n["proposed"]) for n in status.data["notices"]] == [(A, "live", True)]
    assert status.data["revision"] is None
    build = estate.build()
    assert (build.status, estate.site.exists()) == (3, False)
    assert build.err == "The repository has no revision “HEAD”; if nothing was committed yet, commit first.\n"


def test_an_open_conflict_elsewhere_does_not_stop_the_preview(estate: Any) -> None:
    """In the middle of a merge that conflicts in some other file, notices can still be checked."""
    estate.notice(A)
    estate.write("README.md", "one\n")
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.write("README.md", "two\n")
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.write("README.md", "three\n")
    estate.commit()
    estate.git("merge", "side", check=False)
    assert "UU README.md" in estate.git("status", "--short")
    assert estate.run("check", "--at", estate.at).status == 0


def test_a_conflict_in_a_notice_is_a_finding_in_that_notice(estate: Any) -> None:
    """Conflict marks in a notice are reported there; the other notices are judged as ever."""
    estate.notice(A)
    estate.notice(B)
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.notice(A, title="甲")
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.notice(A, title="乙")
    estate.commit()
    estate.git("merge", "side", check=False)
    edition = estate.edition(rev=None)
    assert [entry.id for entry in edition.live] == [B]
    assert {reason.code for reason in edition.entries[A].reasons} >= {"R201"}


def test_what_is_proposed_is_told_apart(estate: Any) -> None:
    """In a preview a notice that differs from the branch is marked, others are not."""
    estate.notice(A)
    estate.notice(B)
    estate.commit()
    estate.notice(B, title="改过")
    proposed = {entry.id: entry.proposed for entry in estate.edition(rev=None, preview=True).entries.values()}
    assert proposed == {A: False, B: True}


def test_a_linked_work_tree_is_read(estate: Any, tmp_path: Path) -> None:
    """`git worktree add` makes a folder in which everything works."""
    estate.notice(A)
    estate.commit()
    estate.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "linked")
    linked = type(estate)(tmp_path / "linked")
    linked.notice(B)
    assert list(linked.edition(rev=None).entries) == [A, B]
    assert list(estate.edition(rev=None).entries) == [A]


def test_scratch_folders_are_cleared_away(estate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the working tree leaves nothing behind in the temporary folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    estate.notice(A)
    estate.commit()
    estate.run("check", "--at", estate.at)
    estate.build()
    assert list(scratch.iterdir()) == []


def test_what_is_saved_in_the_second_of_a_commit_is_seen(estate: Any) -> None:
    """Git tells by whole seconds and sizes whether a file changed; what could be either is looked into."""
    estate.notice(A, title="第一个标题")
    estate.commit()
    estate.notice(A, title="第二个标题")
    time.sleep(1.1)
    with open_snapshot(estate.root, None) as snapshot:
        assert "第二个标题".encode() in (snapshot.read(f"notices/{A}/notice.md") or b"")
