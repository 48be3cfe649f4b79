"""History, merges and dates as a way around approval; each must fail."""

from __future__ import annotations

from typing import Any

import pytest

from approvals import Word, public_key
from gaoshi.core.statement import ROSTER_SUBJECT
from gaoshi.sources.proof import Trust

A, B, C = "2026-11/a", "2026-11/b", "2026-11/c"
ROSTER = ".github/approvers.yml"
BAILU, LICHUN, GUYU, RECORDER = "yun-bailu", "yun-lichun", "yun-guyu", "yun-xiaoxue"
HEADS_ADDRESS, RECORDERS_ADDRESS = "yun.lichun@cloudtop.example", "yun.xiaoxue@cloudtop.example"
LATER = "2026-11-10T09:00:00+08:00"
BOTH = (Word("content", BAILU, LATER), Word("publish", LICHUN, LATER))


def live(estate: Any, **options: Any) -> set[str]:
    """What is on the board."""
    return {entry.id for entry in estate.edition(**options).live}


def staged(estate: Any, notice_id: str) -> str:
    """The content id of a notice as it would be committed."""
    estate.git("add", "--all")
    content_id: str = estate.contents()[notice_id]
    return content_id


def record(estate: Any, notice_id: str, content_id: str, *words: Word) -> str:
    """Words on the branch `records`; its new tip."""
    files: dict[str, bytes] = {}
    for word in words:
        files |= word.files(notice_id, content_id)
    tip: str = estate.record(files)
    return tip


@pytest.mark.parametrize("branches", [("one",), ("one", "two")])
def test_a_clean_merge_does_not_hide_who_wrote(estate: Any, branches: tuple[str, ...]) -> None:
    """The head writes on a branch that merges without a conflict: he still does not approve it, cached or not."""
    estate.notice(A)
    estate.commit()
    content_id = ""
    for name, notice_id in zip(branches, (B, C), strict=False):
        estate.git("checkout", "--quiet", "-b", name, "main")
        estate.notice(notice_id, body=f"{name}\n")
        found = staged(estate, notice_id)
        content_id = content_id or found
        estate.git("commit", "--quiet", "-m", "x", f"--author=H <{HEADS_ADDRESS}>")
    estate.git("checkout", "--quiet", "main")
    live(estate)  # what is kept now must not make a difference afterwards
    estate.git("merge", "--quiet", "--no-ff", "-m", "merge", *branches)
    record(estate, B, content_id, *BOTH)
    assert B not in live(estate)
    assert B not in live(estate, afresh=True)


def test_a_text_that_others_bring_back_is_still_his_who_wrote_it(estate: Any) -> None:
    """The head's own text, replaced by another and restored by somebody else, is not the head's to approve."""
    estate.notice(A, body="自己写的。\n")
    own = staged(estate, A)
    estate.commit(author=HEADS_ADDRESS, approved=False)
    estate.notice(A, body="别人写的。\n")
    other = staged(estate, A)
    estate.approve(A, other, Word("content", BAILU), Word("publish", GUYU))
    estate.commit(approved=False)
    estate.notice(A, body="自己写的。\n")
    estate.commit(approved=False)
    record(estate, A, own, *BOTH)
    assert [entry.notice.content_id for entry in estate.edition().live] == [other]


def test_a_witness_does_not_record_what_he_wrote(estate: Any) -> None:
    """Two heads' names on paper are worth nothing when the author records them."""
    estate.notice(A)
    content_id = staged(estate, A)
    paper = (("witness", RECORDER), ("paper", "1"), ("scan_sha256", "0" * 64))
    words = [
        Word(stage, who, how="paper", given=paper, key=RECORDER)
        for stage, who in (("content", BAILU), ("publish", LICHUN))
    ]
    estate.approve(A, content_id, *words)
    estate.commit(author=RECORDERS_ADDRESS, approved=False)
    assert live(estate) == set()


def test_a_revoked_keeper_cannot_overtake_the_roster_that_revoked_him(estate: Any) -> None:
    """An earlier, never approved roster of his own stays out of force, though the roster before knew his key."""
    text = (estate.root / ROSTER).read_text(encoding="utf-8")
    second = f"  - id: second\n    roles: [roster-keeper]\n    keys:\n      - {{key: {public_key('second')}}}\n"
    first = text.replace("people:\n", f"people:\n{second}", 1)
    estate.write(ROSTER, first)
    estate.notice(A)
    estate.commit()
    trust = Trust(estate.git("rev-parse", f"HEAD:{ROSTER}"))
    own = first.replace(
        "people:\n",
        f"people:\n  - id: evil\n    roles: [roster-keeper]\n    keys:\n      - {{key: {public_key('evil')}}}\n",
        1,
    )
    estate.write(ROSTER, own)
    estate.commit(approved=False)
    wanted = estate.git("rev-parse", f"HEAD:{ROSTER}")
    lost = public_key("yun-dongzhi")
    estate.write(ROSTER, first.replace(f"{{key: {lost}}}", f"{{key: {lost}, revoked: 2026-11-02}}"))
    estate.commit(approved=False)
    good = estate.git("rev-parse", f"HEAD:{ROSTER}")
    estate.record(Word("roster", "second", "2026-11-03T10:00:00+08:00").files(ROSTER_SUBJECT, good))
    estate.record(Word("roster", "yun-dongzhi", "2026-11-20T10:00:00+08:00").files(ROSTER_SUBJECT, wanted))
    assert estate.edition(trust=trust).reign.blob == good


def test_an_edit_that_nobody_approved_replaces_nothing(estate: Any) -> None:
    """What a notice replaces is what its approved version says: neither added nor dropped by a proposal."""
    estate.notice(A, body="一。\n")
    estate.notice(B, body="二。\n")
    estate.notice(C, body="三。\n", supersedes=B)
    estate.commit()
    assert live(estate) == {A, C}
    estate.notice(C, body="三。\n", supersedes=A)
    estate.commit(approved=False)
    assert live(estate) == {A, C}
    estate.notice(B, body="二。\n", supersedes=C)
    estate.commit(approved=False)
    assert live(estate) == {A, C}


def test_a_merge_with_its_sides_reversed_takes_no_record_away(estate: Any) -> None:
    """A new tip that contains the old one but not its files is found out: the rejection still counts."""
    estate.notice(A)
    content_id = staged(estate, A)
    estate.commit(approved=False)
    approved = record(estate, A, content_id, Word("content", BAILU), Word("publish", GUYU))
    tip = record(estate, A, content_id, Word("publish", LICHUN, "2026-11-02T09:00:00+08:00", "reject", "不行"))
    assert live(estate) == set()
    tree = estate.git("rev-parse", f"{approved}^{{tree}}")
    orphan = estate.git("commit-tree", tree, "-m", "orphan")
    joined = estate.git("commit-tree", tree, "-p", orphan, "-p", tip, "-m", "join")
    estate.git("update-ref", "refs/heads/records", joined)
    assert live(estate) == set()
    assert live(estate, afresh=True) == set()


def test_a_main_with_its_sides_reversed_is_refused(estate: Any) -> None:
    """A branch that no longer goes on from the published revision publishes nothing."""
    estate.notice(A, body="旧。\n")
    old = estate.commit()
    estate.notice(A, body="新。\n")
    estate.commit()
    assert estate.build().status == 0
    published = estate.site / "board.json"
    tree = estate.git("rev-parse", f"{old}^{{tree}}")
    estate.git("reset", "--quiet", "--hard", estate.git("commit-tree", tree, "-p", old, "-p", "HEAD", "-m", "join"))
    run = estate.build("--after", str(published))
    assert (run.status, "no longer goes on from" in run.err) == (3, True)


@pytest.mark.parametrize("date", ["@253402300800 +0000", "@99999999999999 +0000", "@0 +0000"])
def test_an_absurd_date_of_a_commit_stops_nothing(estate: Any, date: str) -> None:
    """Git takes any number for a date; the board goes on."""
    estate.notice(A)
    estate.commit()
    estate.notice(B, body="二。\n")
    estate.stage(approved=True)
    estate.git("commit", "--quiet", "-m", "x", GIT_COMMITTER_DATE=date)
    assert estate.build().status in {0, 1}
    for verb in ("verify", "approvals", "status"):
        assert estate.run(verb, "--at", estate.at).status in {0, 1}


def test_a_removal_dated_ahead_does_not_bar_a_notice_for_ever(estate: Any) -> None:
    """Approved anew after it came back, a notice is public, whatever date its removal bears."""
    estate.notice(A)
    estate.commit()
    estate.git("rm", "-r", "--quiet", f"notices/{A}")
    estate.git("commit", "--quiet", "-m", "x", GIT_COMMITTER_DATE="2099-01-01T00:00:00+00:00")
    estate.notice(A)
    content_id = staged(estate, A)
    estate.commit(approved=False, when="2026-11-05 08:00")
    record(estate, A, content_id, *BOTH)
    assert live(estate) == {A}


def test_a_rejection_is_not_buried_under_rubbish(estate: Any) -> None:
    """Overwritten a hundred times, document and signature, it still counts, and looking for it stays cheap."""
    estate.notice(A)
    content_id = staged(estate, A)
    estate.commit(approved=False)
    record(estate, A, content_id, Word("content", BAILU), Word("publish", GUYU))
    no = Word("publish", LICHUN, "2026-11-02T09:00:00+08:00", "reject", "不行")
    estate.record(no.files(A, content_id))
    [path, beside] = no.files(A, content_id)
    for number in range(100):
        forged = Word("publish", LICHUN, "2026-11-02T09:00:00+08:00", given=(("n", str(number)),), key="stranger")
        document, signature = forged.files(A, content_id).values()
        estate.record({path: document, beside: signature})
    entry = estate.edition().entries[A]
    assert str(entry.state) == "withheld"
    assert [given.statement.reason for given in entry.standing.newest.rejected] == ["不行"]
    assert len(estate.edition(afresh=True).entries[A].standing.newest.set_aside) == 100


def test_a_text_that_was_never_approved_can_be_put_back_and_approved_then(estate: Any) -> None:
    """Its approval counts where it stands now, and does not void itself by counting for the past."""
    estate.notice(A, body="一。\n")
    first = staged(estate, A)
    estate.commit(approved=False)
    estate.notice(A, body="二。\n")
    second = staged(estate, A)
    estate.approve(A, second, Word("content", BAILU), Word("publish", LICHUN))
    estate.commit(approved=False)
    estate.notice(A, body="一。\n")
    estate.commit(approved=False)
    assert [entry.notice.content_id for entry in estate.edition().live] == [second]
    record(estate, A, first, *BOTH)
    assert [entry.notice.content_id for entry in estate.edition().live] == [first]
