"""A forge to collect from: a server on loopback that answers as GitHub does, and a bare repository beside it.

Answers have the shape of recorded ones. Pull requests are real: branches with commits in git, merged as
GitHub merges them, with `refs/pull/<number>/head` in the repository that is fetched from.
"""

from __future__ import annotations

import json
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

REPOSITORY = "cloudtop/board"
TOKEN = "ghs_not-a-real-token"  # noqa: S105
WITNESS = "publisher"
SEC, CENTRE, DUTY, KEEPER, ENG = 9000001, 9000002, 9000003, 9000004, 9000005
PEOPLE = {SEC: "sec-head", CENTRE: "centre-head", DUTY: "duty", KEEPER: "keeper", ENG: "eng-head"}
ROLES = {
    SEC: "{role: department-head, department: security}",
    CENTRE: "service-centre-head",
    DUTY: "duty-officer",
    KEEPER: "roster-keeper",
    ENG: "{role: department-head, department: engineering}",
}
WRITER = 9000100
HOME = {"id": 1, "full_name": REPOSITORY, "default_branch": "main"}


def make_key(path: Path) -> str:
    """A new key in file `path`; its public line."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path.with_name(path.name + ".pub").read_text().strip()


def roster_text(witness_key: str, *more: str) -> str:
    """A roster of five people with accounts, and one witness; `more` are lines of further people."""
    lines = ["people:"]
    for number, name in PEOPLE.items():
        lines += [
            f"  - id: {name}",
            f"    name: {name}",
            f"    title: {{zh: {name}, en: {name}}}",
            f"    roles: [{ROLES[number]}]",
            f"    emails: [{name}@cloudtop.example]",
            f"    accounts: [{{forge: github, id: {number}, name: {name}}}]",
        ]
    lines += [*more, "witnesses:", f"  - id: {WITNESS}", f'    keys: [{{key: "{witness_key}"}}]', ""]
    return "\n".join(lines)


# ── GitHub's answers ─────────────────────────────────────────────────────────────────────────────


def account(number: int, name: str | None = None, kind: str = "User") -> dict[str, Any]:
    """An account, as GitHub tells of it."""
    login = name or PEOPLE.get(number, f"user-{number}")
    return {
        "login": login,
        "id": number,
        "node_id": "MDQ6VXNlcjE=",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}",
        "gravatar_id": "",
        "url": f"https://api.github.com/users/{quote(login)}",
        "html_url": f"https://github.com/{quote(login)}",
        "type": kind,
        "site_admin": False,
    }


def pull_data(number: int, head: str, base_commit: str, **more: Any) -> dict[str, Any]:
    """A merged pull request, as GitHub tells of it."""
    return {
        "url": f"https://api.github.com/repos/{REPOSITORY}/pulls/{number}",
        "id": 1000 + number,
        "number": number,
        "state": "closed",
        "title": f"pull request {number}",
        "user": account(WRITER),
        "body": None,
        "merged_at": "2026-11-20T02:00:00Z",
        "merge_commit_sha": None,
        "head": {"label": f"cloudtop:{number}", "ref": f"branch-{number}", "sha": head, "repo": HOME},
        "base": {"label": "cloudtop:main", "ref": "main", "sha": base_commit, "repo": HOME},
    } | more


def review_data(number: int, by: dict[str, Any] | None, state: str, commit: str | None, **more: Any) -> dict[str, Any]:
    """A review, as GitHub tells of it."""
    return {
        "id": number,
        "node_id": "PRR_1",
        "user": by,
        "body": "",
        "state": state,
        "html_url": f"https://github.com/{REPOSITORY}/pull/1#pullrequestreview-{number}",
        "pull_request_url": f"https://api.github.com/repos/{REPOSITORY}/pulls/1",
        "author_association": "MEMBER",
        "submitted_at": "2026-11-20T01:00:00Z",
        "commit_id": commit,
    } | more


@dataclass
class Trouble:
    """An answer that is given instead of the right one. `drop` hangs up without a word."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"
    drop: bool = False


class GitHubServer:
    """Answers on loopback. `troubles` come first, one a request; `asked` has every path that was asked."""

    def __init__(self, page: int = 100) -> None:
        self.page = page
        self.pulls: dict[str, list[dict[str, Any]]] = {}
        self.reviews: dict[int, list[dict[str, Any]]] = {}
        self.singles: dict[str, dict[str, Any]] = {}
        self.troubles: list[Trouble] = []
        self.asked: list[str] = []
        self.tokens: set[str | None] = set()
        self.next_host: str | None = None
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def cut(self, address: Any, items: Any) -> tuple[Any, dict[str, str]]:
        """The page of a list that was asked for, and where the next one is; what is no list, as it is."""
        if not isinstance(items, list):
            return items, {}
        asked = parse_qs(address.query)
        number = int(asked.get("page", ["1"])[0])
        size = min(self.page, int(asked.get("per_page", ["30"])[0]))
        host, headers = self.next_host or self.address, {}
        if number * size < len(items):
            headers["Link"] = f'<{host}{address.path}?per_page={size}&page={number + 1}>; rel="next"'
        return items[(number - 1) * size : number * size], headers

    def answer(self, path: str) -> Any:
        """What lies at a path, mostly a whole list; None where there is nothing."""
        if path in self.singles:
            return self.singles[path]
        parts = path.strip("/").split("/")
        match parts:
            case ["repos", owner, name, *_] if f"{owner}/{name}" != REPOSITORY:
                return None
            case ["repos", _, _, "commits", commit, "pulls"]:
                return self.pulls.get(commit, [])
            case ["repos", _, _, "pulls", number, "reviews"]:
                return self.reviews.get(int(number), [])
        return None


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # whoever finds no room in the queue tries again after a second


def _handler(forge: GitHubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one piece, or each answer waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            forge.asked.append(self.path)
            forge.tokens.add(self.headers.get("Authorization"))
            if forge.troubles:
                trouble = forge.troubles.pop(0)
                if trouble.drop:
                    self.close_connection = True
                    return
                self._send(trouble.status, trouble.body, trouble.headers)
                return
            address = urlsplit(self.path)
            items = forge.answer(address.path)
            if items is None:
                self._send(404, '{"message": "Not Found"}', {})
                return
            data, headers = forge.cut(address, items)
            self._send(200, json.dumps(data), headers)

        def _send(self, status: int, body: str, headers: dict[str, str]) -> None:
            data = body.encode()
            if "Date" in headers:
                self.send_response_only(status)
            else:
                self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


# ── a repository with pull requests ──────────────────────────────────────────────────────────────


class World:
    """An estate whose writers work in `dev`, whose repository on the forge is `bare`, and whose pipeline is `clone`."""

    def __init__(self, dev: Any, folder: Path) -> None:
        self.dev = dev
        self.folder = folder
        self.bare = folder / "origin.git"
        self.key = folder / "witness"
        self.server = GitHubServer()
        self._clones = 0
        self._reviews = 500
        dev.write(".github/approvers.yml", roster_text(make_key(self.key)))
        dev.commit("roster")
        dev.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        dev.git("remote", "add", "origin", str(self.bare))
        dev.git("push", "--quiet", "origin", "main")

    def begin(self, number: int) -> None:
        """Start a branch for a pull request where main is now."""
        self.dev.git("checkout", "--quiet", "-b", f"branch-{number}", "main")

    def save(self, number: int, author: str = "writer@cloudtop.example") -> str:
        """Commit what was written, and let the forge have it."""
        commit = self.dev.commit(f"work on {number}", author=author)
        self.dev.git("push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{number}/head")
        return str(commit)

    def merge(
        self,
        number: int,
        how: str = "squash",
        *,
        opener: dict[str, Any] | None = None,
        at: str = "2026-11-02T00:00:00+00:00",
        **more: Any,
    ) -> str:
        """Merge as GitHub does, by `squash`, `merge` or `rebase`, at `at`; the commit that main then stands at."""
        git = self.dev.git
        head, base = git("rev-parse", f"branch-{number}"), git("rev-parse", "main")
        fork = git("merge-base", "main", f"branch-{number}")
        git("checkout", "--quiet", "main")
        if how == "squash":
            git("merge", "--quiet", "--squash", f"branch-{number}")
            git("commit", "--quiet", "--message", f"squash {number}", GIT_COMMITTER_DATE=at)
        elif how == "merge":
            git(
                "merge", "--quiet", "--no-ff", "--message", f"merge {number}", f"branch-{number}", GIT_COMMITTER_DATE=at
            )
        else:
            git("cherry-pick", "--allow-empty", f"{fork}..{head}", GIT_COMMITTER_DATE=at)
        git("push", "--quiet", "origin", "main")
        tip = git("rev-parse", "HEAD")
        about = {"base": {"label": "cloudtop:main", "ref": "main", "sha": base, "repo": HOME}, "merge_commit_sha": tip}
        data = pull_data(number, head, base, **(about | {"user": opener or account(WRITER)} | more))
        for commit in git("rev-list", f"{base}..{tip}").split():
            self.server.pulls.setdefault(commit, []).append(data)
        return str(tip)

    def review(
        self,
        number: int,
        by: dict[str, Any] | int | None,
        state: str = "APPROVED",
        commit: str | None = "head",
        at: str = "2026-11-20T01:00:00Z",
        body: str = "",
    ) -> None:
        """A review of a pull request, of its newest commit unless another is named."""
        self._reviews += 1
        looked_at = self.dev.git("rev-parse", f"branch-{number}") if commit == "head" else commit
        person = account(by) if isinstance(by, int) else by
        data = review_data(self._reviews, person, state, looked_at, submitted_at=at, body=body)
        self.server.reviews.setdefault(number, []).append(data)

    def clone(self) -> Any:
        """A fresh clone, as a pipeline has it: main and nothing else."""
        self._clones += 1
        root = self.folder / f"clone-{self._clones}"
        self.dev.git("clone", "--quiet", "--single-branch", "--branch", "main", f"file://{self.bare}", str(root))
        return type(self.dev)(root)

    def collect(self, *arguments: str, at: str = "2026-11-24 10:00", where: Any = None) -> Any:
        """Run `gaoshi approvals collect --push` in a fresh clone, or `where`."""
        clone = where or self.clone()
        options = ("--repository", REPOSITORY, "--api", self.server.address, "--key", str(self.key), "--at", at)
        return clone.run("approvals", "collect", *options, "--push", "--lang", "en", "--format", "json", *arguments)

    def entry(self, notice_id: str, at: str = "2026-11-24 10:00") -> Any:
        """A notice on the board as the next build sees it, from a fresh clone and the branch `records`."""
        clone = self.clone()
        clone.git("fetch", "--quiet", "origin", "+refs/heads/records:refs/remotes/origin/records", check=False)
        return clone.edition(at).entries[notice_id]
