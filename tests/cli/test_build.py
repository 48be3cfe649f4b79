"""`gaoshi build`: the board is replaced whole or not at all, and the same board is the same bytes."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

A, B = "2026-11/a", "2026-11/b"
GAOSHI = [sys.executable, "-m", "gaoshi.cli"]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def board(estate: Any) -> Any:
    """An estate with one notice, committed."""
    estate.own_templates()
    estate.notice(A)
    estate.commit()
    return estate


# ── replacing ────────────────────────────────────────────────────────────────────────────────────


def test_a_killed_build_leaves_a_whole_board(board: Any) -> None:
    """Killed at any moment, the folder holds the old board or the new one, complete, never a mixture."""
    assert board.build().status == 0
    old = tree(board.site)
    board.notice(B)
    board.commit()
    new_site = board.root.parent / "new"
    assert board.run("build", "-o", str(new_site), "--at", board.at).status == 0
    new = tree(new_site)
    assert old != new
    command = [*GAOSHI, "build", "-o", str(board.site), "--at", board.at, "--project", str(board.root)]
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    dice = random.Random(20261124)  # noqa: S311  (moments, no secrets)
    duration, kills, tries = time.monotonic() - start, 0, 0
    while kills < 15:
        tries += 1
        assert tries < 60
        shutil.rmtree(board.site)
        for path, data in old.items():
            (board.site / path).parent.mkdir(parents=True, exist_ok=True)
            (board.site / path).write_bytes(data)
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(timeout=dice.uniform(0.2, 1.0) * duration)
            duration *= 0.95  # it was done sooner than we thought
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
        now = tree(board.site)
        assert now in (old, new), sorted(set(now) ^ set(old))[:5]
    assert board.build().status == 0
    assert tree(board.site) == new
    left = {path.name for path in board.site.parent.iterdir() if ".gaoshi-" in path.name}
    assert left == {f".{folder.name}.gaoshi-lock" for folder in (board.site, new_site)}


def test_who_reads_while_it_is_replaced_always_finds_a_board(board: Any) -> None:
    """The exchange is one step: the manifest can be read at every moment, and it is the old one or the new one."""
    board.build()
    stop, misses, revisions = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            try:
                revisions.add(json.loads((board.site / "board.json").read_bytes())["revision"])
            except (OSError, ValueError) as error:
                misses.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        board.commit()
        assert board.build().status == 0
    stop.set()
    reader.join()
    assert misses == []
    assert len(revisions) >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two folders in one step")
def test_the_old_board_is_never_moved_aside(board: Any) -> None:
    """There is no moment without a board: old and new change places, and the old one goes to no name of its own."""
    board.build()
    moved: list[str] = []

    class Watcher(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            moved.append(f"{event.event_type} {os.fsdecode(event.src_path)} {os.fsdecode(event.dest_path)}")

    observer = Observer()
    observer.schedule(Watcher(), str(board.site.parent), recursive=False)
    observer.start()
    board.notice(B)
    board.commit()
    board.build()
    (board.site.parent / "last").touch()
    deadline = time.monotonic() + 30
    while not any("last" in event for event in moved) and time.monotonic() < deadline:
        time.sleep(0.02)
    observer.stop()
    observer.join()
    assert any(f"{board.site}" in event for event in moved)
    assert not [event for event in moved if event.endswith("-old")], moved


def test_a_folder_that_is_no_board_is_left_alone(board: Any) -> None:
    """A folder with anything else in it is refused with a sentence, and not a file of it is touched."""
    board.site.mkdir()
    (board.site / "thesis.odt").write_text("years of work")
    run = board.build()
    assert (run.status, run.out) == (3, "")
    assert "holds something else than a board" in run.err
    assert tree(board.site) == {"thesis.odt": b"years of work"}


def test_a_file_is_not_replaced_by_a_board(board: Any) -> None:
    """`-o` at a file: refused, the file stays."""
    board.site.write_text("a file")
    assert board.build().status == 3
    assert board.site.read_text() == "a file"


def test_a_link_is_neither_followed_nor_replaced(board: Any) -> None:
    """`-o` at a symbolic link, even one to a board: refused, link and target stay."""
    board.build()
    before = tree(board.site)
    link = board.root.parent / "link"
    link.symlink_to(board.site)
    board.notice(B)
    board.commit()
    assert board.run("build", "-o", str(link), "--at", board.at).status == 3
    assert link.is_symlink()
    assert tree(board.site) == before


def test_an_empty_folder_is_taken_and_missing_parents_are_made(board: Any) -> None:
    """The folder may exist empty, or not at all."""
    board.site.mkdir()
    assert board.build().status == 0
    deep = board.root.parent / "new folder [1]" / "站点"
    for _ in range(2):
        assert board.run("build", "-o", str(deep), "--at", board.at).status == 0
    assert tree(deep) == tree(board.site)


def test_of_two_builds_at_once_one_waits_or_is_told(board: Any) -> None:
    """Two builds into one folder: none breaks the other, one may be told that the folder is busy."""
    command = [*GAOSHI, "build", "-o", str(board.site), "--at", board.at, "--project", str(board.root)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    results = [(process.communicate()[1], process.returncode) for process in processes]
    assert {status for _, status in results} <= {0, 3}
    assert any(status == 0 for _, status in results)
    assert all("Another build" in words for words, status in results if status == 3)
    whole = tree(board.site)
    assert board.build().status == 0
    assert tree(board.site) == whole


def test_a_lock_that_is_held_is_told(board: Any) -> None:
    """While another build holds the folder, this one says so and ends with 3."""
    lock = board.site.parent / f".{board.site.name}.gaoshi-lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        run = board.build()
    assert (run.status, run.err) == (3, f"Another build is writing to {board.site}; wait for it to end.\n")


def test_left_overs_of_killed_builds_are_cleared_away(board: Any) -> None:
    """What a killed build left beside the folder is gone after the next one; a stranger's folder is not."""
    parent = board.site.parent
    (parent / f".{board.site.name}.gaoshi-killed").mkdir()
    (parent / f".{board.site.name}x.gaoshi-mine").mkdir()
    board.build()
    assert not (parent / f".{board.site.name}.gaoshi-killed").exists()
    assert (parent / f".{board.site.name}x.gaoshi-mine").exists()


# ── what is built ────────────────────────────────────────────────────────────────────────────────


def test_only_live_notices_are_published(estate: Any) -> None:
    """Of what is withheld nothing is published, of what has ended nothing but that; screens alone hold what is to come."""
    estate.notice("2026-11/live")
    estate.notice("2026-11/upcoming", valid_from="2026-11-25 09:00", title="UPCOMINGTITLE", body="TOCOME\n")
    estate.notice(
        "2026-11/withheld",
        approver="nobody",
        title="WITHHELDTITLE",
        body="SECRETWITHHELD\n",
        files={"w.png": b"\x89PNG\r\n\x1a\n"},
    )
    estate.notice("2026-11/ended", valid_until="2026-11-23 09:00", body="SECRETENDED\n")
    estate.notice(
        "2026-11/withdrawn",
        outcome={"is": "withdrawn", "at": "2026-11-23 09:00", "note": "x"},
        body="SECRETWITHDRAWN\n",
    )
    estate.notice("2026-11/old", body="SECRETOLD\n")
    estate.notice("2026-11/new", supersedes="2026-11/old", valid_from="2026-11-23 09:00")
    estate.commit()
    run = estate.build()
    assert run.status == 1
    assert "Withheld 2026-11/withheld:" in run.err
    assert sorted(notice["id"] for notice in estate.manifest["notices"]) == ["2026-11/live", "2026-11/new"]
    for path, data in tree(estate.site).items():
        assert b"SECRET" not in data, path
        assert (b"UPCOMINGTITLE" in data, b"TOCOME" in data) == (path == "kiosk.json",) * 2, path
        assert b"WITHHELDTITLE" not in data, path
    notices = {path.split("/")[2]: data for path, data in tree(estate.site).items() if path.startswith("notices/")}
    assert sorted(notices) == ["ended", "live", "new", "old", "withdrawn"]
    assert [name for name in sorted(notices) if b"data-content" not in notices[name]] == ["ended", "old", "withdrawn"]


def test_the_revision_is_published_not_the_working_tree(board: Any) -> None:
    """What is not committed is not published, whatever lies in the working tree or the index."""
    board.build()
    before = tree(board.site)
    board.notice(B)
    board.git("add", "--all")
    board.notice(A, title="改过")
    board.edit("mkdocs.yml", "云上苑公告栏", "别的公告栏")
    board.build()
    assert tree(board.site) == before


def test_an_older_revision_can_be_published(board: Any) -> None:
    """`--rev` takes any commit, and the manifest names it in full."""
    first = board.git("rev-parse", "HEAD")
    board.notice(B)
    board.commit()
    assert board.build("--rev", "HEAD~1").status == 0
    assert board.manifest["revision"] == first
    assert [notice["id"] for notice in board.manifest["notices"]] == [A]
    board.git("tag", "-a", "-m", "x", "v1", first)
    board.build("--rev", "v1")
    assert board.manifest["revision"] == first


def test_a_preview_shows_every_state_and_is_never_wrong(board: Any) -> None:
    """`--preview` builds the working tree with pages for all notices, and ends with 0 even when some are withheld."""
    board.notice(B, approver="nobody")
    run = board.build("--preview")
    assert run.status == 0
    assert (board.site / "notices" / B / "index.html").is_file()


# ── the same bytes ───────────────────────────────────────────────────────────────────────────────


def test_the_same_board_is_the_same_bytes_everywhere(sample: Any, tmp_path: Path) -> None:
    """Twice, from a clone elsewhere, in another zone, locale, mask and hash seed: the same files, byte for byte."""
    assert sample.build().status == 1
    first = tree(sample.site)
    assert sample.build().status == 1
    assert tree(sample.site) == first
    clone = tmp_path / "somewhere else" / "克隆"
    subprocess.run(["git", "clone", "-q", str(sample.root), str(clone)], check=True, capture_output=True)
    strange = {
        "TZ": "America/St_Johns",
        "LC_ALL": "C.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711",
        "SOURCE_DATE_EPOCH": "1",
    }
    target = tmp_path / "elsewhere"
    code = "import os, sys; os.umask(0o077); from gaoshi.cli import main; main()"
    result = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::UserWarning",
            "-c",
            code,
            "build",
            "-o",
            str(target),
            "--at",
            "2026-11-24T02:00Z",
        ],
        cwd=clone / "notices",
        env=os.environ | strange,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert tree(target) == first


def test_mkdocs_build_makes_the_same_site(sample: Any, tmp_path: Path) -> None:
    """`mkdocs build` makes what `gaoshi build --rev HEAD` makes at the same instant, byte for byte."""
    sample.build()
    sample.write("notices/2026-11/uncommitted/notice.md", "x")
    epoch = str(int(sample.instant(sample.at).timestamp()))
    target = tmp_path / "mkdocs"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(target)],
        cwd=sample.root,
        env=os.environ | {"SOURCE_DATE_EPOCH": epoch},
        check=True,
        capture_output=True,
    )
    assert tree(target) == tree(sample.site)
