"""What one contributor can put into a repository to stop, blind or misuse the board; each was a defect once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

A, Z = "2026-11/a", "2026-11/z"
URGENT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


def live(estate: Any) -> list[str]:
    """Ids on the public board, after a build that must not fail."""
    run = estate.build()
    assert run.status in {0, 1}, run.err
    return [notice["id"] for notice in estate.manifest["notices"]]


def pages(estate: Any) -> str:
    """Everything readable that was published, as one text."""
    files = sorted(path for path in estate.site.rglob("*") if path.suffix in {".html", ".json", ".xml"})
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("name", ["a\x01b.pdf", "a\x02b.pdf", "a\nb.pdf", "\x03"])
def test_control_bytes_in_a_file_name_stop_nothing(estate: Any, name: str) -> None:
    """Bytes that a program might use to take git's log apart do not stop the board, now or later."""
    estate.notice(A)
    estate.notice(Z, files={name: b"x"})
    estate.commit()
    assert A in live(estate)


@pytest.mark.parametrize("email", ["z\x01q@x", "z\x02yun.lichun@cloudtop.example", "notices/2026-11/a/notice.md"])
def test_an_odd_address_stops_nothing_and_hides_nobody(estate: Any, email: str) -> None:
    """Whatever an author calls himself, the board is built and co-authors are still known."""
    estate.notice(A)
    estate.stage()
    message = "x\n\nCo-authored-by: Lichun <yun.lichun@cloudtop.example>\n"
    estate.git("-c", f"user.email={email}", "commit", "-qm", message, GIT_AUTHOR_EMAIL=email)
    assert [reason.code for reason in estate.edition().entries[A].reasons] == ["A105", "A106"]
    assert live(estate) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_text_that_was_not_declared_is_not_published(estate: Any, language: str) -> None:
    """A draft in a language that the notice or the board does not have stays a draft, and stops nothing."""
    draft = "---\ntitle: Draft title\nscope: draft scope\n---\nDraft body.\n"
    estate.notice(A, URGENT, texts={language: draft}, approver="yun-mangzhong")
    estate.commit()
    assert live(estate) == [A]
    assert "draft" not in pages(estate).casefold()


@pytest.mark.parametrize("name", [b"\xff.png", ("长" * 80 + ".png").encode(), b"a b.png", b"%2e%2e.png"])
def test_odd_attachment_names_stop_nothing(estate: Any, name: bytes) -> None:
    """A file whose name cannot stand in an address is left out; the board is built."""
    estate.notice(A)
    estate.notice(Z, URGENT, approver="yun-mangzhong")
    folder = bytes(estate.root / "notices" / Z)
    with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123  (a path object has no room for these bytes)
        file.write(PNG)
    estate.commit()
    assert A in live(estate)
    assert [path for path in estate.site.rglob("*.png") if "notices" in path.parts] == []


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-24"])
def test_an_impossible_instant_in_the_log_stops_nothing(estate: Any, at: str) -> None:
    """A log entry that names no instant of our time says nothing, and is reported."""
    estate.notice(A)
    event = {"format": 1, "event": "appeared", "id": A, "at": at}
    estate.write(f"records/log/{A}/x-appeared.json", json.dumps(event))
    estate.commit()
    assert live(estate) == [A]
    assert [finding.code for finding in estate.edition().findings] == ["E102"]


def test_the_same_bytes_elsewhere_harm_nobody(estate: Any) -> None:
    """A notice is read as a text even where another folder holds the very same bytes as a picture."""
    estate.notice(A)
    text = (estate.root / "notices" / A / "notice.md").read_bytes()
    estate.notice(Z, files={"x.png": text})
    estate.commit()
    assert A in live(estate)


@pytest.mark.parametrize(
    "front",
    [
        'number: "甲\nvalid_until: 2020-01-01 00:00\n乙"\n',
        "number: '甲\nvalid_until: 2020-01-01 00:00\n乙'\n",
        "---x: y\nvalid_until: 2020-01-01 00:00\n",
    ],
)
def test_no_line_can_pass_itself_off_as_the_end(estate: Any, front: str) -> None:
    """A line that only looks like an end, inside of something else, cannot make a notice count as long over."""
    estate.notice(A, URGENT, approver="yun-mangzhong")
    path = f"notices/{A}/notice.md"
    text = (estate.root / path).read_text(encoding="utf-8")
    estate.write(path, text.replace("---\n", "---\n" + front, 1))
    estate.commit()
    assert A in estate.edition().entries


def test_comments_in_a_text_are_not_published(estate: Any) -> None:
    """What stands in a text's source and not in its words reaches no page, the search included."""
    estate.notice(A, body="[//]: # (李女士欠费)\n\n正文在此。\n")
    estate.commit()
    assert live(estate) == [A]
    assert "正文在此" in pages(estate)
    assert "李女士" not in pages(estate)


def test_a_lock_that_is_a_link_is_not_followed(estate: Any, tmp_path: Path) -> None:
    """A link in the place of the build's lock cannot make the build empty somebody's file."""
    precious = tmp_path / "precious"
    precious.write_text("x")
    estate.notice(A)
    estate.commit()
    (estate.site.parent / f".{estate.site.name}.gaoshi-lock").symlink_to(precious)
    run = estate.build()
    assert (run.status, precious.read_text()) == (3, "x")
    assert not estate.site.exists()


@pytest.mark.parametrize("attribute", ["*.md working-tree-encoding=UTF-16", "*.md filter=gone"])
def test_a_working_tree_that_git_cannot_take_is_not_another_one(estate: Any, attribute: str) -> None:
    """Where git cannot take the files as they are, `check` says so instead of judging older ones."""
    estate.notice(A)
    estate.commit()
    estate.git("config", "filter.gone.clean", "false")
    estate.git("config", "filter.gone.required", "true")
    estate.notice(Z, title=None)
    estate.write(f"notices/{Z}/.gitattributes", attribute + "\n")
    run = estate.run("check", "--at", estate.at)
    assert run.status == 3 or "F201" in run.out
    assert "Traceback" not in run.err


def test_summer_time_makes_no_two_boards_of_one_instant(estate: Any) -> None:
    """Seventy-two hours are seventy-two hours across a change of summer time, however the instant is written."""
    estate.edit("mkdocs.yml", "Asia/Shanghai", "America/New_York")
    fields = URGENT | {"occurred_at": "2027-03-11 02:30"}
    estate.notice(A, fields, approver="yun-lichun")
    estate.commit()
    runs = [
        estate.run("status", "--rev", "HEAD", "--at", at, "--format", "json").data
        for at in ("2027-03-14 03:15", "2027-03-14T07:15:00Z", "2027-03-14T15:15:00+08:00")
    ]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0]["notices"][0]["state"] == "live"


def test_places_that_the_board_does_not_know_are_not_shown(estate: Any) -> None:
    """An unknown place on an urgent notice is a warning, and not a way to put anything on a page."""
    estate.notice(A, URGENT, approver="yun-mangzhong", places='[tower-3, "evil\\u202etext"]')
    estate.commit()
    assert live(estate) == [A]
    assert "evil" not in (estate.site / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2110-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
def test_any_instant_can_be_asked_for(estate: Any, at: str) -> None:
    """A board can be built as of long ago or far ahead."""
    estate.notice(A)
    estate.commit()
    assert estate.build(at=at).status in {0, 1}


def test_others_can_read_the_board_whatever_the_umask(estate: Any) -> None:
    """A web server that runs as somebody else can read every file of a board built under a strict umask."""
    estate.notice(A)
    estate.commit()
    build = f"'{sys.executable}' -m gaoshi.cli build --project '{estate.root}' -o '{estate.site}'"
    command = f"umask 077; {build} --at '2026-11-24 10:00'"
    subprocess.run(["sh", "-c", command], check=True, capture_output=True)
    modes = {oct(path.stat().st_mode & 0o777) for path in [estate.site, *estate.site.rglob("*")]}
    assert modes == {"0o755", "0o644"}
