"""The GitHub client on the wire: pages, waits, tries, and answers that are not what they should be."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

import pytest
from forge_server import (
    REPOSITORY,
    TOKEN,
    GitHubServer,
    Trouble,
    account,
    pull_data,
    review_data,
)

from gaoshi.core.instants import parse_exact
from gaoshi.sources.forges import ForgeError, Mark
from gaoshi.sources.forges.github import GitHub, is_repository

HEAD, BASE, TIP = "1" * 40, "2" * 40, "3" * 40
NOW = parse_exact("2026-11-20T00:00:00Z")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = GitHubServer()
    yield server
    server.close()


class Asking:
    """A client, and the seconds that it has waited."""

    def __init__(self, server: GitHubServer) -> None:
        self.waited: list[float] = []
        self.hub = GitHub(REPOSITORY, TOKEN, self.waited.append, server.address)

    def reviews(self) -> list[Any]:
        return self.hub.reviews(1)

    def failing(self) -> ForgeError:
        with pytest.raises(ForgeError) as caught:
            self.hub.reviews(1)
        return caught.value


@pytest.fixture
def asking(server: GitHubServer) -> Iterator[Asking]:
    asking = Asking(server)
    yield asking
    asking.hub.close()


def test_all_pages_are_read(server: GitHubServer, asking: Asking) -> None:
    """A decision on the last page counts as one on the first; the next page is where the Link header says."""
    server.page = 2
    server.reviews[1] = [review_data(number, account(number), "APPROVED", HEAD) for number in range(1, 6)]
    assert [review.number for review in asking.reviews()] == [1, 2, 3, 4, 5]
    assert len(server.asked) == 3
    assert server.tokens == {f"Bearer {TOKEN}"}


def test_the_token_does_not_follow_a_link_elsewhere(server: GitHubServer, asking: Asking) -> None:
    """A next page on another host is refused: the token is for this one."""
    server.page, server.next_host = 1, "http://127.0.0.1:1"
    server.reviews[1] = [review_data(number, account(number), "APPROVED", HEAD) for number in (1, 2)]
    assert asking.failing().what == "answer"
    assert TOKEN not in repr(asking.hub)


def test_the_token_does_not_follow_a_redirect_elsewhere(server: GitHubServer, asking: Asking) -> None:
    """A repository that moved is followed; to another host without the token."""
    elsewhere = GitHubServer()
    server.troubles = [Trouble(301, {"Location": f"{elsewhere.address}/repos/{REPOSITORY}/pulls/1/reviews"})]
    elsewhere.reviews[1] = [review_data(1, account(1), "APPROVED", HEAD)]
    assert len(asking.reviews()) == 1
    assert elsewhere.tokens == {None}
    elsewhere.close()


def test_reviews_are_read_whatever_they_say(server: GitHubServer, asking: Asking) -> None:
    """Each state is told apart; deleted accounts, missing commits and drafts are read as what they are."""
    states = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED", "PENDING", "SOMETHING_NEW"]
    server.reviews[1] = [review_data(number, None, state, None) for number, state in enumerate(states)]
    del server.reviews[1][4]["submitted_at"]
    found = asking.reviews()
    assert [review.mark for review in found] == [*list(Mark)[:5], Mark.COMMENTED]
    assert {(review.account, review.commit) for review in found} == {(None, None)}
    assert [review.at is None for review in found] == [False, False, False, False, True, False]


def test_pull_requests_are_asked_for_once(server: GitHubServer, asking: Asking) -> None:
    """Of one commit many notices may come; the forge is asked once. An unknown commit has none."""
    server.pulls[TIP] = [
        pull_data(1, HEAD, BASE, merge_commit_sha=TIP),
        pull_data(2, HEAD, BASE, merged_at=None),
    ]
    for _ in range(2):
        (pull,) = asking.hub.pull_requests(TIP)
    assert (pull.number, pull.head, pull.base, pull.merged_as) == (1, HEAD, BASE, TIP)
    assert len(server.asked) == 1
    server.troubles = [Trouble(422)]
    assert asking.hub.pull_requests(BASE) == []


@pytest.mark.parametrize(
    ("trouble", "wait"),
    [
        (Trouble(429, {"Retry-After": "7"}), 7.0),
        (Trouble(403, {"Retry-After": "7"}), 7.0),
        (Trouble(429), 60.0),
        (Trouble(403, {}, '{"message": "You have exceeded a secondary rate limit"}'), 60.0),
        (
            Trouble(
                403,
                {
                    "x-ratelimit-remaining": "0",
                    "x-ratelimit-reset": str(int(NOW.timestamp()) + 30),
                    "Date": format_datetime(NOW, usegmt=True),
                },
            ),
            31.0,
        ),
        (Trouble(500), 1.0),
        (Trouble(503), 1.0),
        (Trouble(drop=True), 1.0),
    ],
)
def test_it_waits_as_long_as_it_is_told(server: GitHubServer, asking: Asking, trouble: Trouble, wait: float) -> None:
    """After a limit the wait is the forge's, reckoned by its own clock; after a fault it grows by itself."""
    server.troubles = [trouble]
    assert asking.reviews() == []
    assert asking.waited == [wait]


@pytest.mark.parametrize(
    ("troubles", "what", "asked"),
    [
        ([Trouble(500)] * 9, "status", 5),
        ([Trouble(drop=True)] * 9, "unreachable", 5),
        ([Trouble(429, {"Retry-After": "1"})] * 9, "rate-limit", 5),
        ([Trouble(429, {"Retry-After": "9999"})], "rate-limit", 1),
        ([Trouble(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000000000"})], "rate-limit", 1),
        ([Trouble(401)], "unauthorized", 1),
        ([Trouble(403)], "forbidden", 1),
        ([Trouble(404)], "not-found", 1),
        ([Trouble(200, {}, "<html>")], "answer", 1),
        ([Trouble(200, {}, "{}")], "answer", 1),
        ([Trouble(200, {}, "[1]")], "answer", 1),
        ([Trouble(200, {}, '[{"id": "1", "state": "APPROVED"}]')], "answer", 1),
        ([Trouble(200, {}, '[{"id": true, "state": "APPROVED"}]')], "answer", 1),
        ([Trouble(200, {}, '[{"id": 1, "state": "APPROVED", "commit_id": "--help"}]')], "answer", 1),
        ([Trouble(200, {}, '[{"id": 1, "state": "APPROVED", "submitted_at": "yesterday"}]')], "answer", 1),
        ([Trouble(200, {}, '[{"id": 1, "state": "APPROVED", "submitted_at": "2026-11-20T01:00:00"}]')], "answer", 1),
        ([Trouble(200, {}, "[" * 100000)], "answer", 1),
    ],
)
def test_what_cannot_be_had_is_one_word(
    server: GitHubServer, asking: Asking, troubles: list[Trouble], what: str, asked: int
) -> None:
    """No answer, a refusal, or an answer of another form: a ForgeError, after no more tries than make sense."""
    server.troubles = list(troubles)
    error = asking.failing()
    assert (error.what, len(server.asked)) == (what, asked)
    assert TOKEN not in str(error)


@pytest.mark.parametrize("token", ["ghs\n_x", "令牌"])
def test_a_token_that_cannot_be_sent_is_no_traceback(server: GitHubServer, token: str) -> None:
    """What the environment holds as a token may be anything; it is not shown."""
    hub = GitHub(REPOSITORY, token, lambda _: None, server.address)
    with pytest.raises(ForgeError) as caught:
        hub.reviews(1)
    assert token not in str(caught.value)


def test_an_endless_list_ends(server: GitHubServer, asking: Asking) -> None:
    """A forge that always names a next page is not asked for ever."""
    server.page = 1
    server.reviews[1] = [review_data(number, account(1), "APPROVED", HEAD) for number in range(1, 200)]
    assert asking.failing().what == "answer"
    assert len(server.asked) == 100


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("cloudtop/board", True),
        ("a/b.c_d-e", True),
        ("board", False),
        ("a/b/c", False),
        ("../x", False),
        ("a/..", False),
        ("a/b?x", False),
        ("a/b#x", False),
        ("", False),
    ],
)
def test_a_repository_is_owner_and_name(name: str, fits: bool) -> None:
    """Nothing else finds its way into an address."""
    assert is_repository(name) is fits
