"""`gaoshi approve` signs nothing that would not count, and says who can give what is missing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from signing import BAILU, GUYU, LEADER, LICHUN, MORNING, A, nothing_written, sign

import approvals


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_who_does_not_say_yes_signs_nothing(asked: Any, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """No, an empty line and no terminal at all: nothing is written."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    run = asked.run("approve", A, "--key", str(approvals.key_of(BAILU)), "--at", MORNING)
    assert run.status == 2
    assert not (asked.root / "records").exists()


def test_what_would_not_count_is_not_signed(estate: Any) -> None:
    """Who wrote the notice is told so before he signs, and who is not asked for learns who is."""
    estate.notice(A)
    estate.commit(author="yun.guyu@cloudtop.example", approved=False)
    run = sign(estate, GUYU, "--stage", "publish")
    assert (run.status, nothing_written(estate)) == (2, True)
    assert "would count for nothing" in run.err
    run = sign(estate, LEADER)
    assert (run.status, nothing_written(estate)) == (2, True)
    assert "云立春 (yun-lichun)" in run.err


def test_that_nobody_is_left_who_could_approve_is_said(estate: Any) -> None:
    """Where all who may approve publication wrote the notice, no name is given and none is made up."""
    for author, body in (("yun.lichun", "东门关闭。\n"), ("yun.guyu", "西门关闭。\n")):
        estate.notice(A, body=body)
        estate.commit(author=f"{author}@cloudtop.example", approved=False)
    assert sign(estate, BAILU).status == 0
    estate.commit(approved=False)
    assert "These can: nobody on the roster" in sign(estate, LEADER).err


def test_what_is_not_committed_or_not_there_is_not_signed(asked: Any) -> None:
    """An approval is of what git holds; the sentence says to commit first."""
    asked.notice("2026-11/b")
    run = sign(asked, BAILU, subject="2026-11/b")
    assert run.status == 2
    assert "not committed yet" in run.err
    assert sign(asked, BAILU, subject="2026-11/c").status == 2


def test_what_is_approved_is_not_signed_again_by_mistake(estate: Any) -> None:
    """Nothing is missing, and the sentence says how to sign all the same."""
    estate.notice(A)
    estate.commit()
    run = sign(estate, LICHUN)
    assert run.status == 2
    assert "nothing is missing" in run.err


def test_what_is_signed_already_is_not_written_over(asked: Any) -> None:
    """The same words of the same second lie there: nothing is changed."""
    assert sign(asked, BAILU).status == 0
    [signature] = (asked.root / "records/approvals" / A).glob("*.sig")
    signature.write_bytes(b"as it was")
    run = sign(asked, BAILU)
    assert (run.status, signature.read_bytes()) == (1, b"as it was")
    assert "is there already" in run.err


def test_publication_is_approved_after_the_content(asked: Any) -> None:
    """The head of the centre cannot go before the head of the department: the order is the standard's (P-7.1)."""
    run = sign(asked, LICHUN)
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "reviewed first" in run.err
    assert "云白露 (yun-bailu)" in run.err
