"""What a service tells its manager (systemd's protocol): that it is ready, that it lives, how it stands."""

from __future__ import annotations

import contextlib
import os
import socket
import time

VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""What only the service itself may use, not what it starts."""


class Manager:
    """Whoever started this service, if he listens."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")
        period = os.environ.get("WATCHDOG_USEC", "")
        # A sign of life thrice a period, so that one may get lost.
        self._every = int(period) / 3e6 if period.isdigit() else None
        self._alive = 0.0

    def tell(self, *lines: str) -> None:
        """Send `READY=1`, `STATUS=…` and the like; when nobody can hear it, nothing happens."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.setblocking(False)
            channel.sendto("\n".join(lines).encode(), address)

    def alive(self) -> None:
        """Give a sign of life, if one is expected by now."""
        if self._every is not None and time.monotonic() - self._alive >= self._every:
            self._alive = time.monotonic()
            self.tell("WATCHDOG=1")
