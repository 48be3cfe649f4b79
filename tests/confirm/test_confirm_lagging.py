"""`gaoshi confirm` looks again while caches still have what was, for as long as it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from confirmed import manifest
from public_server import PublicServer, files_of, send
from questions import ask

from gaoshi.cli import confirm


def test_a_cache_that_lags_is_asked_again(project: Any, public: PublicServer, no_waiting: list[float]) -> None:
    """The old board for a while, then the new one: it is proved in the end, and each time it is said why not yet."""
    new, old = public.files["board.json"], json.dumps({**json.loads(public.files["board.json"]), "revision": "0" * 40})

    def lag(handler: Any, number: int) -> None:
        send(handler, old.encode() if number < 4 else new, kind="application/json")

    public.lies["board.json"] = lag
    run = ask(project, public, "--format", "json", within="5m")
    assert (run.status, run.data["tries"], run.data["differences"]) == (0, 5, [])
    assert run.err.count("looking again soon") == 4
    assert "expected revision" in run.err
    assert len(no_waiting) == 4
    assert all(2.0**number <= waited <= 2.0 ** (number + 1) for number, waited in enumerate(no_waiting))


def test_a_page_that_lags_is_asked_again(project: Any, public: PublicServer, no_waiting: list[float]) -> None:
    """The manifest is new, a page still old: not proved before the page is new, too."""
    new = public.files["en/"]
    old = new.replace(b'data-at="2026-11-24T10:00', b'data-at="2026-11-24T09:00')

    def lag(handler: Any, number: int) -> None:
        send(handler, old if number < 2 else new)

    public.lies["en/"] = lag
    run = ask(project, public, within="5m")
    assert run.status == 0
    assert public.paths.count("en/") == 3
    assert run.err.count("Not right yet, looking again soon: /en/: expected the page") == 2  # of no others a number


def test_looking_again_ends(project: Any, public: PublicServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked again for as long as was said, ever more seldom, and then it is wrong."""
    clock = [0.0]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(confirm, "sleep", wait)
    monkeypatch.setattr(confirm, "monotonic", lambda: clock[0])
    manifest(public, revision="0" * 40)
    assert ask(project, public, within="5m").status == 1
    assert clock[0] == pytest.approx(300)
    assert max(waited) <= 30
    assert public.paths.count("board.json") < 40


def test_a_new_board_in_between_is_compared_with_its_own_edition(
    project: Any, public: PublicServer, no_waiting: list[float], tmp_path: Path
) -> None:
    """A board that is made anew while it is looked at is composed anew, too."""
    later = tmp_path / "later"
    built = project.run("build", "-o", str(later), "--at", "2026-11-24 10:04")
    assert built.status == 1
    new, old = files_of(later), dict(public.files)

    def change(handler: Any, number: int) -> None:
        files = old if number < 1 else new
        public.files = new
        send(handler, files["board.json"], kind="application/json")

    public.lies["board.json"] = change
    assert ask(project, public, within="5m").status == 0
