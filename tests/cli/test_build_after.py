"""`gaoshi build --after` and what it takes for the board that was published before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SIGN_IN = b"<!doctype html><title>Sign in</title>"
TOLD = {
    "no board": {"en": "is no board.json of a board", "zh": "不是公告栏的 board.json"},
    "another": {"en": "is the board.json of another board", "zh": "是另一个公告栏的 board.json"},
}


@pytest.fixture
def built(estate: Any) -> Any:
    """A board that is published."""
    estate.notice("2026-11/a")
    estate.commit()
    assert estate.build().status == 0
    return estate


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("what", TOLD)
def test_what_is_not_this_board_keeps_nothing_from_being_published(
    built: Any, tmp_path: Path, what: str, language: str
) -> None:
    """A host's page in the place of board.json, or another estate's, is told, and the board that mends it is built."""
    other = built.manifest | {"board": "elsewhere", "revision": "0" * 40}
    before = tmp_path / "last-board.json"
    before.write_bytes(SIGN_IN if what == "no board" else json.dumps(other).encode())
    run = built.run("build", "--after", str(before), "-o", str(tmp_path / "site"), "--at", built.at, "--lang", language)
    assert (run.status, TOLD[what][language] in run.err) == (0, True), run.err
    assert (tmp_path / "site/board.json").is_file()


def test_a_file_that_is_not_there_is_wrong_usage(built: Any, tmp_path: Path) -> None:
    """Whoever names it must have meant one that is there."""
    run = built.build("--after", str(tmp_path / "none.json"), "--lang", "en")
    assert (run.status, "none.json cannot be opened" in run.err) == (2, True), run.err
