"""`gaoshi watch` for weeks: after many publications, failures and looks, nothing has grown."""

from __future__ import annotations

import gc
import os
import sys
import threading
import tracemalloc
from pathlib import Path

from watch_world import START, FakeClock, git

from gaoshi.cli.surroundings import words
from gaoshi.cli.watch import Builder
from gaoshi.cli.watch_report import Report
from gaoshi.engine.afterwards import Afterwards, Site
from gaoshi.engine.order import Happening, Order
from gaoshi.engine.publisher import Publisher
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.remote import Remote

WARM, ROUNDS = 8, 30
QUICK = r"""
import json, os, sys
said = dict(zip(sys.argv[2::2], sys.argv[3::2])) if sys.argv[1] == "build" else {}
revision, at, folder = (said.get(name, "") for name in ("--rev", "--at", "--output"))
for number in range(200):
    print(f"Withheld 2026-11/{revision[:9]}-{number}:\n  a reason that takes up some room, and a little more than that")
if sys.argv[1] == "build" and "0" <= revision[0] < "5":
    sys.exit("it could not be built")
if sys.argv[1] == "build":
    board = {"format": 1, "board": "x", "at": at, "revision": revision, "records": [], "notices": [], "next": None}
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/next", "w") as file:
        json.dump(board | {"roster": "", "due": "2027-01-01T00:00:00Z"}, file)
    os.replace(f"{folder}/next", f"{folder}/board.json")
open(os.environ["TMPDIR"] + "/left", "w").close()
print("Done.")
"""
"""In the place of a build: a board of nothing at once, with much to say; a third of the revisions cannot be built."""


class Quick(Builder):
    """Has everything done by QUICK, as the watch has it done: in a process, with a limit and a scratch folder."""

    def _command(self, order: Order) -> list[str]:
        arguments = [argument for argument in order.arguments if argument != "--on-time"]
        return [sys.executable, "-I", "-S", "-c", QUICK, *arguments]


def push(bare: Path, number: int) -> None:
    """A commit on main that is the same in every run."""
    tip = git(bare, "rev-parse", "--verify", "--quiet", "refs/heads/main", check=False)
    who = f"Writer <writer@cloudtop.example> {int(START.timestamp())} +0000"
    parent = f"parent {tip}\n" if tip else ""
    commit = f"tree {git(bare, 'mktree')}\n{parent}author {who}\ncommitter {who}\n\n{number}\n"
    new = git(bare, "hash-object", "-t", "commit", "-w", "--stdin", stdin=commit.encode())
    git(bare, "update-ref", "refs/heads/main", new)


def size(home: Path) -> tuple[int, int, int]:
    """Open files, threads, and folders on the disk."""
    folders = {path.parent for path in home.rglob("*") if "objects" not in path.parts}
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(folders)


def test_after_many_publications_nothing_has_grown(tmp_path: Path) -> None:
    """A real remote, real git, real processes: as many open files, threads and folders as before, and no more memory."""
    clock, published = FakeClock(), []
    bare, clone, site = tmp_path / "remote.git", tmp_path / "clone", tmp_path / "public"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    push(bare, 0)
    git(tmp_path, "clone", "--quiet", str(bare), str(clone))
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    report = Report(words("en"), tmp_path / "status.json")
    builder = Quick(tmp_path / "scratch", lock, None, "en")

    def tell(event: Happening) -> None:
        if event.what == "published":
            published.append(clock.now())
        report.log(event, clock.now())

    publisher = Publisher(
        Remote.of(Repository.containing(clone), "origin", "main"),
        site,
        builder,
        clock=clock,
        tell=tell,
        over=lambda: False,
        afterwards=Afterwards(Site("https://board.example.org/"), clone, builder, tell),
    )

    def turn(number: int) -> None:
        if number % 4:
            push(bare, number)
        clock.sleep(3600)
        while not publisher.look():
            publisher.act()
        while not isinstance(publisher.act(), float):
            report.status(publisher, clock.now())
        report.status(publisher, clock.now())

    tracemalloc.start()
    try:
        for number in range(WARM):
            turn(number)
        gc.collect()
        before, memory = size(tmp_path), tracemalloc.get_traced_memory()[0]
        for number in range(WARM, ROUNDS):
            turn(number)
        gc.collect()
        after, grown = size(tmp_path), tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
        os.close(lock)
    assert publisher.trouble is None
    assert publisher.afterwards is not None
    assert publisher.afterwards.confirmed is not None
    assert len(published) > ROUNDS / 3
    assert after == before
    assert grown < 100_000, "what several builds said is kept"
