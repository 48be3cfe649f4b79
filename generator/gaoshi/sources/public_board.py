"""Reading the board.json of a public board over the network."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from gaoshi.core.failure import Failure
from gaoshi.core.published import NotABoard, Published, read_published

MANIFEST = "board.json"
_MOST_BYTES = 10_000_000
_SECONDS = 30
_MOST_REDIRECTS = 3
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class SiteError(Failure):
    """The public board could not be read: `address`, `unreachable`, `elsewhere`, `status`, `too-large`, `no-board`."""

    family = "site"


def is_address(site: str) -> bool:
    """Whether this is an address of a board: `https://…`, or `http://…` on this machine."""
    try:
        parts = urlsplit(site)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL))


def fetch_board(site: str) -> Published:
    """The board that is public at the address `site`, asked for past every cache.

    Redirects are followed within the same host. Raises SiteError.
    """
    if not is_address(site):
        raise SiteError("address", site)
    address = httpx.URL(f"{site.rstrip('/')}/{MANIFEST}")
    try:
        with httpx.Client(timeout=_SECONDS, headers={"Cache-Control": "no-cache"}) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                data, following = _get(client, address)
                if following is None:
                    return read_published(data)
                if following.host != address.host or not is_address(str(following)):
                    raise SiteError("elsewhere", str(following))
                address = following
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SiteError("unreachable", str(error) or type(error).__name__) from None
    except NotABoard as error:
        raise SiteError("no-board", str(error)) from None
    raise SiteError("elsewhere", str(address))


def _get(client: httpx.Client, address: httpx.URL) -> tuple[bytes, httpx.URL | None]:
    """What lies at an address, or where it sends us."""
    with client.stream("GET", address) as response:
        if response.has_redirect_location:
            return b"", address.join(response.headers["location"])
        if response.status_code != httpx.codes.OK:
            raise SiteError("status", str(response.status_code))
        data = b""
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > _MOST_BYTES:
                raise SiteError("too-large", str(address))
        return data, None
