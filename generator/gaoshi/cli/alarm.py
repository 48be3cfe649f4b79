"""Signals for something that runs for months: told to stop, told to look at once, and woken from waiting."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections.abc import Callable
from types import FrameType
from typing import Self


class Alarm:
    """SIGTERM and SIGINT stop, SIGHUP looks at once; every one of them ends a wait.

    `stir` is called at least once a second while something is waited for.
    """

    def __init__(self, stir: Callable[[], None] = lambda: None) -> None:
        self.stopped = False
        self._looked_for = False
        self._stir = stir

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._before = {name: signal.signal(name, self._ring) for name in (signal.SIGTERM, signal.SIGINT)}
        self._before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._ring)
        self._fd = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd)
        for name, handler in self._before.items():
            signal.signal(name, handler)
        os.close(self._read)
        os.close(self._write)

    def _ring(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self._looked_for = True
        else:
            self.stopped = True

    def over(self) -> bool:
        """Whether to stop."""
        self._stir()
        return self.stopped

    def looked_for(self) -> bool:
        """Whether somebody asked to look at once, since this was last asked."""
        found, self._looked_for = self._looked_for, False
        return found

    def wait(self, seconds: float) -> None:
        """Wait so long, or until a signal comes."""
        if select.select([self._read], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(self._read, 512)
