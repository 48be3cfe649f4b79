"""Records that were changed or deleted once: told in one line where they are many, listed in full by `check`."""

from __future__ import annotations

from typing import Any

import pytest

A = "2026-11/a"
AT = ("--at", "2026-11-24 10:00")
MANY = {"zh": " 个记录或签名文件曾被改动或删除", "en": " signatures or records were changed or deleted once"}


def spoil_signatures(estate: Any, most: int) -> list[str]:
    """Write over so many signatures; their paths."""
    files = sorted((estate.root / "records").rglob("*.sig"))[:most]
    for file in files:
        file.write_text("nothing\n", encoding="utf-8")
    estate.commit(approved=False)
    return [str(file.relative_to(estate.root)) for file in files]


@pytest.fixture
def board(estate: Any) -> Any:
    """Two notices with two signatures each."""
    estate.notice(A)
    estate.notice("2026-11/b")
    estate.commit()
    return estate


@pytest.mark.parametrize("verb", ["verify", "approvals", "build", "status"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_changed_records_are_one_line(board: Any, verb: str, language: str) -> None:
    """Four are counted on one line that says where they are listed."""
    assert len(spoil_signatures(board, 4)) == 4
    more = ("-o", str(board.site)) if verb == "build" else ()
    run = board.run(verb, *AT, *more, "--lang", language)
    [line] = [line for line in run.err.splitlines() if "E103" in line]
    assert line.startswith(f"E103 4{MANY[language]}")
    assert "gaoshi check" in line


def test_up_to_three_are_told_one_by_one(board: Any) -> None:
    """Each by the file that really changed, which is named once; the document beside it did not change."""
    files = spoil_signatures(board, 3)
    lines = [line for line in board.run("verify", *AT, "--lang", "en").err.splitlines() if "E103" in line]
    assert sorted(line.split(":")[0] for line in lines) == files
    assert all(line.count("records/") == 1 for line in lines)


def test_check_lists_every_changed_record(board: Any) -> None:
    """However many they are; asked about one notice, it lists none; since a revision, those changed since then."""
    before = board.git("rev-parse", "HEAD")
    files = spoil_signatures(board, 4)

    def listed(*arguments: str) -> list[str]:
        found = board.run("check", *AT, "--format", "json", *arguments).data["findings"]
        return sorted(one["path"] for one in found if one["code"] == "E103")

    assert listed() == files
    assert listed(A) == []
    assert listed("--since", before) == files
    assert listed("--since", "HEAD") == []
    assert all(f"{file}:1:1: warning E103" in board.run("check", *AT, "--lang", "en").out for file in files)
