"""`gaoshi approve`: people sign what they have read, and are told what that does."""

from __future__ import annotations

import hashlib
from typing import Any

from signing import BAILU, GUYU, LEADER, LICHUN, NOON, UNCOMMITTED, A, sign, state, statements

from approvals import Word


def test_two_people_sign_one_after_the_other_and_the_notice_is_public(asked: Any) -> None:
    """Each key gives the stage that is missing and that its owner can give; committed, both count."""
    assert sign(asked, BAILU, at="2026-11-24 09:00").status == 0
    asked.commit(approved=False)
    assert state(asked) == "withheld"
    assert sign(asked, LICHUN, at="2026-11-24 09:05").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"
    assert [(said["stage"], said["approver"]) for said in statements(asked)] == [
        ("content", BAILU),
        ("publish", LICHUN),
    ]


def test_what_is_signed_is_shown_first(asked: Any) -> None:
    """The text as owners read it, its dates, what was found, what one vouches for, and the content's own id."""
    shown = sign(asked, BAILU).out
    assert "东门今晚八点起关闭。" in shown
    assert "11月30日（周一）18:00" in shown
    assert "is true and reliable" in shown
    assert f"云白露: review of the content; approves {A}" in shown
    assert asked.contents("HEAD")[A] in shown


def test_where_the_statement_lies_and_what_is_to_be_done_with_it_is_said(asked: Any) -> None:
    """Its number, its path, and that it counts once it is committed."""
    said = sign(asked, BAILU).err
    [path] = (asked.root / "records/approvals" / A).glob("*.json")
    digest = hashlib.sha256(path.read_bytes()).hexdigest().upper()
    assert f"number {digest[:4]}-{digest[4:8]}: {path.relative_to(asked.root)}\n" in said
    assert "counts once it is committed" in said


def test_what_changed_since_the_approved_version_is_shown(estate: Any) -> None:
    """Who approves a change sees the change, line by line."""
    estate.notice(A, body="东门今晚八点起关闭。\n")
    estate.commit()
    estate.notice(A, body="东门今晚九点起关闭。\n")
    estate.commit(approved=False)
    shown = sign(estate, BAILU).out
    assert "-东门今晚八点起关闭。" in shown
    assert "+东门今晚九点起关闭。" in shown


def test_what_others_did_wrong_stops_nobody(asked: Any) -> None:
    """A statement that counts for nothing lies there already; who signs after it is not told what was wrong with it."""
    asked.approve(A, None, Word("content", LEADER))
    asked.commit(approved=False)
    assert sign(asked, BAILU).status == 0
    asked.commit(approved=False)
    newest = asked.edition(NOON).entries[A].standing.newest
    assert ([given.person.id for given in newest.given], len(newest.set_aside)) == ([BAILU], 1)


def test_a_stage_may_be_given_twice_by_who_says_so(estate: Any) -> None:
    """It is not needed, and does no harm."""
    estate.notice(A)
    estate.commit()
    assert sign(estate, GUYU, "--stage", "publish").status == 0


def test_publication_is_approved_before_the_company_where_that_is_asked_too(estate: Any) -> None:
    """Only the review of the content comes first; what else is missing may follow."""
    estate.notice(A, issued_as="company", approver=LEADER)
    estate.commit(approved=False)
    for who, at in ((BAILU, "2026-11-24 09:00"), (LICHUN, "2026-11-24 09:05"), (LEADER, "2026-11-24 09:10")):
        assert state(estate) == "withheld"
        assert sign(estate, who, at=at).status == 0
        estate.commit(approved=False)
    assert state(estate) == "live"


def test_changes_that_are_not_committed_are_pointed_out(asked: Any) -> None:
    """What one approves is the version that is committed, not the one that lies open in the editor."""
    asked.edit(f"notices/{A}/notice.md", "八点", "九点")
    run = sign(asked, BAILU)
    assert f"notices/{A} has {UNCOMMITTED}" in run.out
    assert "东门今晚八点起关闭。" in run.out


def test_nothing_is_pointed_out_where_nothing_differs_or_a_version_is_named(asked: Any) -> None:
    """Everything is committed, or who named a version knows which one he approves."""
    assert UNCOMMITTED not in sign(asked, BAILU).out
    asked.edit(f"notices/{A}/notice.md", "八点", "九点")
    assert UNCOMMITTED not in sign(asked, BAILU, "--rev", "main", at="2026-11-24 09:01").out


def test_the_words_used_here_are_those_of_a_real_head(asked: Any) -> None:
    """What the verb writes is what the tests' own statements are: one form, one way to count."""
    sign(asked, BAILU)
    [path] = (asked.root / "records/approvals" / A).glob("*.json")
    word = Word("content", BAILU, "2026-11-24T09:00:00+08:00")
    [payload, _] = word.files(A, asked.contents("HEAD")[A]).values()
    assert path.read_bytes() == payload
