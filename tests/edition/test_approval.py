"""Who may approve what: an edition holds back what nobody entitled has been named for."""

from __future__ import annotations

from typing import Any

import pytest

A = "2026-11/a"
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}


def codes(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> list[str]:
    """Why A is withheld."""
    return [reason.code for reason in estate.edition(at, **options).entries[A].reasons]


@pytest.mark.parametrize(
    ("approver", "fields", "reasons"),
    [
        ("yun-lichun", {}, []),
        ("yun-guyu", {}, []),
        (None, {}, ["A101"]),
        ("nobody", {}, ["A101"]),
        ("yun-shuangjiang", {}, ["A102"]),
        ("yun-xiaoman", {}, ["A103"]),
        ("yun-mangzhong", {}, ["A103"]),
        ("yun-mangzhong", FAULT, []),
        ("yun-hanlu", FAULT, ["A103"]),
        ("yun-lichun", {"issued_as": "company"}, ["A104"]),
        ("yun-dongzhi", {"issued_as": "company"}, []),
        ("yun-dongzhi", {}, ["A103"]),
        ("yun-mangzhong", FAULT | {"issued_as": "company"}, ["A104"]),
    ],
)
def test_only_who_has_the_authority_lets_a_notice_out(
    estate: Any, approver: str | None, fields: dict[str, Any], reasons: list[str]
) -> None:
    """Head or deputy for any notice, a duty officer for urgent ones, a company leader in the company's name."""
    estate.notice(A, fields, approver=approver)
    estate.commit()
    assert codes(estate) == reasons
    assert [entry.id for entry in estate.edition().live] == ([] if reasons else [A])


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        ("2025-12-31 23:59:59", ["A102"]),
        ("2026-01-01 00:00", []),
        ("2027-12-31 23:59:59", []),
        ("2028-01-01 00:00", ["A102"]),
    ],
)
def test_a_deputy_counts_within_the_term_to_the_second(estate: Any, at: str, reasons: list[str]) -> None:
    """A term's first and last day are both within it (C-2.3)."""
    estate.notice(
        A, type="fee-standard", valid_from="2025-12-01 00:00", valid_until="2028-06-01 00:00", approver="yun-guyu"
    )
    estate.commit()
    assert codes(estate, at) == reasons


def test_next_is_the_end_of_the_approvers_term(estate: Any) -> None:
    """When a term ends, the board changes, and `next` says so."""
    estate.notice(
        A, type="fee-standard", valid_from="2026-12-01 00:00", valid_until="2028-06-01 00:00", approver="yun-guyu"
    )
    estate.commit()
    assert estate.edition("2027-06-01 00:00").next == estate.instant("2028-01-01 00:00")


@pytest.mark.parametrize(
    ("author", "message", "reasons"),
    [
        ("writer@cloudtop.example", "x", []),
        ("yun.lichun@cloudtop.example", "x", ["A105"]),
        ("Yun.LiChun@Cloudtop.Example", "x", ["A105"]),
        ("writer@cloudtop.example", "x\n\nCo-authored-by: Y <YUN.lichun@cloudtop.example>", ["A105"]),
        ("yun.guyu@cloudtop.example", "x", []),
    ],
)
def test_who_wrote_it_does_not_approve_it(estate: Any, author: str, message: str, reasons: list[str]) -> None:
    """An author or co-author of any commit to the folder cannot be its approver (H-6.9)."""
    estate.notice(A)
    estate.commit(message, author=author)
    assert codes(estate) == reasons
    estate.write(f"notices/{A}/notice.en.md", "---\ntitle: x\n---\nx\n")
    estate.commit("a translation by somebody else")
    assert codes(estate) == reasons


def test_the_author_of_another_notice_may_approve(estate: Any) -> None:
    """Writing one notice bars nobody from approving another, not even in the same commit's history."""
    estate.notice(A)
    estate.commit()
    estate.notice("2026-11/b")
    estate.commit(author="yun.lichun@cloudtop.example")
    assert codes(estate) == []
    assert [reason.code for reason in estate.edition().entries["2026-11/b"].reasons] == ["A105"]


def test_what_a_merge_changed_by_itself_has_the_merger_as_author(estate: Any) -> None:
    """Words slipped in while merging are words written: their author cannot approve them."""
    estate.notice(A)
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.notice(A, body="一边。\n")
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.notice(A, body="另一边。\n")
    estate.commit()
    estate.git("merge", "--no-commit", "-s", "ours", "side")
    estate.notice(A, body="谁也没见过的话。\n")
    estate.commit("merge", author="yun.lichun@cloudtop.example")
    assert codes(estate) == ["A105"]


def test_a_plain_merge_makes_nobody_an_author(estate: Any) -> None:
    """Pressing the merge button is not writing."""
    estate.notice("2026-11/b")
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.notice(A)
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.notice("2026-11/c")
    estate.commit()
    who = {"GIT_AUTHOR_EMAIL": "yun.lichun@cloudtop.example", "GIT_COMMITTER_EMAIL": "yun.lichun@cloudtop.example"}
    estate.git("merge", "--no-ff", "-m", "merge", "side", **who)
    assert codes(estate) == []


def test_a_root_commit_has_an_author_too(estate: Any) -> None:
    """A notice in the repository's very first commit has an author, whatever git's settings say of root commits."""
    estate.git("config", "log.showRoot", "false")
    estate.notice(A)
    estate.commit(author="yun.lichun@cloudtop.example")
    assert codes(estate) == ["A105"]


def test_in_a_preview_whoever_works_here_is_the_author(estate: Any) -> None:
    """A change that is not committed yet is by whom git knows here."""
    estate.commit()
    estate.git("config", "user.email", "YUN.lichun@cloudtop.example")
    estate.notice(A)
    assert codes(estate, rev=None) == ["A105"]


def test_removing_the_folder_takes_a_notice_off_at_once(estate: Any) -> None:
    """What is no longer on the branch is nowhere on the board, nor among what ended."""
    estate.notice(A)
    estate.commit()
    estate.git("rm", "-q", "-r", f"notices/{A}")
    estate.commit()
    edition = estate.edition()
    assert (dict(edition.entries), edition.ended) == ({}, ())


def test_one_notice_and_all_of_them_have_the_same_authors(estate: Any) -> None:
    """Asked about alone or with the rest, from a cold cache or a warm one, a notice has the same authors."""
    others = [f"2026-11/n{number}" for number in range(12)]
    for notice_id in (A, *others):
        estate.notice(notice_id)
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.notice(A, body="改了又改回来。\n")
    estate.commit(author="yun.lichun@cloudtop.example")
    estate.notice(A)
    estate.notice(others[0], body="改了。\n")
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.edition()
    estate.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    warm, alone = codes(estate), codes(estate, only=[A])
    (estate.root / ".git/gaoshi/cache.sqlite").unlink()
    assert warm == alone == codes(estate) == ["A105"]
