"""Boards that are published, logged and pushed: what tests of `gaoshi log` share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

A, B = "2026-11/a", "2026-11/b"
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 02:40", "valid_from": None, "valid_until": None}
NOW = "2026-11-24 10:00"


def public(estate: Any, at: str = NOW) -> Path:
    """The board.json of the estate as it would be built at `at`, beside the repository."""
    from gaoshi.outputs.manifest import manifest  # noqa: PLC0415

    path: Path = estate.root.parent / f"board-{len(list(estate.root.parent.glob('board-*')))}.json"
    path.write_bytes(manifest(estate.edition(at)))
    return path


def log(estate: Any, board: Path, at: str, *arguments: str) -> list[dict[str, Any]]:
    """Log a board as it was seen at `at`; the events that were added."""
    run = estate.run("log", "published", "--board", str(board), "--at", at, "--format", "json", *arguments)
    assert (run.status, run.err) == (0, "")
    events: list[dict[str, Any]] = run.data["events"]
    return events


def moves(events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Of each event: which notice, what, when."""
    return [(event["id"], event["event"], event["at"]) for event in events]


def publish(estate: Any, at: str, *arguments: str) -> tuple[list[tuple[str, str, str]], str]:
    """Log the board as it is at `at`: what was added, and what was said besides."""
    run = estate.run("log", "published", "--board", str(public(estate, at)), "--at", at, "--format", "json", *arguments)
    assert run.status == 0, run.err
    return moves(run.data["events"]), run.err


def listed(estate: Any) -> list[tuple[str, str, str]]:
    """All that the log tells, read back."""
    return moves(estate.run("log", "--format", "json").data["events"])


def on_branch(estate: Any) -> list[str]:
    """Paths on the branch `records`."""
    return str(estate.git("ls-tree", "-r", "--name-only", "refs/heads/records")).splitlines()


def an_event(at: str, what: str = "appeared", notice_id: str = A, **more: Any) -> bytes:
    """The bytes of an event of the board, written by hand: only what it must have, and `more`."""
    return json.dumps({"format": 1, "event": what, "id": notice_id, "at": at, "channel": "board"} | more).encode()


def sign_on(estate: Any) -> None:
    """Let somebody of the roster be at work here."""
    estate.git("config", "user.name", "Yun")
    estate.git("config", "user.email", "yun.lichun@cloudtop.example")


def two_clones(estate: Any, tmp_path: Path) -> tuple[Any, Any, Path]:
    """Two clones of an estate as it is committed, and the bare repository that both push to."""
    bare = tmp_path / "bare.git"
    estate.git("clone", "-q", "--bare", str(estate.root), str(bare))
    made = []
    for name in ("one", "two"):
        estate.git("clone", "-q", str(bare), str(tmp_path / name))
        made.append(type(estate)(tmp_path / name))
        sign_on(made[-1])
    return made[0], made[1], bare


def race(clone: Any, bare: Path, times: int = 1) -> None:
    """Let somebody else push `clone`'s branch `ready` to `bare`, a commit further each time, while a push arrives."""
    hook = bare / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\n"
        f'[ -n "$RACING" ] || [ -e {bare}/{times} ] && exit 0\n'
        "export RACING=1\n"
        f"n=1; while [ -e {bare}/$n ]; do n=$((n+1)); done; touch {bare}/$n\n"
        "unset GIT_DIR GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        f"git -C {clone.root} push -q {bare} refs/heads/ready~$(({times}-n)):refs/heads/records || exit 1\n"
    )
    hook.chmod(0o755)
