"""Work in a second process while this one goes on; where that cannot be, it is done when it is asked for."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Result = TypeVar("_Result")


@contextmanager
def beside(work: Callable[[], _Result]) -> Iterator[Callable[[], _Result]]:
    """Begin `work`; what is yielded waits for its result.

    A copy of this process does it, so it must not write anything, unless it may as well be written twice. Should
    the copy fail, it is done again here, and what goes wrong is raised as if it had been done here from the start.
    """
    child = _begun(work)
    if child is None:
        yield work
        return
    number, handle = child
    data = b""
    with os.fdopen(handle, "rb") as pipe:

        def result() -> _Result:
            nonlocal data
            data = data or pipe.read()
            try:
                done: _Result = pickle.loads(data)  # noqa: S301  (from our own copy)
            except (pickle.UnpicklingError, EOFError):
                return work()
            return done

        try:
            yield result
        finally:
            pipe.close()
            os.waitpid(number, 0)


def _begun(work: Callable[[], object]) -> tuple[int, int] | None:
    """The process that does `work` and the pipe that its result comes by; None where it cannot be copied safely."""
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2 or threading.active_count() > 1:  # noqa: PLR2004
        return None
    read, write = os.pipe()
    try:
        number = os.fork()
    except OSError:  # no memory or no process left for a copy
        os.close(read)
        os.close(write)
        return None
    if number:
        os.close(write)
        return number, read
    try:  # the copy: whatever happens, it must end here and say nothing
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            pipe.write(pickle.dumps(work(), protocol=5))
    finally:
        os._exit(0)
