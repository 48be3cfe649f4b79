"""A command that must end: in a process group of its own, with a limit, and nothing of it left behind."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_SLICE = 0.1
_MOST_BYTES = 1 << 18
_CHUNK = 1 << 16
_ROUNDS = 20
"""More than a pipe can hold, at a chunk each."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a command is waited for: `seconds`, or until `over()`, which is asked ten times a second."""

    seconds: float
    over: Callable[[], bool] = _never


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `status` is negative when a signal ended it, None when our patience did.

    `broken_off` tells that `over()` said so, and not the clock. Of long output the end is kept.
    """

    status: int | None
    out: bytes
    err: bytes
    broken_off: bool = False


def finish(
    command: Sequence[str], patience: Patience, *, environment: Mapping[str, str], inherited: tuple[int, ...] = ()
) -> Ended:
    """Run `command` to its end, or kill it with all that it has started.

    It has no terminal and nothing to read. `inherited` are file descriptors that stay open in it. Raises
    OSError when it cannot be started.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        pass_fds=inherited,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said: dict[object, bytes] = {process.stdout: b"", process.stderr: b""}
    end = time.monotonic() + patience.seconds
    broken_off = False
    with process, selectors.DefaultSelector() as pipes:
        for pipe in (process.stdout, process.stderr):
            pipes.register(pipe, selectors.EVENT_READ)
        try:
            while process.poll() is None and time.monotonic() < end and not broken_off:
                _drain(pipes, said, _SLICE)
                broken_off = patience.over()
        finally:
            late = process.poll() is None
            if late:
                _kill(process)
        for _ in range(_ROUNDS):  # what it has left in the pipes; somebody who got away may go on writing for ever
            _drain(pipes, said, 0)
    status = None if late else process.returncode
    return Ended(status, said[process.stdout], said[process.stderr], broken_off=late and broken_off)


def _drain(pipes: selectors.BaseSelector, said: dict[object, bytes], seconds: float) -> None:
    """Take some of what the pipes hold, waiting so long for it."""
    if not pipes.get_map():
        time.sleep(seconds / 10)  # it has closed them and is about to end
    for key, _ in pipes.select(seconds):
        data = os.read(key.fd, _CHUNK)
        said[key.fileobj] = (said[key.fileobj] + data)[-_MOST_BYTES:]
        if not data:
            pipes.unregister(key.fileobj)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
