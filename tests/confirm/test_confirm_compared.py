"""`gaoshi confirm` knows which edition a board is compared with: of which revision, records and clone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from confirmed import AT, A, age
from public_server import PublicServer, files_of
from questions import SOON, ask, differences

import approvals


def test_an_old_board_is_not_yet_the_new_one(project: Any, public: PublicServer, tmp_path: Path) -> None:
    """After a commit the public board is that of another revision; with the old revision named, it is proved."""
    copy = type(project)(Path(shutil.copytree(project.root, tmp_path / "copy")))
    old = copy.git("rev-parse", "HEAD")
    copy.edit(f"notices/{A}/notice.md", "来访人员", "所有人员")
    copy.commit(when="2026-11-24 09:00")
    assert differences(copy, public) == {("revision", "board.json", "")}
    assert ask(copy, public, "--rev", old).status == 0


def test_records_that_came_since_do_not_make_a_board_wrong(project: Any, public: PublicServer, tmp_path: Path) -> None:
    """The edition is that of the records which the board was made from; what is pushed meanwhile is for the next."""
    copy = type(project)(Path(shutil.copytree(project.root, tmp_path / "copy")))
    copy.record({"records/readme.txt": b"first"})
    site = tmp_path / "copy-site"
    assert copy.run("build", "-o", str(site), "--at", AT).status == 1
    server = PublicServer(files_of(site))
    try:
        assert ask(copy, server).status == 0
        copy.record(rejection_of(copy, A))
        assert ask(copy, server).status == 0
        assert copy.run("due", "--site", server.address, "--at", SOON, "--exit-code").status == 1
    finally:
        server.close()


def rejection_of(estate: Any, notice_id: str) -> dict[str, bytes]:
    """Somebody's rejection of a notice as it is, signed before AT and not pushed until now."""
    content = estate.contents("HEAD")[notice_id]
    word = approvals.Word("publish", approvals.HEAD, "2026-11-24T09:59:00+08:00", "reject", "写错了")
    return dict(word.files(notice_id, content))


def test_a_named_revision_needs_a_project(public: PublicServer, tmp_path: Path, project: Any) -> None:
    """Who names a revision is told when there is none, or no project."""
    assert ask(type(project)(tmp_path), public, "--rev", "HEAD").status == 3
    assert ask(project, public, "--rev", "nothing").status == 3


@pytest.mark.parametrize("what", ["empty", "another"])
def test_another_repository_is_no_project(public: PublicServer, make_estate: Any, what: str) -> None:
    """In a repository that is no board's, with commits or without, the board is compared with itself."""
    other = make_estate("other")
    for path in (".github/approvers.yml", "mkdocs.yml"):
        (other.root / path).unlink()
    if what == "another":
        other.write("readme.txt", "nothing")
        other.commit()
    run = ask(other, public, "--format", "json", at="2026-11-24T02:05Z")
    assert (run.status, run.data["compared_with"]) == (0, "itself")


def test_a_board_without_notices_has_its_languages_all_the_same(make_estate: Any, tmp_path: Path) -> None:
    """An empty board is proved in every language, from its project and from elsewhere."""
    estate = make_estate("quiet")
    estate.commit()
    estate.build()
    public = PublicServer(files_of(estate.site))
    try:
        assert ask(estate, public).status == 0
        public.asked.clear()
        assert ask(estate, public, "--fresh-within", "30m", at="2026-11-24T02:05Z").status == 0
        assert "en/" in public.paths
        age(public, "en/")
        assert differences(estate, public, "--fresh-within", "30m", at="2026-11-24T02:05Z") == {("stale", "en/", "")}
    finally:
        public.close()


def test_a_clone_that_is_only_fetched_into_compares_with_what_it_follows(project: Any, tmp_path: Path) -> None:
    """As a publisher's: HEAD stays where it was cloned; the public board is the one that was fetched since."""
    origin = type(project)(Path(shutil.copytree(project.root, tmp_path / "origin")))
    clone = type(project)(tmp_path / "clone")
    origin.git("clone", "--quiet", str(origin.root), str(clone.root))
    origin.write("readme.txt", "x")
    origin.commit()
    assert origin.build(at=AT).status == 1
    server = PublicServer(files_of(origin.site))
    try:
        assert differences(clone, server) == {("revision", "board.json", "")}
        clone.git("fetch", "--quiet")
        assert differences(clone, server) == set()
        assert differences(clone, server, "--rev", "HEAD") == {("revision", "board.json", "")}
    finally:
        server.close()
