"""`python -m gaoshi.cli.bound PID …` is `gaoshi …`, bound to the process that started it: they end together.

So a publisher that is killed leaves no build behind that nobody waits for.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from gaoshi.cli import main

_PR_SET_PDEATHSIG = 1


def _bind(parent: int) -> None:
    """Have the system kill this process when `parent` ends (Linux; elsewhere a build is left to end by itself)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended already
        sys.exit(1)


if __name__ == "__main__":
    _bind(int(sys.argv.pop(1)))
    main()
