"""Boards with so many pages that half of them are made in a second process."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from gaoshi.engine import notice_pages

COUNTED = """
import os, sys
fork = os.fork
def counted():
    print("copied", file=sys.stderr, flush=True)
    return fork()
os.fork = counted
from gaoshi.cli import main
main()
"""
"""The command line, telling when it makes a copy of its process."""
COUNT = notice_pages.MANY // 2 + 2  # each in two languages


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build(estate: Any, out: Path) -> subprocess.CompletedProcess[str]:
    """`gaoshi build` as its own process, which has no other threads and may copy itself."""
    command = [sys.executable, "-c", COUNTED, "build", "--lang", "en", "--at", "2026-11-24 10:00"]
    where = ["--project", str(estate.root), "-o", str(out)]
    return subprocess.run([*command, *where], capture_output=True, text=True, check=False)


@pytest.fixture
def many(estate: Any) -> Any:
    """An estate with a few notices more than one process would write; every second of them has ended."""
    for number in range(COUNT):
        estate.notice(f"2026-11/n{number:03}", valid_until="2026-11-22 18:00" if number % 2 else "2026-11-30 18:00")
    estate.commit()
    return estate


def test_two_processes_write_what_one_writes(many: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of a board do not depend on how many processes made it."""
    monkeypatch.setattr(notice_pages, "MANY", sys.maxsize)
    assert many.build().status == 0
    done = build(many, tmp_path / "two")
    assert done.returncode == 0, done.stderr
    assert "copied" in done.stderr or (os.cpu_count() or 1) < 2
    assert files(tmp_path / "two") == files(many.site)
    assert len(list((many.site / "notices").rglob("index.html"))) == COUNT


@pytest.mark.parametrize("broken", [0, 1])
def test_a_page_that_cannot_be_made_leaves_the_old_board(many: Any, tmp_path: Path, broken: int) -> None:
    """Whichever process meets a broken template: it is said, and the board that stood there still stands."""
    out = tmp_path / "out"
    assert build(many, out).returncode == 0
    before = files(out)
    many.own_templates()
    page = many.root / "site_templates/theme/notice.html"
    text = page.read_text(encoding="utf-8")
    trap = f"{{% if frame.language == {['zh', 'en'][broken]!r} %}}{{{{ 1 // 0 }}}}{{% endif %}}"
    page.write_text(text.replace("{% block board %}", f"{{% block board %}}{trap}"), encoding="utf-8")
    many.commit()
    done = build(many, out)
    assert done.returncode == 3
    assert "division" in done.stderr
    assert files(out) == before


def test_where_no_process_can_be_had_one_does_it_all(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory for a copy of the process: the board is made all the same."""

    def refused() -> int:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(os, "fork", refused)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert many.build().status == 0
    assert len(list((many.site / "notices").rglob("index.html"))) == COUNT
