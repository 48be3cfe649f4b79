"""Timing whole commands side by side: in turn, A B A B, so that a machine that drifts drifts for both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """A command to time: what is typed, where, and what is done before each run, unmeasured."""

    arguments: Sequence[str]
    folder: Path
    before: Callable[[], None] = lambda: None
    accepts: tuple[int, ...] = (0,)

    def seconds(self) -> float:
        """Wall-clock seconds of one run. Raises RuntimeError when it fails."""
        self.before()
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        start = time.perf_counter()
        result = subprocess.run(
            self.arguments, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        taken = time.perf_counter() - start
        if result.returncode not in self.accepts:
            raise RuntimeError(f"{' '.join(self.arguments)}: {result.returncode}\n{result.stderr[-2000:]}")
        return taken


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians in seconds, and the median of the ratios run by run."""

    ours: float
    theirs: float
    ratio: float


def pair(ours: Command, theirs: Command, runs: int) -> Pair:
    """Run both in turn, after one run each that is not counted."""
    ours.seconds()
    theirs.seconds()
    taken = [(ours.seconds(), theirs.seconds()) for _ in range(runs)]
    return Pair(
        statistics.median(own for own, _ in taken),
        statistics.median(other for _, other in taken),
        statistics.median(own / other for own, other in taken),
    )


def alone(ours: Command, runs: int) -> float:
    """Median seconds, after one run that is not counted."""
    ours.seconds()
    return statistics.median(ours.seconds() for _ in range(runs))
