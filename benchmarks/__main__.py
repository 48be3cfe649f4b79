"""Measures the budgets of the design, ours and the peer's by turns in one run: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

from benchmarks import estate, peers

GAOSHI = Path(sys.executable).with_name("gaoshi")
MKDOCS = Path(sys.executable).with_name("mkdocs")


@dataclass(frozen=True, slots=True)
class Job:
    """A command to time, and what must be out of its way before each time."""

    command: list[str]
    clear: tuple[Path, ...] = ()

    def seconds(self, aside: Path) -> float:
        """How long it takes, once; what was in its way lies in `aside` then.

        It is not deleted yet: for some seconds ext4 looks for other places than those that have just become free,
        and who writes many files next would pay for that.
        """
        for path in self.clear:
            if path.exists():
                path.rename(Path(tempfile.mkdtemp(dir=aside)) / path.name)
        start = time.perf_counter()
        done = subprocess.run(self.command, capture_output=True, check=False, env=os.environ | _PLAIN)
        took = time.perf_counter() - start
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(self.command)}\n{done.stderr.decode(errors='replace')[-2000:]}")
        return took


_PLAIN = {"NO_MKDOCS_2_WARNING": "1", "LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One budget: our job, the peer's (None where the budget is in seconds), and the most that is allowed."""

    name: str
    what: str
    ours: Job
    peer: Job | None
    limit: float | None


def measures(folder: Path, count: int, live: int, large: int) -> dict[str, Callable[[], Measure]]:
    """All measures by name; each prepares what it needs when it is asked for."""

    def record() -> Path:
        return estate.make(folder / f"record-{count}", count, live)

    def board() -> Path:
        return estate.make(folder / f"board-{large}", large, large)

    def gaoshi(verb: str, root: Path, *arguments: str, cold: bool) -> Job:
        out = folder / "site"
        more = ("-o", str(out)) if verb == "build" else ()
        command = [str(GAOSHI), verb, "--at", estate.AT.isoformat(), "--project", str(root), *more, *arguments]
        return Job(command, (out, *((root / ".git" / "gaoshi",) if cold else ())))

    def hugo() -> Job:
        site = folder / f"hugo-{count}"
        if not site.exists():
            peers.make_hugo(site, estate.notices(count, live))
        return Job(peers.hugo(site), (site / "public",))

    def mkdocs(*, search: bool) -> Job:
        site = peers.make_mkdocs(folder / f"mkdocs-{search}", estate.notices(large, large), search=search)
        return Job([str(MKDOCS), "build", "--quiet", "--config-file", str(site / "mkdocs.yml")], (site / "site",))

    def frontmatter() -> Job:
        return Job([sys.executable, "-c", peers.FRONTMATTER, str(record())])

    one = list(estate.notices(count, live))[-1].id
    texts = f"{large} live × {len(estate.LANGUAGES)} languages"
    years = f"{live} live of {count}"
    return {
        "build-large": lambda: Measure(
            "build-large",
            f"build, cold, {texts} : mkdocs build",
            gaoshi("build", board(), cold=True),
            mkdocs(search=True),
            1.0,
        ),
        "build-large-bare": lambda: Measure(
            "build-large-bare",
            f"build, cold, {texts} : mkdocs build without its search",
            gaoshi("build", board(), cold=True),
            mkdocs(search=False),
            None,
        ),
        "build-warm": lambda: Measure(
            "build-warm", f"build, cached, {years} : hugo", gaoshi("build", record(), cold=False), hugo(), 1.0
        ),
        "build-cold": lambda: Measure(
            "build-cold", f"build, cold, {years} : hugo", gaoshi("build", record(), cold=True), hugo(), 3.0
        ),
        "check": lambda: Measure(
            "check",
            f"check, cold, {count} notices : python-frontmatter",
            gaoshi("check", record(), cold=True),
            frontmatter(),
            2.0,
        ),
        "check-one": lambda: Measure(
            "check-one", f"check, cold, 1 of {count} notices", gaoshi("check", record(), one, cold=True), None, 1.0
        ),
        "prove-cold": lambda: Measure(
            "prove-cold", f"verify, nothing kept, {years}", gaoshi("verify", record(), cold=True), None, 3.0
        ),
        "prove-warm": lambda: Measure(
            "prove-warm", f"approvals, cached, {years}", gaoshi("approvals", record(), cold=False), None, 1.0
        ),
        "help": lambda: Measure("help", "gaoshi --help", Job([str(GAOSHI), "--help"]), None, 0.2),
    }


def measure(one: Measure, rounds: int, folder: Path) -> tuple[float, float | None, float]:
    """Our median, the peer's, and the figure that counts: the median of the rounds' ratios, or our seconds."""
    jobs = [one.ours, *([one.peer] if one.peer else [])]
    with tempfile.TemporaryDirectory(prefix="aside-", dir=folder) as aside:
        for job in jobs:  # once without counting, so that the disk's cache is the same for all
            job.seconds(Path(aside))
        taken = [[job.seconds(Path(aside)) for job in jobs] for _ in range(rounds)]
    ours = median(each[0] for each in taken)
    if one.peer is None:
        return ours, None, ours
    return ours, median(each[1] for each in taken), median(each[0] / each[1] for each in taken)


def main() -> int:
    """Measure, print a table; 1 when a budget is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: 5)")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this measure; may be repeated"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep the generated repositories here, and use those that are there"
    )
    parser.add_argument("--count", type=int, default=10_000, help="notices on record (default: 10000)")
    parser.add_argument("--live", type=int, default=60, help="… of which are live (default: 60)")
    parser.add_argument("--large", type=int, default=1_000, help="live notices of the large board (default: 1000)")
    options = parser.parse_args()
    if shutil.which("hugo") is None:
        parser.error("there is no hugo: type `tools/prepare bench`, which says how to install it")
    with tempfile.TemporaryDirectory(prefix="gaoshi-bench-") as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        all_of_them = measures(folder.resolve(), options.count, options.live, options.large)
        unknown = set(options.only) - set(all_of_them)
        if unknown:
            parser.error(f"no such measure: {', '.join(sorted(unknown))} (there are {', '.join(all_of_them)})")
        print(_machine(), flush=True)
        print(f"\n{'measure':18}{'ours':>9}{'peer':>9}{'figure':>9}{'budget':>9}  met  what is measured")
        met = True
        for name in options.only or all_of_them:
            one = all_of_them[name]()
            ours, peer, figure = measure(one, options.rounds, folder)
            unit = "×" if one.peer else " s"
            kept = one.limit is None or figure <= one.limit
            met = met and kept
            print(
                f"{name:18}{ours:>7.2f} s{f'{peer:.2f} s' if peer is not None else '':>9}{f'{figure:.2f}{unit}':>9}"
                f"{f'{one.limit:g}{unit}' if one.limit is not None else '—':>9}  "
                f"{'—  ' if one.limit is None else 'yes' if kept else 'NO '}  {one.what}",
                flush=True,
            )
    return 0 if met else 1


def _machine() -> str:
    versions = [f"{name} {metadata.version(name)}" for name in ("mkdocs", "mkdocs-material", "python-frontmatter")]
    version = subprocess.run(["hugo", "version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; "
        f"{', '.join(versions)}, hugo {version}"
    )


if __name__ == "__main__":
    sys.exit(main())
