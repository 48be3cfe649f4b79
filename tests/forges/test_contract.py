"""The client keeps to GitHub's published interface description; so do the answers that other tests make up.

Stoplight Prism serves the description (npm: @octokit/openapi) on loopback. As a mock it refuses questions
that the description does not have and answers with GitHub's own examples; as a proxy in front of our
server it refuses also answers that GitHub could not give.
"""

from __future__ import annotations

import functools
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from forge_server import REPOSITORY, TOKEN, GitHubServer, account, pull_data, review_data

from gaoshi.sources.forges import ForgeError, Mark
from gaoshi.sources.forges.github import GitHub

MODULES = Path(__file__).resolve().parent / "node_modules"
PRISM = MODULES / "@stoplight/prism-cli/dist/index.js"
DESCRIPTION = MODULES / "@octokit/openapi/generated/api.github.com.json"
PATIENCE = 120
HEAD, BASE, TIP = "1" * 40, "2" * 40, "3" * 40


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def prism(log: Path, *arguments: str) -> Iterator[str]:
    """Prism on loopback until it is no longer needed; its address."""
    if not PRISM.exists() or not DESCRIPTION.exists():
        pytest.fail("Prism is missing: type `npm ci --ignore-scripts` in tests/forges, or `make test`", pytrace=False)
    port = free_port()
    command = ["node", PRISM, arguments[0], "-h", "127.0.0.1", "-p", str(port), DESCRIPTION, *arguments[1:]]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"Prism did not start:\n{log.read_text(errors='replace')[-2000:]}", pytrace=False)


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """GitHub as its description has it, started once."""
    with prism(tmp_path_factory.mktemp("prism") / "log", "mock") as address:
        yield address


@pytest.fixture(scope="session")
def ours() -> Iterator[GitHubServer]:
    """The server that other tests ask."""
    server = GitHubServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def proxy(ours: GitHubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """That server behind one that knows GitHub's description, started once."""
    with prism(tmp_path_factory.mktemp("prism") / "log", "proxy", ours.address) as address:
        yield address


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@contextmanager
def client(address: str, repository: str, **headers: str) -> Iterator[tuple[GitHub, list[httpx.Response]]]:
    """A client, and every answer that it gets."""
    answers: list[httpx.Response] = []
    hub = GitHub(repository, TOKEN, lambda _: None, address)
    connection = hub._connection()
    connection.headers.update(headers)
    connection.event_hooks = {"response": [answers.append, _without_other_hosts]}
    with closing(hub):
        yield hub, answers


def _without_other_hosts(answer: httpx.Response) -> None:
    """Every example names a next page at api.github.com, which the client would rightly refuse to follow."""
    if answer.url.host not in answer.headers.get("Link", ""):
        answer.headers.pop("Link", None)


def violations(answers: list[httpx.Response], side: str) -> list[Any]:
    """What Prism found against the questions (`request`) or the answers (`response`)."""
    found = [found for answer in answers for found in json.loads(answer.headers.get("sl-violations", "[]"))]
    return [violation for violation in found if violation["location"][0] == side]


def test_questions_are_github_s_and_its_examples_are_understood(mock: str) -> None:
    """Both questions are in the description, parameters and all, and GitHub's own examples parse to what they say."""
    with client(mock, "octocat/Hello-World", Prefer="example=default") as (hub, answers):
        (pull,) = hub.pull_requests("6dcb09b5b57875f334f61aebed695e2e4193db5e")
        assert (pull.number, pull.opener, pull.head) == (1347, pull.opener, "6dcb09b5b57875f334f61aebed695e2e4193db5e")
        assert pull.opener is not None
        assert (pull.opener.number, pull.opener.name, pull.opener.human) == (1, "octocat", True)
        (review,) = hub.reviews(1347)
        assert (review.number, review.mark, review.commit) == (
            80,
            Mark.APPROVED,
            "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091",
        )
        assert review.at is not None
        assert review.account is not None
        assert [answer.status_code for answer in answers] == [200, 200]
        assert violations(answers, "request") == []


def test_a_question_that_github_does_not_have_is_noticed(mock: str) -> None:
    """The check above can fail: a question of another form is refused."""
    with client(mock, "octocat/Hello-World") as (hub, answers):
        with pytest.raises(ForgeError):
            hub.reviews("latest")  # type: ignore[arg-type]
        assert [answer.status_code for answer in answers] == [422]


@functools.cache
def example(name: str) -> Any:
    """The first item of one of GitHub's own examples, without the one part that breaks its own description."""
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))["components"]["examples"][name]["value"][0] | {
        "requested_teams": []
    }


def over(whole: Any, part: Any) -> Any:
    """`whole` with what `part` says instead."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return whole | {key: over(whole.get(key), value) for key, value in part.items()}
    return part


def test_the_answers_that_other_tests_make_up_are_github_s(proxy: str, ours: GitHubServer) -> None:
    """Deleted accounts, missing commits, drafts, open pull requests, pages: all may come, by the description."""
    ours.page = 2
    ours.reviews[1] = [
        over(example("pull-request-review-items"), review_data(number, by, state, commit))
        for number, (by, state, commit) in enumerate(
            [
                (account(1), "APPROVED", HEAD),
                (account(2, "x[bot]", "Bot"), "CHANGES_REQUESTED", HEAD),
                (None, "DISMISSED", None),
                (account(3), "COMMENTED", None),
            ]
        )
    ]
    pulls = [
        pull_data(1, HEAD, BASE, merge_commit_sha=TIP),
        pull_data(2, HEAD, BASE, merge_commit_sha=None, merged_at=None),
        pull_data(3, HEAD, BASE, merge_commit_sha=TIP, user=None),
    ]
    ours.pulls[TIP] = [over(example("pull-request-simple-items"), pull) for pull in pulls]
    with client(proxy, REPOSITORY) as (hub, answers):
        # The next page is named by our server, behind the proxy: there the question is the same again.
        ours.next_host = proxy
        assert [review.mark for review in hub.reviews(1)] == list(Mark)[:4]
        assert [pull.number for pull in hub.pull_requests(TIP)] == [1, 3]
        assert len(answers) == 4
        assert violations(answers, "request") == []
        assert violations(answers, "response") == []
