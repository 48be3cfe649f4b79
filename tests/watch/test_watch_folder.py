"""The folder that is published to: where a board can stand, and what is on the disk before it takes its place."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gaoshi.core.published import MANIFEST
from gaoshi.engine import replace
from gaoshi.engine.place import NoPlace, must_be_a_place
from gaoshi.engine.replace import replacing

GAOSHI = [sys.executable, "-m", "gaoshi.cli"]
SANDBOX = ["unshare", "--mount", "--map-root-user"]
can_mount = pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*SANDBOX, "true"], check=False, capture_output=True).returncode,
    reason="nobody but root can mount here",
)

# ── where a board can stand ──────────────────────────────────────────────────────────────────────


def a_link(home: Path) -> Path:
    (home / "there").mkdir()
    (home / "link").symlink_to(home / "there")
    return home / "link"


def a_link_to_nothing(home: Path) -> Path:
    (home / "link").symlink_to(home / "nothing")
    return home / "link"


def a_file(home: Path) -> Path:
    (home / "file").touch()
    return home / "file"


def in_a_file(home: Path) -> Path:
    return a_file(home) / "deep" / "public"


def a_mount_point(_home: Path) -> Path:
    return Path("/")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_link, "is a link"),
        (a_link_to_nothing, "is a link"),
        (a_file, "is a file, and a board is a folder"),
        (in_a_file, "is a file, and a board is a folder"),
        (a_mount_point, "is a mount point of its own"),
    ],
)
@pytest.mark.parametrize("verb", ["watch", "build"])
def test_where_no_board_can_stand_that_is_said_at_the_start(
    estate: Any, tmp_path: Path, make: Callable[[Path], Path], sentence: str, verb: str
) -> None:
    """With its cause and what to do; exit status 3, and nothing is made."""
    estate.notice("2026-11/a")
    estate.commit()
    estate.git("remote", "add", "origin", str(estate.root))
    home = tmp_path / "home"
    home.mkdir()
    target = make(home)
    before = sorted(path.name for path in home.rglob("*"))
    run = estate.run(verb, "-o", str(target), "--lang", "en")
    assert (run.status, run.out) == (3, "")
    assert sentence in run.err
    assert len(run.err.splitlines()) == 1
    assert sorted(path.name for path in home.rglob("*")) == before


@can_mount
@pytest.mark.parametrize("name", ["public", "the board 板"])
def test_a_folder_mounted_from_the_same_disk_is_refused_and_one_inside_it_is_not(
    estate: Any, tmp_path: Path, name: str
) -> None:
    """A bind mount, such as a container's volume: nothing but the system's list of mounts tells; inside it all is well."""
    estate.notice("2026-11/a")
    estate.commit()
    target, source = tmp_path / name, tmp_path / "source"
    target.mkdir()
    source.mkdir()
    build = [*GAOSHI, "build", "--project", str(estate.root), "--at", estate.at, "--lang", "en", "-o"]
    script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'

    def built(where: Path) -> subprocess.CompletedProcess[str]:
        command = [*SANDBOX, "sh", "-c", script, "sh", str(source), str(target), *build, str(where)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    run = built(target)
    assert run.returncode == 3
    assert f"{target} is a mount point of its own" in run.stderr
    run = built(target / "board")
    assert run.returncode == 0, run.stderr
    assert (source / "board" / MANIFEST).exists()


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A folder of somebody who is not root: root may write everywhere."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as home:
        if root:
            os.chown(home, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(home)
        finally:
            if root:
                os.seteuid(0)


def test_a_folder_above_that_may_not_be_written_to_is_told(own_home: Path) -> None:
    """The nearest folder that is there counts, whether or not the ones below it have to be made."""
    must_be_a_place(own_home / "public")
    must_be_a_place(own_home / "deep" / "public")
    own_home.chmod(0o555)
    for target in (own_home / "public", own_home / "deep" / "public"):
        with pytest.raises(NoPlace, match=f"unwritable: {own_home}$"):
            must_be_a_place(target)


# ── loss of power ────────────────────────────────────────────────────────────────────────────────


class Witness:
    """What reaches the disk and what is exchanged, in order; it all happens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: Path, *, without: str = "") -> None:
        self.seen: list[str] = []
        self.synced: list[str] = []
        self._target = target
        self._without = without
        self._real = ctypes.CDLL(None, use_errno=True)
        sync = os.fsync

        def fsync(handle: int) -> None:
            self._say("synced", handle)
            sync(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(replace, "_libc", lambda: self)

    def _say(self, what: str, handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        self.synced.append(path.name)
        place = "above" if path == self._target.parent else "fresh"
        page = path / "index.html" if what == "all synced" else self._target / "index.html"
        text = page.read_text() if page.exists() else "nothing"
        dated = page.exists() and page.stat().st_mtime % 1 == 0
        said = f"{what} {place}, {text}{'' if dated else ', undated'}"
        if self.seen[-1:] != [said]:
            self.seen.append(said)

    def __getattr__(self, name: str) -> Any:
        if name == self._without:
            raise AttributeError(name)

        def call(*arguments: Any) -> int:
            if name == "syncfs":
                self._say("all synced", arguments[0])
            else:
                self.seen.append(name)
            return int(getattr(self._real, name)(*arguments))

        return call


def put_up(target: Path, text: str, *, durable: bool = True) -> None:
    """A board of two files and a folder."""
    with replacing(target, MANIFEST, durable=durable) as fresh:
        (fresh / "deep").mkdir()
        for name in ("index.html", MANIFEST, "deep/index.html"):
            (fresh / name).write_text(text)


linux = pytest.mark.skipif(sys.platform != "linux", reason="what is written when is Linux's own list to tell")


@linux
def test_a_board_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First all that the new board is, with its dates; then the exchange; then what the folder above lists."""
    put_up(tmp_path / "public", "old")
    witness = Witness(monkeypatch, tmp_path / "public")
    put_up(tmp_path / "public", "new")
    assert witness.seen == ["all synced fresh, new", "renameat2", "synced above, new"]


@linux
def test_a_build_by_hand_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only who publishes unattended pays for a loss of power: others' writes may be waiting for the same disk."""
    put_up(tmp_path / "public", "old")
    witness = Witness(monkeypatch, tmp_path / "public")
    put_up(tmp_path / "public", "new", durable=False)
    assert witness.seen == ["renameat2"]


@linux
def test_where_a_file_system_cannot_be_synced_at_once_each_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file and folder of the new board, while the old one still stands."""
    put_up(tmp_path / "public", "old")
    witness = Witness(monkeypatch, tmp_path / "public", without="syncfs")
    put_up(tmp_path / "public", "new")
    assert witness.seen == ["synced fresh, old", "renameat2", "synced above, new"]
    assert sorted(name for name in witness.synced if not name.startswith((".", tmp_path.name))) == sorted(
        [MANIFEST, "index.html", "index.html", "deep"]
    )
    assert len(witness.synced) == len([MANIFEST, "index.html", "deep", "deep/index.html", "fresh", "above"])


def test_what_is_waited_for_comes_when_all_else_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the second that a board is due nothing is exchanged; after it nothing else is done first."""
    calls: list[str] = []
    for name in ("_settle", "_to_disk", "_exchange"):
        real = getattr(replace, name)

        def spy(*arguments: Any, name: str = name, real: Any = real) -> None:
            calls.append(name)
            real(*arguments)

        monkeypatch.setattr(replace, name, spy)
    with replacing(tmp_path / "public", MANIFEST, lambda: calls.append("wait"), durable=True) as fresh:
        (fresh / MANIFEST).touch()
    assert calls == ["_settle", "_to_disk", "wait", "_exchange"]


def test_without_an_exchange_in_one_step_the_board_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no system call exchanges two folders: the new board stands, and nothing of the old one is left."""
    monkeypatch.setattr(replace, "_swap", lambda *_: False)
    for text in ("old", "new"):
        put_up(tmp_path / "public", text)
    assert (tmp_path / "public/index.html").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".public.gaoshi-lock", "public"]
