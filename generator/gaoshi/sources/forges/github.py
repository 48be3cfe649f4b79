"""GitHub, asked through its REST interface with httpx.

httpx rather than PyGithub or githubkit: two questions are asked, and how often one is repeated, how long
is waited and where the token is sent are ours to decide and to test. The answers are checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from gaoshi.core.instants import NotAnInstant, parse_exact
from gaoshi.sources.forges import Account, ForgeError, Mark, PullRequest, Review

if TYPE_CHECKING:
    import httpx

API = "https://api.github.com"
"""Where GitHub answers, unless the environment names a server of one's own."""
FORGE = "github"
_VERSION = "2022-11-28"
_PER_PAGE = 100
_MOST_PAGES = 100
_TRIES = 5
_TIMEOUT = 20.0
_LONGEST_WAIT = 300.0
"""Seconds: for a limit that ends later, the pipeline does not stand still; the next run asks again."""
_WAIT_UNTOLD = 60.0
"""Seconds that GitHub asks to wait at least when it refuses without saying how long."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}", re.ASCII)
_MARKS = {
    "APPROVED": Mark.APPROVED,
    "CHANGES_REQUESTED": Mark.CHANGES_REQUESTED,
    "DISMISSED": Mark.DISMISSED,
    "COMMENTED": Mark.COMMENTED,
    "PENDING": Mark.PENDING,
}
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _UNPROCESSABLE, _TOO_MANY, _BROKEN = 200, 401, 403, 404, 422, 429, 500
_Type = TypeVar("_Type")


def is_repository(name: str) -> bool:
    """Whether this is a repository's name: `owner/name`."""
    return _REPOSITORY.fullmatch(name) is not None and name.rpartition("/")[2] not in {".", ".."}


@dataclass(slots=True)
class GitHub:
    """A repository on GitHub. `sleep` waits for so many seconds; the token is sent to `api` and nowhere else."""

    repository: str
    token: str = field(repr=False)
    sleep: Callable[[float], None]
    api: str = API
    name: str = FORGE
    _pulls: dict[str, list[PullRequest]] = field(default_factory=dict)
    _reviews: dict[int, list[Review]] = field(default_factory=dict)
    _client: httpx.Client | None = None

    # ── questions ────────────────────────────────────────────────────────────────────────────────

    def pull_requests(self, commit: str) -> list[PullRequest]:
        """The pull requests, merged into the default branch, that brought `commit`. Raises ForgeError."""
        if commit not in self._pulls:
            try:
                found = list(self._all(f"/repos/{self.repository}/commits/{commit}/pulls"))
            except ForgeError as error:
                if error.what != "unknown-commit":
                    raise
                found = []
            self._pulls[commit] = [pull for item in found if (pull := self._brought(item)) is not None]
        return self._pulls[commit]

    def _brought(self, item: Any) -> PullRequest | None:
        """A pull request of this repository that was merged into its default branch."""
        ours = _must_be(str, item, "base", "repo", "full_name").casefold() == self.repository.casefold()
        return _pull_request(item) if ours else None

    def pull_request(self, number: int, at: datetime) -> PullRequest:
        """A pull request as it is now, as if it were merged at `at`. Raises ForgeError."""
        return _told(_json(self._get(f"{self.api.rstrip('/')}/repos/{self.repository}/pulls/{number}")), at)

    def reviews(self, number: int) -> list[Review]:
        """All reviews of a pull request. Raises ForgeError."""
        if number not in self._reviews:
            found = self._all(f"/repos/{self.repository}/pulls/{number}/reviews")
            self._reviews[number] = [_review(item) for item in found]
        return self._reviews[number]

    def reference(self, number: int) -> str:
        """The reference under which GitHub keeps a pull request's commits, also after the merge."""
        return f"refs/pull/{number}/head"

    # ── asking ───────────────────────────────────────────────────────────────────────────────────

    def _connection(self) -> httpx.Client:
        import httpx  # noqa: PLC0415  (slow to import, and needed only to ask)

        if self._client is None:
            headers = {
                "Accept": "application/vnd.github+json, application/json;q=0.9",
                "X-GitHub-Api-Version": _VERSION,
                "User-Agent": "gaoshi",
            }
            if self.token:
                headers["Authorization"] = f"Bearer {self.token}"
            try:
                self._client = httpx.Client(headers=headers, timeout=_TIMEOUT, follow_redirects=True)
            except (UnicodeError, ValueError, ImportError) as error:  # what the environment says of proxies and tokens
                raise ForgeError("unreachable", type(error).__name__, lasting=True) from None
        return self._client

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _all(self, path: str) -> Iterator[Any]:
        """The items of all pages of a list."""
        url = f"{self.api.rstrip('/')}{path}?per_page={_PER_PAGE}"
        for _ in range(_MOST_PAGES):
            response = self._get(url)
            items = _json(response)
            if not isinstance(items, list):
                raise ForgeError("answer", path)
            yield from items
            following = response.links.get("next", {}).get("url")
            if following is None:
                return
            url = str(response.url.join(following))
            if response.url.join(following).netloc != response.url.netloc:  # the token is not for others
                raise ForgeError("answer", path)
        raise ForgeError("answer", path)

    def _get(self, url: str) -> httpx.Response:
        """The answer, after as many tries as it takes; ForgeError when there is none, or it is a refusal."""
        import httpx  # noqa: PLC0415

        client = self._connection()
        problem = ForgeError("unreachable", lasting=True)
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                response = client.get(url)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = ForgeError("unreachable", type(error).__name__, lasting=True)
                wait = _backoff(attempt)
            else:
                if response.status_code == _OK:
                    return response
                limited = _wait_for(response)
                if limited is None and response.status_code < _BROKEN:
                    raise _refusal(response)
                problem = _refusal(response) if limited is None else ForgeError("rate-limit", lasting=True)
                wait = _backoff(attempt) if limited is None else limited
            if last or wait > _LONGEST_WAIT:
                break
            self.sleep(wait)
        raise problem


def _backoff(attempt: int) -> float:
    """Seconds to wait after so many tries in vain."""
    return float(2**attempt)


def _wait_for(response: httpx.Response) -> float | None:
    """For how many seconds GitHub does not want to be asked; None when it refuses for another reason."""
    if response.status_code not in {_FORBIDDEN, _TOO_MANY}:
        return None
    headers = response.headers
    with suppress(KeyError, ValueError):
        return max(0.0, float(headers["Retry-After"]))
    if headers.get("x-ratelimit-remaining") == "0":
        with suppress(KeyError, ValueError, TypeError):
            now = parsedate_to_datetime(headers["Date"]).timestamp()  # its clock, so ours need not be right
            return max(0.0, float(headers["x-ratelimit-reset"]) - now) + 1
        return _LONGEST_WAIT + 1
    if response.status_code == _TOO_MANY or "rate limit" in response.text.lower():
        return _WAIT_UNTOLD
    return None


def _refusal(response: httpx.Response) -> ForgeError:
    status = response.status_code
    if status == _UNAUTHORIZED:
        return ForgeError("unauthorized", lasting=True)
    if status == _FORBIDDEN:
        return ForgeError("forbidden", lasting=True)
    if status == _UNPROCESSABLE:
        return ForgeError("unknown-commit")
    if status == _NOT_FOUND:
        return ForgeError("not-found", response.url.path)
    return ForgeError("status", str(status), lasting=status >= _BROKEN)


# ── reading answers ──────────────────────────────────────────────────────────────────────────────


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise ForgeError("answer", response.url.path) from None


def _must_be(kind: type[_Type], data: Any, *path: str) -> _Type:
    """What stands at `path` in an answer, which must be of this type. Raises ForgeError."""
    value = _optional(kind, data, *path)
    if value is None:
        raise ForgeError("answer", ".".join(path))
    return value


def _optional(kind: type[_Type], data: Any, *path: str) -> _Type | None:
    """The same, or None where it is null or missing."""
    value = data
    for part in path:
        if not isinstance(value, Mapping):
            raise ForgeError("answer", ".".join(path))
        value = value.get(part)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise ForgeError("answer", ".".join(path))
    return value


def _pull_request(data: Any) -> PullRequest | None:
    """A pull request; None when it was not merged into the default branch."""
    merged_at = _instant(data, "merged_at")
    if merged_at is None or _must_be(str, data, "base", "ref") != _must_be(str, data, "base", "repo", "default_branch"):
        return None
    return _told(data, merged_at)


def _told(data: Any, merged_at: datetime) -> PullRequest:
    return PullRequest(
        number=_must_be(int, data, "number"),
        opener=_account(data, "user"),
        head=_commit(_must_be(str, data, "head", "sha")),
        base=_commit(_must_be(str, data, "base", "sha")),
        merged_as=_commit(merged) if (merged := _optional(str, data, "merge_commit_sha")) else None,
        merged_at=merged_at,
    )


def _review(data: Any) -> Review:
    commit = _optional(str, data, "commit_id")
    return Review(
        number=_must_be(int, data, "id"),
        account=_account(data, "user"),
        mark=_MARKS.get(_must_be(str, data, "state"), Mark.COMMENTED),  # a word we do not know decides nothing
        commit=_commit(commit) if commit else None,
        at=_instant(data, "submitted_at"),
        text=_optional(str, data, "body") or "",
    )


def _account(data: Any, *path: str) -> Account | None:
    if _optional(Mapping, data, *path) is None:  # type: ignore[type-abstract]
        return None
    kind = _must_be(str, data, *path, "type")
    return Account(_must_be(int, data, *path, "id"), _must_be(str, data, *path, "login"), human=kind == "User")


def _commit(text: str) -> str:
    if not _COMMIT.fullmatch(text):
        raise ForgeError("answer", "sha")
    return text


def _instant(data: Any, *path: str) -> datetime | None:
    text = _optional(str, data, *path)
    try:
        return None if text is None else parse_exact(text)
    except NotAnInstant:
        raise ForgeError("answer", ".".join(path)) from None
