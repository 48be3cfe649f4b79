"""`gaoshi watch` as a process: killed, stopped, called, twice at once, on a full disk, and on time."""

from __future__ import annotations

import http.server
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from watch_world import World, git

from gaoshi.cli import watch
from gaoshi.cli.alarm import Alarm

GAOSHI = [sys.executable, "-m", "gaoshi.cli"]
ZONE = ZoneInfo("Asia/Shanghai")
KILLS = 20


class Machine:
    """An estate, its bare remote, and a clone from which a real process publishes."""

    def __init__(self, estate: Any) -> None:
        self.estate = estate
        home = estate.root.parent
        self.remote, self.clone, self.site, self.status = (
            home / name for name in ("remote.git", "clone", "public", "status.json")
        )
        estate.edit("mkdocs.yml", "languages: [zh, en]", "languages: [zh]")
        self.notice("first")
        git(home, "clone", "--quiet", "--bare", str(estate.root), str(self.remote))
        git(home, "clone", "--quiet", str(self.remote), str(self.clone))

    def notice(self, slug: str, **fields: Any) -> str:
        """Commit an approved notice, live now; the commit."""
        now = datetime.now(ZONE)
        default = {
            "valid_from": f"{now - timedelta(days=1):%Y-%m-%d %H:%M}",
            "valid_until": f"{now + timedelta(days=5):%Y-%m-%d %H:%M}",
        }
        self.estate.notice(f"2026-11/{slug}", default | fields)
        return str(self.estate.commit())

    def push(self, *options: str) -> None:
        """Push what is committed."""
        git(self.estate.root, "push", "--quiet", *options, str(self.remote), "HEAD:refs/heads/main")

    def command(self, *arguments: str) -> list[str]:
        """The command line of a watch."""
        where = ("--project", str(self.clone), "-o", str(self.site), "--status", str(self.status), "--lang", "en")
        return [*GAOSHI, "watch", *where, *arguments]

    def once(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One round."""
        return subprocess.run(self.command("--once", *arguments), capture_output=True, text=True, check=False)

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A watch at work; at the end it is told to stop, if it still runs."""
        process = subprocess.Popen(
            self.command(*arguments), env=os.environ | environment, stderr=subprocess.PIPE, text=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=60)

    @property
    def board(self) -> Any:
        """The published board.json; nothing when there is none."""
        try:
            return json.loads((self.site / "board.json").read_bytes())
        except FileNotFoundError:
            return {}

    def tree(self, folder: Path | None = None) -> dict[str, bytes]:
        """Every file of a folder."""
        folder = folder or self.site
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def fresh(self) -> dict[str, bytes]:
        """What an independent build makes of the revision and the instant that the published board names."""
        board, target = self.board, self.site.with_name("fresh")
        run = type(self.estate)(self.clone).run(
            "build", "--rev", board["revision"], "--at", board["at"], "-o", str(target)
        )
        assert run.status in {0, 1}, run.err
        return self.tree(target)

    def must_be_whole(self) -> None:
        """Fail unless pages and manifest are of one board."""
        found, board = self.tree(), self.board
        pages = {path: data.decode() for path, data in found.items() if path.endswith("index.html")}
        pages = {path: html for path, html in pages.items() if not path.startswith("kiosk/")}  # they ask for kiosk.json
        shown = {match[1] for path in pages if (match := re.fullmatch(r"notices/(.+)/index\.html", path))}
        assert shown >= {notice["id"] for notice in board["notices"]}
        assert all(f'data-at="{board["at"]}"' in page for page in pages.values())
        assert {"404.html", "sitemap.xml"} <= found.keys()


@pytest.fixture
def machine(estate: Any) -> Machine:
    """One such machine."""
    return Machine(estate)


@pytest.fixture
def world(estate: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same with a clock that the test moves."""
    return World(estate, monkeypatch)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


# ── killed and stopped ───────────────────────────────────────────────────────────────────────────


def test_killed_at_any_moment_the_board_is_whole_and_the_next_watch_goes_on(machine: Machine) -> None:
    """`kill -9` at twenty moments, now of the watch, now of its build: always a whole board, at last the newest."""
    dice = random.Random(20261124)  # noqa: S311  (moments, no secrets)
    assert machine.once().returncode == 0
    began = time.monotonic()
    machine.once()
    start_up = time.monotonic() - began
    for number in range(KILLS):
        if number % 6 == 0:
            machine.notice(f"n{number}")
        else:
            machine.estate.git("commit", "--quiet", "--allow-empty", "-m", "again")
        machine.push()
        with machine.running("--every", "1s") as process:
            time.sleep(dice.uniform(0.5, 3) * start_up)
            victim = dice.choice([process.pid, *children(process.pid)])
            build = children(process.pid)
            os.kill(victim, signal.SIGKILL)
            if victim == process.pid:
                until(lambda: not any(Path(f"/proc/{child}").exists() for child in build))  # noqa: B023
            else:
                machine.must_be_whole()
        machine.must_be_whole()
    assert machine.once().returncode == 0
    assert machine.board["revision"] == git(machine.remote, "rev-parse", "main")
    assert machine.tree() == machine.fresh()
    left = [
        path.name for path in machine.site.parent.iterdir() if path.name.startswith(f".{machine.site.name}.gaoshi-")
    ]
    assert left == [f".{machine.site.name}.gaoshi-lock"]


def test_told_to_stop_in_the_middle_of_a_build_it_ends_at_once(machine: Machine) -> None:
    """SIGTERM while a board is built: exit status 0 within a second or two, the old board stands, no child lives on."""
    with machine.running() as process:
        until(lambda: bool(children(process.pid)) and (machine.site.parent / ".public.watch/scratch").is_dir())
        build = children(process.pid)
        began = time.monotonic()
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 3
        assert not any(Path(f"/proc/{child}").exists() for child in build)
    assert json.loads(machine.status.read_text())["state"] == "stopped"


def test_called_it_looks_at_once(machine: Machine) -> None:
    """SIGHUP: what was pushed is public soon, though the next look would have been in an hour."""
    with machine.running("--every", "1h") as process:
        until(lambda: json.loads(machine.status.read_text())["state"] == "ok" if machine.status.exists() else False)
        newest = machine.notice("second")
        machine.push()
        process.send_signal(signal.SIGHUP)
        until(lambda: machine.board["revision"] == newest)


def test_what_ends_is_gone_at_its_second(machine: Machine) -> None:
    """The board without a notice that ended bears the very second of its end, and stands at once, a busy machine allowed for."""
    ends = (datetime.now(ZONE) + timedelta(seconds=9)).replace(microsecond=0)
    machine.notice("short", valid_until=f"{ends:%Y-%m-%d %H:%M:%S}")
    machine.push()
    with machine.running():
        until(lambda: len(machine.board.get("notices", [])) == 2)
        assert datetime.fromisoformat(machine.board["due"]) == ends
        until(lambda: len(machine.board["notices"]) == 1)
        late = datetime.now(UTC) - ends
    assert datetime.fromisoformat(machine.board["at"]) == ends
    assert timedelta(0) <= late < timedelta(seconds=3)


# ── faults of the real program ───────────────────────────────────────────────────────────────────


def test_templates_that_do_not_render_leave_the_last_good_board(machine: Machine) -> None:
    """A broken template on main: exit status 3, the reason told in a sentence, the old board to the byte."""
    machine.once()
    before = machine.tree()
    machine.estate.own_templates()
    machine.estate.write("site_templates/theme/main.html", "{% block %}{{ nothing.at.all }}")
    machine.estate.commit()
    machine.push()
    run = machine.once()
    assert run.returncode == 3
    assert "could not be built" in run.stderr
    assert machine.tree() == before
    status = json.loads(machine.status.read_text())
    assert (status["state"], status["error"]["what"], status["error"]["exit_status"]) == ("stale", "build", 3)


def test_a_full_disk_leaves_the_last_good_board(machine: Machine) -> None:
    """When no file can grow beyond a few kilobytes: a plain sentence, the old board to the byte; then the new one."""
    machine.once()
    before = machine.tree()
    newest = machine.notice("second")
    machine.push()
    command = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *machine.command("--once")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 3
    assert "Traceback" not in run.stderr
    assert machine.tree() == before
    assert machine.once().returncode == 0
    assert machine.board["revision"] == newest


def test_the_clone_is_not_touched(machine: Machine) -> None:
    """Branches, index and working tree of the clone stay as they are, even with somebody's work in them."""
    clone = type(machine.estate)(machine.clone)
    clone.write("notices/2026-11/first/notice.md", "somebody's work")
    before = (
        clone.git("status", "--porcelain"),
        clone.git("for-each-ref", "refs/heads"),
        (clone.root / ".git/index").read_bytes(),
    )
    newest = machine.notice("second")
    machine.push()
    assert machine.once().returncode == 0
    assert machine.board["revision"] == newest
    after = (
        clone.git("status", "--porcelain"),
        clone.git("for-each-ref", "refs/heads"),
        (clone.root / ".git/index").read_bytes(),
    )
    assert after == before


def test_history_that_was_rewritten_is_refused_until_somebody_says_it_was_meant(machine: Machine) -> None:
    """Refused with exit status 3, the old board to the byte; after the commands of docs/watch.md the new one is followed."""
    assert machine.once().returncode == 0
    before = machine.tree()
    machine.estate.git("commit", "--quiet", "--amend", "-m", "another history")
    machine.push("--force")
    run = machine.once()
    assert run.returncode == 3
    assert "its history was rewritten" in run.stderr
    assert machine.tree() == before
    clone = type(machine.estate)(machine.clone)
    clone.git("fetch", "--quiet", "--prune", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert clone.run("build", "--rev", "refs/remotes/origin/main", "-o", str(machine.site)).status == 0
    newest = machine.notice("second")
    machine.push()
    assert machine.once().returncode == 0
    assert machine.board["revision"] == newest


# ── ends and beginnings ──────────────────────────────────────────────────────────────────────────


def test_one_round_ends_with_the_status_of_its_build(machine: Machine) -> None:
    """`--once`: 0 when built or nothing is to be done, 1 with something withheld, 3 when the remote is gone."""
    assert machine.once().returncode == 0
    built = machine.board
    assert machine.once().returncode == 0
    assert machine.board == built
    machine.notice("withheld", approver="nobody")
    machine.push()
    run = machine.once()
    assert run.returncode == 1
    assert "Withheld 2026-11/withheld:" in run.stderr
    machine.remote.rename(machine.remote.with_suffix(".away"))
    run = machine.once()
    assert run.returncode == 3
    assert "cannot be taken" in run.stderr


def test_a_folder_that_holds_something_else_is_told_in_the_status(machine: Machine) -> None:
    """Exit status 3, the folder as it was, and the status file no longer says that all is well."""
    assert machine.once().returncode == 0
    assert json.loads(machine.status.read_text())["state"] == "ok"
    shutil.rmtree(machine.site)
    machine.site.mkdir()
    (machine.site / "thesis.txt").write_text("mine")
    run = machine.once()
    assert run.returncode == 3
    assert machine.tree() == {"thesis.txt": b"mine"}
    status = json.loads(machine.status.read_text())
    assert (status["state"], status["published"], status["error"]["what"]) == ("failing", None, "folder")
    assert status["error"]["message"] in run.stderr
    shutil.rmtree(machine.site)
    machine.site.write_text("a file")
    assert machine.once().returncode == 3
    assert json.loads(machine.status.read_text())["error"]["message"] != status["error"]["message"]
    machine.site.unlink()
    assert machine.once().returncode == 0
    assert json.loads(machine.status.read_text())["state"] == "ok"


@pytest.mark.parametrize("behind", [0, 1, 2, 3, 4, 5])
def test_one_round_waits_for_a_clock_that_is_a_little_behind(world: World, behind: int) -> None:
    """The board is some seconds ahead of the clock, which is being adjusted: what is new is built in this round."""
    world.settle()
    world.clock.sleep(60)
    world.forge.push({"2026-11/n0": world.forge.pool["2026-11/n0"]}, world.clock.now())
    world.settle()
    newest = world.forge.push({}, world.clock.now())
    world.clock.jump((world.published.at - world.clock.now()).total_seconds() - behind)
    alarm = cast("Any", SimpleNamespace(stopped=False, wait=world.clock.sleep))
    assert watch.one_round(world.start(), alarm) == 0
    assert world.published.revision == newest


def test_one_commit_dated_far_ahead_keeps_no_folder_empty(machine: Machine) -> None:
    """A laptop that is 400 days ahead commits on top of a right commit: a folder without a board gets one."""
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=400)
    machine.estate.git("commit", "--quiet", "--allow-empty", "-m", "ahead", GIT_COMMITTER_DATE=ahead.isoformat())
    assert int(machine.estate.git("show", "--no-patch", "--format=%ct")) == ahead.timestamp()
    machine.push()
    git(machine.clone, "fetch", "--quiet")  # or it would begin with the commit before
    run = machine.once()
    assert run.returncode == 0, run.stderr
    assert machine.board["revision"] == git(machine.remote, "rev-parse", "main")


def test_one_round_that_distrusts_the_clock_says_so(world: World) -> None:
    """Without a board and with one: exit status 3, nothing is built, and the sentence tells what stays as it is."""
    world.clock.jump(-400 * 86400)
    with Alarm() as alarm:
        assert watch.one_round(world.publisher, alarm) == 3
        assert not world.site.exists()
        world.clock.jump(400 * 86400)
        world.settle()
        world.clock.sleep(60)
        before = world.tree()
        world.forge.push({}, world.clock.now())
        world.clock.jump(-400 * 86400)
        assert watch.one_round(world.start(), alarm) == 3
    assert world.tree() == before
    told = [event.what for event in world.events if event.level == "error"]
    assert told == ["clock-before-commits", "clock-unbelievable"]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--remote", "upstream"], 3, "knows no remote “upstream”"),
        (["--remote", "--upload-pack=x"], 3, "knows no remote"),
        (["--branch", "records"], 3, "cannot be the branch"),
        (["--branch", "--x"], 3, "cannot be the branch"),
        (["--every", "0s"], 2, "not a time from a second to an hour"),
        (["--every", "61m"], 2, "not a time from a second to an hour"),
        (["--every", "soon"], 2, "not a time from a second to an hour"),
    ],
)
def test_what_cannot_begin_says_so_in_a_sentence(
    machine: Machine, arguments: list[str], status: int, sentence: str
) -> None:
    """No such remote, no possible branch, no possible interval: told at once, nothing is made."""
    clone = type(machine.estate)(machine.clone)
    run = clone.run("watch", "-o", str(machine.site), "--lang", "en", *arguments)
    assert (run.status, run.out) == (status, "")
    assert sentence in run.err
    assert not machine.site.exists()


def test_it_publishes_to_no_folder_that_holds_something_else(machine: Machine) -> None:
    """A folder with anything but a board in it is refused at the start."""
    machine.site.mkdir()
    (machine.site / "thesis.odt").write_text("years of work")
    run = type(machine.estate)(machine.clone).run("watch", "-o", str(machine.site), "--lang", "en")
    assert run.status == 3
    assert "holds something else than a board" in run.err


def test_a_clone_without_its_history_is_refused(machine: Machine, tmp_path: Path) -> None:
    """A shallow clone cannot tell what is approved; that is said at the start."""
    machine.notice("second")
    machine.push()
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{machine.remote}", "shallow")
    run = type(machine.estate)(tmp_path / "shallow").run("watch", "-o", str(machine.site), "--lang", "en")
    assert run.status == 3
    assert "git fetch --unshallow" in run.err


def test_of_two_watches_on_a_folder_the_second_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one publishes to a folder, another waits a moment and then says so, with exit status 3."""
    monkeypatch.setattr(watch, "_PATIENCE_WITH_ANOTHER", 0.3)
    clone = type(machine.estate)(machine.clone)
    with machine.running():
        until(lambda: (machine.site.parent / ".public.watch/lock").exists() and machine.status.exists())
        run = clone.run("watch", "-o", str(machine.site), "--once", "--lang", "en")
    assert run.status == 3
    assert "Another gaoshi watch publishes to" in run.err


def test_a_build_that_lives_on_keeps_the_lock(machine: Machine) -> None:
    """The lock goes with the build: a process that got it from the watch holds the folder against a second watch."""
    (machine.site.parent / ".public.watch").mkdir()
    with watch._only_one(machine.site) as (lock, _):
        heir = subprocess.Popen(["sleep", "60"], pass_fds=(lock,))
    try:
        with watch.ExitStack() as stack:
            assert watch._try(stack, machine.site.parent / ".public.watch/lock", machine.site) is None
    finally:
        heir.kill()
        heir.wait()
    with watch.ExitStack() as stack:
        assert watch._try(stack, machine.site.parent / ".public.watch/lock", machine.site) is not None


def test_its_manager_hears_that_it_is_ready_and_lives(machine: Machine, tmp_path: Path) -> None:
    """As systemd has it: READY once, STATUS in words, WATCHDOG at least thrice a period, also during a build."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(30)
        heard: list[tuple[float, str]] = []
        with machine.running(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="1500000"):
            while not any("STATUS=The board is up to date." in line for _, line in heard) or len(heard) < 8:
                heard.append((time.monotonic(), channel.recv(4096).decode()))
    lines = [line for _, line in heard]
    assert lines.count("READY=1") == 1
    signs = [when for when, line in heard if line == "WATCHDOG=1"]
    assert max(later - sooner for sooner, later in itertools.pairwise(signs)) < 1.5


def test_a_status_that_cannot_be_written_stops_nothing(machine: Machine) -> None:
    """A status file in a folder that is not there: told once in the log, the board is published."""
    machine.status = machine.site.parent / "no" / "status.json"
    run = machine.once()
    assert run.returncode == 0
    assert run.stderr.count("cannot be written") == 1
    assert machine.board["notices"]


def test_the_status_file_is_as_documented(machine: Machine) -> None:
    """docs/formats.md shows the very keys of the status file, of its board and of its error."""
    text = (Path(__file__).parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    shown = json.loads(
        re.findall(r"```json\n(.*?)```", text.split("\n## The status of gaoshi watch\n")[1], re.DOTALL)[0]
    )
    machine.once()
    machine.estate.edit("mkdocs.yml", "board: ", "bored: ")
    machine.estate.commit()
    machine.push()
    machine.once()
    written = json.loads(machine.status.read_text())
    assert list(written) == list(shown)
    assert list(written["published"]) == list(shown["published"])
    assert list(written["error"]) == list(shown["error"])
    shutil.rmtree(machine.site)


# ── what is public ───────────────────────────────────────────────────────────────────────────────


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which a folder is public, on loopback; it may be exchanged meanwhile."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def send_error(self, code: int, *_: object, **__: object) -> None:
            """Answer with the board's own page for what is not there, where there is a board."""
            page = folder / "404.html"
            body = page.read_bytes() if page.is_file() else b""
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_what_is_published_is_confirmed_and_logged(machine: Machine) -> None:
    """One round publishes, looks at the public site and logs it; the next one has nothing to add."""
    with serving(machine.site) as address:
        first = machine.once("--site", address, "--log")
        assert first.returncode == 0, first.stderr
        assert f"{address} shows {machine.board['revision'][:12]}" in first.stderr
        listed = git(machine.remote, "ls-tree", "-r", "--name-only", "records").split()
        assert [path.rpartition("-")[2] for path in listed] == ["appeared.json"]
        assert json.loads(machine.status.read_bytes())["confirmed"] is not None
        assert machine.once("--site", address, "--log").returncode == 0
        assert git(machine.remote, "ls-tree", "-r", "--name-only", "records").split() == listed


def test_a_site_that_shows_another_board_is_told_and_nothing_is_logged(machine: Machine, tmp_path: Path) -> None:
    """The folder is right and the public site is not: exit status 1, with what differs, and no log."""
    with serving(tmp_path) as address:
        run = machine.once("--site", address, "--log")
    assert run.returncode == 1
    assert "board.json: expected status 200, and it is 404" in run.stderr
    assert machine.board["notices"]
    assert git(machine.remote, "for-each-ref", "refs/heads/records") == ""


def test_the_log_needs_an_address_to_look_at(machine: Machine) -> None:
    """--log without --site is wrong usage."""
    assert machine.once("--log").returncode == 2
