"""Measures what the budgets say, as ratios against named peers in the same run.

python -m benchmarks [--runs 5] [--only check]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import estate, peers
from benchmarks.timing import Command, alone, pair

WORK = estate.ROOT / ".cache" / "benchmarks"
GAOSHI = str(Path(sys.executable).with_name("gaoshi"))
MKDOCS = str(Path(sys.executable).with_name("mkdocs"))
AT = estate.AT.isoformat()
MANY, LIVE, FULL = 10_000, 60, 1_000

_LOAD = "import frontmatter, pathlib, sys\nfor p in pathlib.Path(sys.argv[1]).rglob('*.md'): frontmatter.load(p)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget; `unit` is `×` for a ratio, `s` for seconds."""

    what: str
    detail: str
    figure: float
    budget: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return self.figure <= self.budget


def build_full(runs: int) -> Iterator[Figure]:
    """1,000 live notices in two languages, from nothing, beside plain MkDocs over the same pages."""
    own = estate.make(WORK / "full", FULL, FULL)
    peer = peers.mkdocs(WORK / "full-mkdocs", FULL, FULL)
    ours = _build(own, before=partial(_forget, own))
    theirs = Command([MKDOCS, "build", "--quiet", "--clean"], peer)
    found = pair(ours, theirs, runs)
    yield Figure(
        "build, 1,000 live × 2 languages, cold", _beside(found.ours, found.theirs, "MkDocs"), found.ratio, 1, "×"
    )


def build_normal(runs: int) -> Iterator[Figure]:
    """60 live of 10,000 on record, cached and from nothing, beside Hugo over the same files."""
    own = estate.make(WORK / "normal", MANY, LIVE)
    peer = peers.hugo(WORK / "normal-hugo", MANY, LIVE)
    theirs = Command(["hugo", "--quiet", "--clock", AT, "--cleanDestinationDir"], peer)
    warm = pair(_build(own), theirs, runs)
    yield Figure("build, 60 live of 10,000, cached", _beside(warm.ours, warm.theirs, "Hugo"), warm.ratio, 1, "×")
    cold = pair(_build(own, before=partial(_forget, own)), theirs, runs)
    yield Figure("build, 60 live of 10,000, from nothing", _beside(cold.ours, cold.theirs, "Hugo"), cold.ratio, 3, "×")


def check(runs: int) -> Iterator[Figure]:
    """All of 10,000 notices from nothing, beside python-frontmatter loading them; then one that changed."""
    own = estate.make(WORK / "normal", MANY, LIVE)
    ours = Command([GAOSHI, "check", "--at", AT], own, before=partial(_forget, own), accepts=(0, 1))
    theirs = Command([sys.executable, "-c", _LOAD, "notices"], own)
    found = pair(ours, theirs, runs)
    detail = _beside(found.ours, found.theirs, "python-frontmatter")
    yield Figure("check, 10,000 notices", detail, found.ratio, 2, "×")
    notice = next(path for path in sorted(own.glob("notices/*/*/notice.md"), reverse=True))
    before = notice.read_text(encoding="utf-8")
    notice.write_text(before + "\n谢谢。\n", encoding="utf-8")
    try:
        notice_id = "/".join(notice.parts[-3:-1])
        taken = alone(Command([GAOSHI, "check", notice_id, "--at", AT], own, accepts=(0, 1)), runs)
    finally:
        notice.write_text(before, encoding="utf-8")
    yield Figure("check, one changed among 10,000", f"{taken:.2f} s", taken, 1, "s")


def start(runs: int) -> Iterator[Figure]:
    """How soon the command line answers."""
    taken = alone(Command([GAOSHI, "--help"], estate.ROOT), 2 * runs)
    yield Figure("gaoshi --help", f"{taken:.2f} s", taken, 0.2, "s")


MEASURES: dict[str, Callable[[int], Iterator[Figure]]] = {
    "start": start,
    "check": check,
    "normal": build_normal,
    "full": build_full,
}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command (default 5)")
    parser.add_argument("--only", choices=MEASURES, action="append", help="measure just this; may be repeated")
    options = parser.parse_args()
    print("| what | measured | figure | budget | kept |\n|---|---|---|---|---|", flush=True)
    for name in options.only or MEASURES:
        for found in MEASURES[name](options.runs):
            kept = "yes" if found.met else "**no**"
            figure, budget = f"{found.figure:.2f} {found.unit}", f"{found.budget:g} {found.unit}"
            print(f"| {found.what} | {found.detail} | {figure} | {budget} | {kept} |", flush=True)


def _build(folder: Path, before: Callable[[], None] = lambda: None) -> Command:
    return Command([GAOSHI, "build", "--at", AT, "-o", "site"], folder, before)


def _forget(folder: Path) -> None:
    """Take the cache away."""
    shutil.rmtree(folder / ".git" / "gaoshi", ignore_errors=True)


def _beside(ours: float, theirs: float, peer: str) -> str:
    return f"{ours:.2f} s, {peer} {theirs:.2f} s"


if __name__ == "__main__":
    main()
