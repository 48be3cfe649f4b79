"""Other content than was approved, as a way onto the board; each must fail."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from attacked import BAILU, BOTH, GUYU, LICHUN, A, B, entry, signed, state, whys

from approvals import Word

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
ENGLISH = "---\ntitle: Beware\n---\nPlease beware.\n"
TWO: dict[str, Any] = {
    "texts": {"en": ENGLISH},
    "languages": "[zh, en]",
    "body": "请留意。\n\n![图](a.png)\n",
    "files": {"a.png": PNG},
}


def test_a_name_typed_in_front_matter_is_no_approval(estate: Any) -> None:
    """Naming the very head in `approver` publishes nothing."""
    estate.notice(A, approver=LICHUN)
    signed(estate)
    run = estate.build()
    assert (run.status, estate.manifest["notices"]) == (1, [])
    assert whys(estate) == set()
    assert [reason.code for reason in entry(estate).reasons] == ["A106"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("notice.md", "请留意。".encode(), "请留心。".encode()),
        ("notice.en.md", b"Please beware.", b"Please beware!"),
        ("a.png", b"\0\0", b"\0\1"),
        ("notice.md", b"2026-11-30 18:00", b"2026-12-30 18:00"),
        ("notice.md", b"2026-11-20 09:00", b"2026-11-20 08:59"),
    ],
)
def test_an_edit_after_approval_is_not_what_was_approved(estate: Any, name: str, old: bytes, new: bytes) -> None:
    """One byte of a text, a translation, a picture or a date: what shows is the version that was approved."""
    estate.notice(A, **TWO)
    approved = signed(estate, *BOTH)
    path = estate.root / "notices" / A / name
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    assert signed(estate) != approved
    found = entry(estate)
    assert (found.state, found.notice.content_id) == ("live", approved)
    assert "A107" in {finding.code for finding in found.findings}
    estate.build()
    assert new not in b"".join(file.read_bytes() for file in estate.site.rglob("*") if "_" not in str(file.parent))


def test_an_extended_validity_does_not_extend(estate: Any) -> None:
    """A longer end that nobody approved: the notice ends when it was approved to end."""
    estate.notice(A)
    signed(estate, *BOTH)
    estate.notice(A, valid_until="2026-12-30 18:00")
    signed(estate)
    assert state(estate, "2026-11-30 17:59:59") == "live"
    assert state(estate, "2026-11-30 18:00:00") == "expired"


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text + "\n",
    ],
    ids=["line endings", "byte order mark", "Unicode form", "an empty line"],
)
def test_content_that_differs_in_bytes_alone_is_another(estate: Any, disguise: Any) -> None:
    """Approval is of bytes: what only looks the same is not what was approved."""
    estate.notice(A, title="Café 停水")
    approved = signed(estate, *BOTH)
    path = estate.root / "notices" / A / "notice.md"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(disguise(text).encode())
    assert signed(estate) != approved
    assert entry(estate).notice.content_id == approved
    assert not entry(estate).standing.current  # type: ignore[union-attr]


def symlink(estate: Any, folder: Path) -> None:
    (folder / "a.png").symlink_to(estate.root / "mkdocs.yml")


def submodule(estate: Any, folder: Path) -> None:
    head = estate.git("rev-parse", "HEAD")
    estate.git("update-index", "--add", "--cacheinfo", f"160000,{head},notices/{A}/a.png")
    (folder / "a.png").mkdir()


def pointer(_estate: Any, folder: Path) -> None:
    (folder / "a.png").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'1' * 64}\nsize 12345\n", encoding="utf-8"
    )


def nested(estate: Any, folder: Path) -> None:
    inner = type(estate)(folder / "inner")
    inner.root.mkdir()
    inner.git("init", "-q")
    inner.write("a.png", PNG)
    inner.commit(approved=False)


@pytest.mark.parametrize("trick", [symlink, submodule, pointer, nested])
def test_what_git_does_not_hold_cannot_hide_behind_an_approval(estate: Any, trick: Any) -> None:
    """A link, submodule, pointer or nested repository, whose content can change unseen, shows nothing of itself."""
    estate.commit()
    estate.notice(A, body="请留意。\n\n![图](a.png)\n")
    trick(estate, estate.root / "notices" / A)
    estate.git("add", "--all", "--ignore-errors", check=False)
    content_id = estate.contents()[A]
    estate.approve(A, content_id, *BOTH)
    estate.git("add", "records")
    estate.git("commit", "-qm", "x")
    assert state(estate) == "withheld"
    assert estate.build().status == 1
    assert [path for path in estate.site.rglob("*") if path.name in {"a.png", "inner"}] == []


def test_a_notice_that_is_moved_takes_no_approval_along(estate: Any) -> None:
    """A statement names its notice: under another id the same content is approved by nobody, and its writer is known."""
    estate.notice(B)
    estate.stage(approved=False)
    content_id = estate.contents()[B]
    estate.approve(B, content_id, *BOTH)
    estate.commit(author="yun.guyu@cloudtop.example", approved=False)
    assert estate.edition().entries[B].state == "live"
    estate.git("mv", f"notices/{B}", f"notices/{A}")
    estate.git("mv", f"records/approvals/{B}", f"records/approvals/{A}")
    estate.commit(approved=False)
    assert estate.contents()[A] == content_id
    assert (state(estate), whys(estate)) == ("withheld", {"other-place"})
    later = "2026-11-02T09:00:00+08:00"
    signed(estate, Word("content", BAILU, later), Word("publish", GUYU, later))
    assert "contributor" in whys(estate)
    assert state(estate) == "withheld"


def test_moving_a_notice_and_editing_it_in_one_go_does_not_forget_who_wrote_it(estate: Any) -> None:
    """Git's own sense of what is alike tells: who wrote the notice under its former id is a contributor still."""
    estate.notice(B, body="供水主管检修。\n\n请提前储水。\n\n恢复后先放水一分钟。\n")
    estate.commit(author="yun.guyu@cloudtop.example", approved=False)
    estate.git("mv", f"notices/{B}", f"notices/{A}")
    estate.edit(f"notices/{A}/notice.md", "请提前储水。", "请提前储好水。")
    later = "2026-11-02T09:00:00+08:00"
    signed(estate, Word("content", BAILU, later), Word("publish", GUYU, later))
    assert "contributor" in whys(estate)
    assert state(estate) == "withheld"


def test_replacements_and_grafts_are_not_believed(estate: Any) -> None:
    """`git replace` and grafts can neither put other content under an approved id nor cut off what happened."""
    estate.notice(A, body="第一稿。\n")
    good = signed(estate, *BOTH)
    estate.notice(A, body="假话。\n")
    estate.stage(approved=False)
    bad = estate.contents()[A]
    estate.git("replace", good, bad)
    assert entry(estate).notice.texts["zh"].body.strip() == "第一稿。"
    estate.git("replace", "-d", good)
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="不")
    estate.git("checkout", "-q", "--", ".")
    estate.git("reset", "-q", "--hard")
    paths = estate.approve(A, good, no)
    estate.commit(approved=False)
    for path in paths:
        (estate.root / path).unlink()
    estate.commit(approved=False)
    assert state(estate) == "withheld"
    first, last = (estate.git("rev-parse", name) for name in ("HEAD~2", "HEAD"))
    estate.git("replace", "--graft", last, first)
    assert state(estate) == "withheld"
    estate.git("replace", "-d", last)
    estate.write(".git/info/grafts", f"{last} {first}\n")
    assert state(estate) == "withheld"
