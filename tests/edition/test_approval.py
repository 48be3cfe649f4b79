"""What an edition holds back: whom a notice asks is only a request, and what counts is who has signed."""

from __future__ import annotations

from typing import Any

import pytest

from approvals import LONG_AGO, Word, receipt_files

A = "2026-11/a"
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
SECURITY, CLEANING, ENGINEERING = "yun-bailu", "yun-hanlu", "yun-mangzhong"
COMPANY = {"issued_as": "company", "approver": "yun-dongzhi"}
DEPUTY_TERM = ("2025-12-31T23:59:59+08:00", "2026-01-01T00:00:00+08:00", "2027-12-31T23:59:59+08:00")


def codes(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> list[str]:
    """Why A is withheld."""
    return [reason.code for reason in estate.edition(at, **options).entries[A].reasons]


def asked(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> list[str]:
    """What `check` says of whom A asks, whether it keeps A back or not."""
    findings = estate.edition(at, proven=False, **options).entries[A].findings
    return [finding.code for finding in findings if finding.code.startswith("A")]


def signed(estate: Any, *words: Word, author: str = "writer@cloudtop.example") -> None:
    """Commit everything, with just these statements on A."""
    estate.stage(approved=False)
    if words:
        estate.approve(A, None, *words)
    estate.commit(author=author, approved=False)


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
def test_whom_a_notice_asks_is_judged_and_is_never_an_approval(
    estate: Any, approver: str | None, fields: dict[str, Any], reasons: list[str]
) -> None:
    """`check` says who could not approve; on main nothing typed in a notice lets it out (P-3.1)."""
    estate.notice(A, fields, approver=approver)
    signed(estate)
    assert asked(estate) == reasons
    assert codes(estate) == [*reasons, "A106"]
    assert estate.edition().live == ()


@pytest.mark.parametrize("asks", ["yun-lichun", "nobody", None, "yun-shuangjiang", "yun-mangzhong"])
def test_what_is_approved_asks_nobody_any_more(estate: Any, asks: str | None) -> None:
    """Whom a notice asks does not matter once those who may have approved it."""
    estate.notice(A, approver=asks)
    signed(estate, Word("content", SECURITY), Word("publish", "yun-lichun"))
    assert codes(estate) == []
    assert [entry.id for entry in estate.edition().live] == [A]


@pytest.mark.parametrize("people", [("yun-lichun", "yun-guyu"), ("yun-guyu", "yun-lichun")])
def test_of_two_who_approve_the_same_the_earlier_one_counts(estate: Any, people: tuple[str, str]) -> None:
    """When head and deputy both approve publication, the number under the notice is that of who did so first."""
    estate.notice(A)
    first, later = people
    words = (Word("publish", first, "2026-11-20T10:00:00+08:00"), Word("publish", later, "2026-11-20T11:00:00+08:00"))
    signed(estate, Word("content", SECURITY, "2026-11-20T09:00:00+08:00"), *words)
    deciding = estate.edition().entries[A].verdict.deciding
    assert deciding is not None
    assert deciding.person.id == first


WAYS: list[tuple[dict[str, Any], list[Word], bool]] = [
    ({}, [Word("content", SECURITY), Word("publish", "yun-lichun")], True),
    ({}, [Word("content", SECURITY), Word("publish", "yun-guyu")], True),
    ({}, [Word("publish", "yun-lichun")], False),
    ({}, [Word("content", SECURITY)], False),
    ({}, [Word("content", ENGINEERING), Word("publish", "yun-lichun")], False),
    ({}, [Word("content", SECURITY), Word("publish", "yun-shuangjiang", key="yun-lichun")], False),
    ({}, [Word("content", SECURITY), Word("publish", "yun-xiaoman")], False),
    ({}, [Word("content", SECURITY), Word("publish", ENGINEERING)], False),
    ({}, [Word("content", SECURITY), Word("publish", "yun-dongzhi")], False),
    ({}, [Word("urgent", ENGINEERING, "2026-11-24T09:50:00+08:00")], False),
    (FAULT, [Word("urgent", ENGINEERING, "2026-11-24T09:50:00+08:00")], True),
    (FAULT, [Word("urgent", "yun-lichun", "2026-11-24T09:50:00+08:00")], True),
    (FAULT, [Word("urgent", CLEANING, "2026-11-24T09:50:00+08:00")], False),
    (FAULT, [Word("content", SECURITY), Word("publish", "yun-lichun")], True),
    (COMPANY, [Word("content", SECURITY), Word("publish", "yun-lichun")], False),
    (
        COMPANY,
        [Word("content", SECURITY), Word("publish", "yun-lichun"), Word("company", "yun-dongzhi")],
        True,
    ),
    (COMPANY, [Word("company", "yun-dongzhi")], False),
    ({"legal": "true"}, [Word("content", SECURITY), Word("publish", "yun-lichun")], False),
    (
        {"legal": "true"},
        [Word("content", SECURITY), Word("publish", "yun-lichun"), Word("legal", "yun-qingming")],
        True,
    ),
    (FAULT | COMPANY, [Word("urgent", ENGINEERING, "2026-11-24T09:50:00+08:00")], False),
]


@pytest.mark.parametrize(("fields", "words", "approved"), WAYS)
def test_only_who_has_the_authority_lets_a_notice_out(
    estate: Any, fields: dict[str, Any], words: list[Word], *, approved: bool
) -> None:
    """The department's head, then head or deputy; a duty officer alone for urgent news; leader and counsel besides."""
    estate.notice(A, fields)
    signed(estate, *words)
    assert codes(estate) == ([] if approved else ["A106"])
    assert [entry.id for entry in estate.edition().live] == ([A] if approved else [])


def test_an_unknown_kind_takes_every_approval(estate: Any) -> None:
    """What the standard does not know goes the strictest way: head of department, head, leader and counsel."""
    estate.notice(A, type="qqqq")
    words = [Word("content", SECURITY), Word("publish", "yun-lichun"), Word("company", "yun-dongzhi")]
    signed(estate, *words)
    assert codes(estate) == ["F101", "A106"]
    estate.approve(A, None, Word("legal", "yun-qingming", "2026-02-03T09:00:00+08:00"))
    estate.commit(approved=False)
    assert codes(estate) == ["F101"]


@pytest.mark.parametrize(
    ("at", "approved"),
    [(DEPUTY_TERM[0], False), (DEPUTY_TERM[1], True), (DEPUTY_TERM[2], True), ("2028-01-01T00:00:00+08:00", False)],
)
def test_a_deputy_counts_within_the_term_to_the_second(estate: Any, at: str, *, approved: bool) -> None:
    """A term's first and last day are both within it (C-2.3), by the statement's instant and by its receipt's."""
    estate.notice(A, type="fee-standard", valid_from="2025-12-01 00:00", valid_until="2028-06-01 00:00")
    content_id = staged(estate)
    head = Word("content", SECURITY, "2025-10-01T09:00:00+08:00")
    word = Word("publish", "yun-guyu", at)
    (payload, _) = word.files(A, content_id).values()
    for path, data in receipt_files(payload, A, content_id, at).items():
        estate.write(path, data)
    signed(estate, head, word)
    assert codes(estate, at[:19].replace("T", " ")) == ([] if approved else ["A106"])


def staged(estate: Any) -> str:
    """The content id of A as it is now."""
    estate.stage(approved=False)
    content: str = estate.contents()[A]
    return content


@pytest.mark.parametrize("receipt", [True, False])
def test_who_has_left_since_did_approve_while_in_office(estate: Any, *, receipt: bool) -> None:
    """With a receipt from within the term an approval outlives it; without one nobody knows when it was given."""
    estate.notice(
        A, type="fee-standard", valid_from="2026-12-01 00:00", valid_until="2028-06-01 00:00", approver="yun-guyu"
    )
    word = Word("publish", "yun-guyu")
    content_id = staged(estate)
    if receipt:
        (payload, _) = word.files(A, content_id).values()
        for path, data in receipt_files(payload, A, content_id, LONG_AGO).items():
            estate.write(path, data)
    signed(estate, Word("content", SECURITY), word)
    end = "2028-01-01 00:00"
    assert codes(estate, "2027-12-31 23:59:59") == []
    assert codes(estate, end) == ([] if receipt else ["A102", "A106"])
    expected = "2028-06-01 00:00" if receipt else end
    assert estate.edition("2027-06-01 00:00").next == estate.instant(expected)


@pytest.mark.parametrize(
    ("author", "message", "reasons"),
    [
        ("writer@cloudtop.example", "x", []),
        ("yun.lichun@cloudtop.example", "x", ["A105", "A106"]),
        ("Yun.LiChun@Cloudtop.Example", "x", ["A105", "A106"]),
        ("writer@cloudtop.example", "x\n\nCo-authored-by: Y <YUN.lichun@cloudtop.example>", ["A105", "A106"]),
        ("yun.guyu@cloudtop.example", "x", []),
        ("yun.bailu@cloudtop.example", "x", []),
    ],
)
def test_who_wrote_it_does_not_approve_it(estate: Any, author: str, message: str, reasons: list[str]) -> None:
    """An author or co-author cannot let out what he wrote (H-6.9); a department's head who writes has reviewed."""
    estate.notice(A)
    estate.commit(message, author=author)
    assert codes(estate) == reasons
    estate.write(f"notices/{A}/notice.en.md", "---\ntitle: x\n---\nx\n")
    estate.commit("a translation by somebody else")
    translated = ["L104"] if reasons else []
    assert codes(estate) == reasons
    assert [f.code for f in estate.edition().entries[A].findings if f.code in translated] == translated


def test_the_author_of_another_notice_may_approve(estate: Any) -> None:
    """Writing one notice bars nobody from approving another, not even in the same commit's history."""
    estate.notice(A)
    estate.commit()
    estate.notice("2026-11/b")
    estate.commit(author="yun.lichun@cloudtop.example")
    assert estate.contents()[A] == estate.contents()["2026-11/b"]
    assert codes(estate) == []
    assert [reason.code for reason in estate.edition().entries["2026-11/b"].reasons] == ["A105", "A106"]


def test_what_a_merge_changed_by_itself_has_the_merger_as_author(estate: Any) -> None:
    """Words slipped in while merging are words written: their author cannot approve them, the earlier ones show."""
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
    entry = estate.edition().entries[A]
    assert (entry.state, entry.notice.texts["zh"].body.strip()) == ("live", "另一边。")
    assert [aside.why for aside in entry.standing.newest.set_aside] == ["contributor"]
    assert asked(estate) == ["A105"]


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
    assert codes(estate) == ["A105", "A106"]


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
    estate.commit(approved=False)
    estate.git("checkout", "-q", "-b", "side")
    estate.notice(A, body="改了。\n")
    estate.commit(author="yun.lichun@cloudtop.example", approved=False)
    estate.notice(A, body="改了又改。\n")
    estate.notice(others[0], body="改了。\n")
    estate.commit()
    estate.git("checkout", "-q", "main")
    estate.edition()
    estate.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    warm, alone = codes(estate), codes(estate, only=[A])
    (estate.root / ".git/gaoshi/cache.sqlite").unlink()
    assert warm == alone == codes(estate) == ["A105", "A106"]
    assert asked(estate) == asked(estate, only=[A]) == ["A105"]
