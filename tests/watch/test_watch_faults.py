"""`gaoshi watch` through hundreds of pushes, faults and kills: what is published is always a whole, correct edition."""

from __future__ import annotations

import fcntl
import random
import shutil
from typing import Any

import pytest
from watch_world import START, World, git, no_space

from gaoshi.core.watching import JITTER

ROUNDS = 30


@pytest.fixture
def world(estate: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """A remote with its first commits, a clone of it, and a publisher that has done nothing yet."""
    return World(estate, monkeypatch)


class Chaos:
    """Random faults with a fixed seed; each comes, is lived through, and goes."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)  # noqa: S311  (faults, no secrets)
        self.count = 0
        self.push()

    def push(self) -> None:
        """A good commit, dated by a clock that is right."""
        forge = self.world.forge
        forge.push(forge.change(self.dice), START)

    # ── faults that end with the round ───────────────────────────────────────────────────────────

    def bad_settings(self) -> None:
        forge = self.world.forge
        broken = self.dice.choice(
            [b"plugins: [gaoshi: {", b"site_name: x\n", b"\xff\xfe", forge.settings.replace(b"board: ", b"bored: ")]
        )
        forge.push(forge.change(self.dice), START, settings=broken)
        self.live()
        self.push()

    def bad_roster(self) -> None:
        forge = self.world.forge
        forge.push(forge.change(self.dice), START, roster=self.dice.choice([b"people: [", b"{}", b"\0"]))
        self.live()
        self.push()

    def rewritten_main(self) -> None:
        forge, tip = self.world.forge, self.world.forge.tip()
        first = git(forge.bare, "rev-list", "--max-parents=0", "main")
        forge.push(forge.change(self.dice), START, parent=self.dice.choice([first, ""]))
        self.live()
        if self.dice.random() < 0.3:
            self.kill()
        self.live()
        forge.point(tip)

    def rewritten_records(self) -> None:
        forge = self.world.forge
        self.more_records()
        self.live()
        tip = forge.tip("records")
        forge.record(f"forged-{self.count}", START, orphan=True)
        self.live()
        self.push()
        self.live()
        forge.point(tip, "records")

    def deleted_branch(self) -> None:
        branch = self.dice.choice(["main", "records"])
        tip = self.world.forge.tip(branch)
        if tip:
            git(self.world.forge.bare, "update-ref", "-d", f"refs/heads/{branch}")
            self.live()
            self.world.forge.point(tip, branch)

    def corrupt_there(self) -> None:
        forge, tip = self.world.forge, self.world.forge.tip()
        path = forge.bare / "refs/heads/main"
        path.write_bytes(self.dice.choice([b"", b"rubbish\n", b"0" * 40 + b"\n"]))
        self.live()
        path.unlink()
        forge.point(tip)

    def corrupt_here(self) -> None:
        name = self.dice.choice(["main", "records"])
        path = self.world.clone / ".git/refs/remotes/origin" / name
        if path.exists():
            path.write_bytes(self.dice.choice([b"", b"rubbish\n"]))

    def network_gone(self) -> None:
        self.push()
        with self.world.forge.gone():
            self.live()
            self.time_passes()
            self.live()

    def full_disk(self) -> None:
        self.push()
        self.world.fault = no_space
        self.live()
        self.world.fault = lambda: None

    def lock_held(self) -> None:
        self.push()
        lock = self.world.site.parent / f".{self.world.site.name}.gaoshi-lock"
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.live()

    def kill(self) -> None:
        """In the middle of a build: what it leaves is there, what it knew is gone."""
        self.push()

        def die() -> None:
            raise MemoryError

        self.world.fault = die
        self.live()
        self.world.fault = lambda: None
        left = self.world.site.parent / f".{self.world.site.name}.gaoshi-killed"
        left.mkdir(exist_ok=True)
        (left / "index.html").write_text("half a board")
        self.world.start(afresh=self.dice.random() < 0.5)

    def folder_lost(self) -> None:
        if self.dice.random() < 0.5:
            shutil.rmtree(self.world.site)
        else:
            (self.world.site / "board.json").write_bytes(b"{")
        self.settled()

    # ── clocks ───────────────────────────────────────────────────────────────────────────────────

    def time_passes(self) -> None:
        self.world.clock.sleep(self.dice.choice([1, 30, 600, 3600, 5 * 3600]))

    def clock_ahead(self) -> None:
        """Ahead, a board made in the future, then corrected: the board is what the right clock says."""
        ahead = self.dice.choice([300, 86400, 30 * 86400])
        self.world.clock.jump(ahead)
        self.live()
        self.world.clock.jump(-ahead)

    def clock_unbelievable(self) -> None:
        """Before the newest commits: the board stays as it is, to the byte."""
        before = self.world.tree()
        back = self.dice.choice([400, 40000]) * 86400
        self.world.clock.jump(-back)
        self.push()
        self.world.settle()
        assert self.world.tree() == before
        assert self.world.publisher.state().value == "waiting"
        self.world.clock.jump(back)

    def more_records(self) -> None:
        self.count += 1
        self.world.forge.record(f"r{self.count}", START)

    # ── living through it ────────────────────────────────────────────────────────────────────────

    def live(self) -> None:
        """Some seconds under a fault: what stands is whole."""
        self.world.settle(self.dice.choice([2, 20]))
        self.world.must_be_whole()

    def settled(self) -> None:
        """With no fault left, after a quarter of an hour at most, the board is whole, newest, and on time."""
        world = self.world
        world.settle()
        if world.publisher.scene().failed:
            world.clock.sleep(900)
            world.settle()
        world.must_be_whole()
        board, now = world.published, world.clock.now()
        assert board.revision == world.forge.tip()
        assert board.records == tuple(filter(None, [world.forge.tip("records")]))
        assert board.at <= now + JITTER
        assert board.due > now
        assert world.publisher.state().value == "ok"
        assert world.publisher.trouble is None


FAULTS = [name for name in vars(Chaos) if not name.startswith("_") and name not in {"live", "settled"}]


@pytest.mark.parametrize("seed", range(4))
def test_after_every_push_fault_and_kill_the_board_is_whole_and_then_the_newest(world: World, seed: int) -> None:
    """Whatever happens, at every moment a whole, correct edition stands; when it is over, it is the newest one."""
    chaos = Chaos(world, seed)
    chaos.settled()
    for _ in range(ROUNDS):
        name = chaos.dice.choice(FAULTS)
        print(name, world.clock.now())  # noqa: T201  (shown when it fails)
        getattr(chaos, name)()
        chaos.live()
        chaos.settled()
