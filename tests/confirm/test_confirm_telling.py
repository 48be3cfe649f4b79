"""`gaoshi confirm` says what it found, as words and as data, and what it was asked wrongly."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from confirmed import A, portal
from public_server import PublicServer, send
from questions import ask

from documented import documented
from gaoshi.cli import confirm
from gaoshi.cli.inspection import told
from gaoshi.cli.surroundings import words
from gaoshi.core.answer import Difference
from gaoshi.core.instants import parse_exact

PROJECT = Path(__file__).resolve().parents[2]


def test_json_has_the_documented_keys(project: Any, public: PublicServer) -> None:
    """Fixed names, the same when it is right, when it differs and when there is nothing."""
    right = ask(project, public, "--format", "json").data
    portal(public, "board.json")
    nothing = ask(project, public, "--format", "json").data
    assert list(right) == list(nothing) == list(documented("confirm --format json"))
    assert (right["format"], right["board"], right["made_at"]) == (1, "cloudtop", "2026-11-24T10:00:00+08:00")
    assert (right["next"], right["due"], right["past_due"]) == ("2026-11-24T10:30:00+08:00",) * 2 + (False,)
    assert (right["notices"], right["languages"], right["compared_with"]) == (2, ["zh", "en"], "edition")
    assert parse_exact(right["at"]) - parse_exact(right["made_at"]) == timedelta(minutes=5)
    assert nothing["board"] is None


def test_every_code_is_documented() -> None:
    """docs/formats.md names every code of a difference, and no other."""
    text = (PROJECT / "docs/formats.md").read_text(encoding="utf-8")
    [listed] = re.findall(r"^- `differences\[\].code`: (.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    codes = re.findall(r"`([a-z-]+)`", listed)
    assert len(codes) == len(set(codes))
    assert set(codes) == set(words("en").find("cli.confirm.differs"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_difference_has_its_sentence(language: str) -> None:
    """Every code that can be told has a sentence in both languages, with no blank that nobody fills."""
    source = "".join(
        (Path(confirm.__file__).parents[1] / path).read_text(encoding="utf-8")
        for path in (
            "core/answer.py",
            "core/alongside.py",
            "core/confirming.py",
            "core/sameness.py",
            "core/screen_manifest.py",
            "core/manifests.py",
            "sources/public_site.py",
            "engine/inspection.py",
        )
    )
    codes = set(re.findall(r'(?:Difference\(|_NoAnswer\(|problem=|_unless_same\()\s*"([a-z-]+)"', source))
    codes |= {
        "huge",
        "cut",
        "garbled",
        "stale",
        "due",
        "old",
        "content",
        "approval",
        "since",
        "until",
        "title",
        "address",
    }
    catalogue = words(language)
    known = set(catalogue.find("cli.confirm.differs"))
    assert codes == known
    for code in codes:
        sentence = told(Difference(code, "x/", "i", "e", "f"), catalogue)
        assert "{" not in sentence
        assert sentence.endswith((".", "。"))


def test_what_a_site_says_cannot_play_with_the_terminal(project: Any, public: PublicServer) -> None:
    """Control characters and endless words of a page are made harmless in the sentence."""
    public.edit(f"notices/{A}/", "</h1>", "\x1b[2J\n::error::hit" + "x" * 5000 + "</h1>")
    run = ask(project, public)
    assert run.status == 1
    assert "\x1b" not in run.out
    assert run.out.count("\n") == 1
    assert len(run.out) < 1000


def test_a_board_that_cannot_be_reached_is_exit_status_3(project: Any, public: PublicServer) -> None:
    """A dead host, a server error: the surroundings are broken; a host without a board: it differs."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = project.run("confirm", f"http://127.0.0.1:{closed.getsockname()[1]}/", "--within", "0m", "--lang", "en")
    assert dead.status == 3
    assert dead.out.startswith("/board.json: cannot be reached (")
    for status, exits in ((500, 3), (503, 3), (404, 1), (403, 1)):
        public.any_lie = lambda handler, _, status=status: send(handler, b"no", status=status)
        assert ask(project, public).status == exits


@pytest.mark.parametrize(
    "address",
    [
        "board.example",
        "ftp://board.example/",
        "file:///etc/passwd",
        "https://",
        "https://name:word@board.example/",
        "https://board.example/?x=1",
        "https://board.example/#x",
        "https://[::1/",
        "",
    ],
)
def test_only_an_address_is_taken_for_one(project: Any, address: str) -> None:
    """Anything but the plain address of a site is wrong usage, told in one sentence."""
    run = project.run("confirm", address, "--lang", "en")
    assert (run.status, run.out) == (2, "")
    assert "is not the address of a board" in run.err


@pytest.mark.parametrize("length", ["soon", "5", "-5m", "5w"])
def test_only_a_length_is_taken_for_one(project: Any, public: PublicServer, length: str) -> None:
    """As elsewhere: 45s, 30m, 4h or 7d; the answer names the units."""
    run = ask(project, public, "--fresh-within", length)
    assert run.status == 2
    assert "is not a length of time; write a number and its unit, s, m, h or d" in run.err
