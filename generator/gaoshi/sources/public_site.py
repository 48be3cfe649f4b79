"""A public site, asked as a browser would ask it, and trusted in nothing.

Only what lies under its address is ever asked: redirections lead nowhere else, no cookie is kept, and
whatever is answered, it ends in time and in memory.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import monotonic
from typing import TYPE_CHECKING

from gaoshi.core.answer import LEFT, Answer

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 10_000_000
"""No file of a board is larger, unpacked."""
MOST_BYTES_ALL = 256_000_000
"""Nor are all files together that are asked for in one look."""
_AT_ONCE = 8
_SECONDS_EACH = 20.0
_SECONDS_ALL = 300.0
_REDIRECTIONS = 5
_OLDEST = 366 * 24 * 60 * 60
"""Seconds that a cache keeps an answer, at most."""
_PATH = re.compile(r"(?:(?!\.)[A-Za-z0-9._-]+/)*(?:(?!\.)[A-Za-z0-9._-]+)?", re.ASCII)
"""A path from the site's root that leads nowhere else; every address of a board is one."""
_GZIP = 31
"""What zlib calls a stream with gzip's own head."""
_HEADERS = {"Accept-Encoding": "gzip", "Cache-Control": "no-cache", "Pragma": "no-cache", "User-Agent": "gaoshi"}


_Way = Callable[["httpx.AsyncClient", str], Awaitable[Answer]]
"""How a path is asked."""


class NotAnAddress(ValueError):
    """A text that is no address of a public site."""


class _NoAnswer(Exception):
    """Why there is no answer, by a word, and with what."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.answer = Answer(problem=problem, detail=detail)


class PublicSite:
    """The site at an address that begins with `https://` or `http://` and names a host and a folder.

    Raises NotAnAddress for any other, also for one with a password, a query or a fragment.
    """

    def __init__(
        self,
        address: str,
        *,
        seconds_each: float = _SECONDS_EACH,
        seconds_all: float = _SECONDS_ALL,
        bytes_all: int = MOST_BYTES_ALL,
    ) -> None:
        import httpx  # noqa: PLC0415  (slow to import)

        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise NotAnAddress(address) from None
        if (
            url.scheme not in {"http", "https"}
            or not url.host
            or url.userinfo
            or url.query
            or url.fragment
            or ".." in url.path
        ):
            raise NotAnAddress(address)
        self._base = url.copy_with(path=f"{url.path.rstrip('/')}/")
        self._seconds_each = seconds_each
        self._seconds_all = seconds_all
        self._bytes_all = bytes_all
        self.begin()

    def begin(self) -> None:
        """Begin a look anew: all that is asked from now on ends in time and in memory, however many calls it takes."""
        self._left = self._bytes_all
        self._floor = 0
        self._seconds_left = self._seconds_all

    @property
    def root(self) -> str:
        """The path of its address, ending in a slash."""
        return self._base.path

    @property
    def host(self) -> str:
        """The name of its host."""
        return self._base.host

    @property
    def address(self) -> str:
        """Where it is, ending in a slash."""
        return str(self._base)

    def ask(self, paths: Iterable[str], most: int | None = None) -> dict[str, Answer]:
        """What the site answers at each of `paths` from its root; a path that leads elsewhere is not asked.

        Once `most` bytes have come, what else comes has the problem LEFT.
        """
        self._floor = max(0, self._left - most) if most is not None else 0
        # In a thread of its own, because that of the caller may already have a loop.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._ask(list(dict.fromkeys(paths)), self._get)).result()

    def ask_time(self) -> Answer:
        """What the site answers when its home page asks for the time: `HEAD ?clock`, and no redirection is followed."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._ask([""], self._head)).result()[""]

    async def _ask(self, paths: list[str], way: _Way) -> dict[str, Answer]:
        import httpx  # noqa: PLC0415

        begun = monotonic()
        answers = dict.fromkeys(paths, Answer(problem="slow"))
        turn = asyncio.Semaphore(_AT_ONCE)
        jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        try:
            client = httpx.AsyncClient(headers=_HEADERS, cookies=jar, timeout=self._seconds_each)
        except (UnicodeError, ValueError, ImportError) as error:  # what the environment says of proxies
            return dict.fromkeys(paths, Answer(problem="unreachable", detail=_told(error)))

        async def one(path: str) -> None:
            async with turn:
                answers[path] = await self._answer(way(client, path))

        async with client:
            asked = [asyncio.create_task(one(path)) for path in paths]
            if asked:
                _, late = await asyncio.wait(asked, timeout=self._seconds_left)
                for task in late:
                    task.cancel()
                await asyncio.gather(*asked, return_exceptions=True)
        self._seconds_left = max(0.0, self._seconds_left - (monotonic() - begun))
        return answers

    async def _answer(self, answer: Awaitable[Answer]) -> Answer:
        import httpx  # noqa: PLC0415

        try:
            async with asyncio.timeout(self._seconds_each):
                return await answer
        except _NoAnswer as none:
            return none.answer
        except (TimeoutError, httpx.TimeoutException):
            return Answer(problem="slow")
        except httpx.RemoteProtocolError as error:
            return Answer(problem="cut" if "without sending complete" in str(error) else "garbled", detail=_told(error))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            return Answer(problem="unreachable", detail=_told(error))

    async def _get(self, client: httpx.AsyncClient, path: str) -> Answer:
        if not _PATH.fullmatch(path):
            raise _NoAnswer("outside")
        url = self._base.join(path)
        for _ in range(_REDIRECTIONS + 1):
            async with client.stream("GET", url) as response:
                if not response.has_redirect_location:
                    kind, charset = _kind(response.headers.get("Content-Type", ""))
                    body = await self._body(response)
                    return Answer(response.status_code, kind, body, charset=charset)
                target = url.join(response.headers["Location"])
                if not self._is_ours(url, target):
                    raise _NoAnswer("redirected", str(target))
                url = target
        raise _NoAnswer("circle")

    async def _head(self, client: httpx.AsyncClient, path: str) -> Answer:
        url = self._base.join(path).copy_with(query=b"clock")
        response = await client.head(url)
        safer = url.copy_with(scheme="https")
        # Where a host leads from http to https, that is where readers have their pages from.
        if url != safer and response.has_redirect_location and url.join(response.headers["Location"]) == safer:
            response = await client.head(safer)
        return Answer(response.status_code, time=_time(response), age=_age(response))

    async def _body(self, response: httpx.Response) -> bytes:
        """The whole body, as much of it as may be, unpacked here, so that a small one cannot become a huge one."""
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in {"identity", "gzip"}:
            raise _NoAnswer("packed", packing)
        parts: list[bytes] = []
        size = 0
        async for part in _unpacked(response) if packing == "gzip" else response.aiter_raw():
            size += len(part)
            self._left -= len(part)
            if size > MOST_BYTES or self._left < self._floor:
                raise _NoAnswer(LEFT if size <= MOST_BYTES and self._floor else "huge")
            parts.append(part)
        return b"".join(parts)

    def _is_ours(self, here: httpx.URL, there: httpx.URL) -> bool:
        """Whether a redirection stays on this host and in this folder; it may go over to https, and not back."""
        same = (there.scheme, there.port) == (here.scheme, here.port)
        safer = (here.scheme, there.scheme, here.port, there.port) == ("http", "https", None, None)
        plain = not there.userinfo and ".." not in there.path.split("/")
        return (same or safer) and there.host == here.host and plain and there.path.startswith(self._base.path)


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        async for chunk in response.aiter_raw():
            # One byte more than may be: the reader counts, and stops.
            yield unpacking.decompress(chunk, MOST_BYTES + 1)
    except zlib.error:
        raise _NoAnswer("garbled") from None
    if not unpacking.eof:
        raise _NoAnswer("cut")


def _kind(text: str) -> tuple[str, str]:
    """A media type and its charset, both in lower case."""
    kind, _, parameters = text.lower().partition(";")
    named = (parameter.partition("=") for parameter in parameters.split(";"))
    charset = next((value.strip(" \t\"'") for name, _, value in named if name.strip() == "charset"), "")
    return kind.strip(), charset


def _time(response: httpx.Response) -> datetime | None:
    """When an answer says that it was made; an instant of no zone (`-0000`) is one of UTC."""
    try:
        said = parsedate_to_datetime(response.headers.get("Date", ""))
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _age(response: httpx.Response) -> timedelta:
    """For how long a cache says that it has had an answer."""
    try:
        return timedelta(seconds=min(max(0, int(response.headers.get("Age", "0"))), _OLDEST))
    except ValueError:
        return timedelta()


def _told(error: BaseException) -> str:
    return str(error) or type(error).__name__
