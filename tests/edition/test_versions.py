"""Which version of a notice is public: the newest that is approved, however it came to main."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from approvals import Word, receipt_files
from gaoshi.core.edition import Entry

A, B = "2026-11/a", "2026-11/b"
BAILU, LICHUN, GUYU, MANGZHONG, XIAOMAN = "yun-bailu", "yun-lichun", "yun-guyu", "yun-mangzhong", "yun-xiaoman"
BOTH = (Word("content", BAILU), Word("publish", LICHUN))
OUTCOME = {"is": "cancelled", "at": "2026-11-24 09:30", "note": "取消"}
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
URGENT = Word("urgent", MANGZHONG, "2026-11-24T09:50:00+08:00")


def on(day: str, *words: Word) -> tuple[Word, ...]:
    """The words, said at nine on another day (or at an instant)."""
    at = day if "T" in day else f"{day}T09:00:00+08:00"
    return tuple(replace(word, at=at) for word in words)


def put(estate: Any, body: str | None, *words: Word, author: str = "writer@cloudtop.example", **fields: Any) -> str:
    """Commit A with this text, and these words on it (None: as it is); its content id."""
    if body is not None:
        estate.notice(A, body=f"{body}\n", **fields)
    content_id: str = estate.signed(A, *words, author=author)
    return content_id


def entry(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> Entry:
    """A as the board has it."""
    found: Entry = estate.edition(at, **options).entries[A]
    return found


def shown(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> str:
    """The text that the board shows of A, or the state in which it shows none."""
    found = entry(estate, at, **options)
    return found.notice.texts["zh"].body.strip() if found.state == "live" else str(found.state)


def said(estate: Any, at: str = "2026-11-24 10:00") -> list[str]:
    """What the board says of A's approval."""
    return [finding.key for finding in entry(estate, at).findings if finding.code.startswith("A")]


def why(estate: Any, at: str = "2026-11-24 10:00") -> list[str]:
    """Why records on A's newest version do not count."""
    standing = entry(estate, at).standing
    assert standing is not None
    return sorted(aside.why.value for aside in standing.newest.set_aside)


# ── the same content is the same approval ────────────────────────────────────────────────────────


def squash(estate: Any) -> None:
    estate.git("merge", "--squash", "pr")
    estate.git("commit", "-qm", "squashed")


def rebase(estate: Any) -> None:
    estate.git("checkout", "-q", "pr")
    estate.git("rebase", "-q", "main")
    estate.git("checkout", "-q", "main")
    estate.git("merge", "-q", "--ff-only", "pr")


def merge(estate: Any) -> None:
    who = {"GIT_AUTHOR_EMAIL": "yun.lichun@cloudtop.example", "GIT_COMMITTER_EMAIL": "yun.lichun@cloudtop.example"}
    estate.git("merge", "-q", "--no-ff", "-m", "merged", "pr", **who)


def cherry_pick(estate: Any) -> None:
    estate.git("cherry-pick", "main..pr")


@pytest.mark.parametrize("bring", [squash, rebase, merge, cherry_pick])
def test_an_approval_holds_however_the_change_was_merged(estate: Any, bring: Callable[[Any], None]) -> None:
    """Squash, rebase and merge keep the content id, so what was approved before merging is approved after it."""
    estate.notice(B)
    estate.commit(approved=False)
    estate.git("checkout", "-q", "-b", "pr")
    put(estate, "第一稿。")
    content_id = put(estate, "第二稿。")
    files = {path: data for word in BOTH for path, data in word.files(A, content_id).items()}
    estate.record(files)
    estate.git("checkout", "-q", "main")
    estate.notice(B, body="别的。\n")
    estate.commit(approved=False)
    bring(estate)
    assert estate.git("rev-parse", f"HEAD:notices/{A}") == content_id
    assert (shown(estate), said(estate)) == ("第二稿。", [])


def test_a_fast_forward_brings_every_version(estate: Any) -> None:
    """Where commits are put on main as they are, each of them was a version of it."""
    put(estate, "第一稿。", *BOTH)
    estate.git("checkout", "-q", "-b", "pr")
    put(estate, "第二稿。", *on("2026-02-03", *BOTH))
    put(estate, "第三稿。")
    estate.git("checkout", "-q", "main")
    estate.git("merge", "-q", "--ff-only", "pr")
    assert (shown(estate), said(estate)) == ("第二稿。", ["A107"])


def test_what_a_pull_request_held_before_its_merge_was_never_public(estate: Any) -> None:
    """A version that was approved in the pull request and changed there again was never on main."""
    estate.commit()
    estate.git("checkout", "-q", "-b", "pr")
    put(estate, "第一稿。", *BOTH)
    put(estate, "第二稿。")
    estate.git("checkout", "-q", "main")
    merge(estate)
    assert (shown(estate), said(estate)) == ("withheld", ["A106"])


# ── which version shows ──────────────────────────────────────────────────────────────────────────


def test_the_newest_approved_version_shows_under_its_own_dates(estate: Any) -> None:
    """A change that nobody approved changes nothing: not the words, and not until when they stand."""
    put(estate, "第一稿。", *BOTH)
    newest = put(estate, "第二稿。", valid_until="2026-12-20 18:00")
    assert (shown(estate), said(estate)) == ("第一稿。", ["A107"])
    assert shown(estate, "2026-11-30 18:00") == "expired"
    estate.record({path: data for word in BOTH for path, data in word.files(A, newest).items()})
    assert (shown(estate), said(estate)) == ("第二稿。", [])
    assert shown(estate, "2026-11-30 18:00") == "第二稿。"


def test_an_approved_version_that_is_over_gives_way_to_none_that_is_not_approved(estate: Any) -> None:
    """A longer end that nobody approved does not keep a notice on the board, and a shorter one takes none off."""
    put(estate, "第一稿。", *BOTH)
    put(estate, "第一稿。", valid_until="2026-11-21 18:00")
    assert shown(estate) == "第一稿。"


def test_a_tip_that_is_long_over_does_not_hide_a_version_that_holds(estate: Any) -> None:
    """A change to an end a year ago, approved by nobody, cannot make the board leave the notice unread."""
    put(estate, "第一稿。", *BOTH)
    put(estate, "第一稿。", valid_from="2025-01-01 09:00", valid_until="2025-02-01 18:00")
    assert (shown(estate), said(estate)) == ("第一稿。", ["A107"])
    assert estate.build().status == 0
    assert [notice["id"] for notice in estate.manifest["notices"]] == [A]


def test_an_unreadable_tip_does_not_hide_a_version_that_holds(estate: Any) -> None:
    """A slip in a change leaves what was approved on the board."""
    put(estate, "第一稿。", *BOTH)
    estate.write(f"notices/{A}/notice.md", "---\ntitle: [\n")
    put(estate, None)
    assert (shown(estate), said(estate)) == ("第一稿。", ["A107"])


def test_an_old_version_that_is_put_back_is_not_public_again(estate: Any) -> None:
    """Approving a version voids those before it; an old one that is wanted again is approved again."""
    put(estate, "第一稿。", *BOTH)
    put(estate, "第二稿。", *on("2026-02-03", *BOTH))
    old = put(estate, "第一稿。")
    assert (shown(estate), said(estate), why(estate)) == ("第二稿。", ["A107.voided"], ["voided", "voided"])
    estate.record({path: data for word in on("2026-02-04", *BOTH) for path, data in word.files(A, old).items()})
    assert (shown(estate), said(estate)) == ("第一稿。", [])


def test_what_was_approved_before_it_changed_on_main_counts_for_what_comes_then(estate: Any) -> None:
    """Two versions approved in one second are told apart by which of them main had before."""
    put(estate, "第一稿。", *BOTH)
    put(estate, "第二稿。", *BOTH)
    assert shown(estate) == "第二稿。"
    put(estate, "第一稿。")
    assert (shown(estate), said(estate)) == ("第二稿。", ["A107.voided"])


def test_a_notice_that_was_taken_down_returns_with_a_new_approval(estate: Any) -> None:
    """Removing the folder takes back what was approved; putting the very same one back does not bring it back."""
    content_id = put(estate, "第一稿。", *BOTH)
    estate.git("rm", "-qr", f"notices/{A}")
    estate.commit(approved=False)
    assert A not in estate.edition().entries
    assert put(estate, "第一稿。") == content_id
    assert (shown(estate), said(estate)) == ("withheld", ["A106.voided"])
    again = on("2026-11-02", *BOTH)
    estate.record({path: data for word in again for path, data in word.files(A, content_id).items()})
    assert (shown(estate), said(estate)) == ("第一稿。", [])


def test_a_withdrawn_notice_cannot_be_put_back_as_it_was(estate: Any) -> None:
    """The version from before a withdrawal is as void as any older one."""
    put(estate, "第一稿。", *BOTH)
    withdrawn = {"is": "withdrawn", "at": "2026-11-22 09:00", "note": "有误"}
    put(estate, "第一稿。", *on("2026-11-22T09:00:00+08:00", Word("amendment", GUYU)), outcome=withdrawn)
    assert shown(estate) == "withdrawn"
    put(estate, "第一稿。")
    assert shown(estate) == "withdrawn"


# ── rejections ───────────────────────────────────────────────────────────────────────────────────


def test_a_rejection_stands_until_the_same_person_approves(estate: Any) -> None:
    """One no outweighs every yes, until who said it says yes."""
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="日期不对")
    content_id = put(estate, "第一稿。", *BOTH, no)
    assert (shown(estate), said(estate)) == ("withheld", ["A106.rejected"])
    others = on("2026-02-04", *BOTH)
    estate.record({path: data for word in others for path, data in word.files(A, content_id).items()})
    assert shown(estate) == "withheld"
    estate.record(Word("publish", GUYU, "2026-02-05T09:00:00+08:00").files(A, content_id))
    assert (shown(estate), said(estate)) == ("第一稿。", [])
    found = entry(estate, "2026-11-24 10:00").findings
    assert found == ()


def test_a_rejection_holds_for_the_next_version_too(estate: Any) -> None:
    """Changing a comma does not shake off a no."""
    no = Word("content", BAILU, "2026-02-03T09:00:00+08:00", decision="reject", reason="日期不对")
    put(estate, "第一稿。", no)
    content_id = put(estate, "第二稿。", Word("publish", LICHUN, "2026-02-06T09:00:00+08:00"))
    (reason,) = [finding for finding in entry(estate).findings if finding.code == "A106"]
    assert (reason.variant, reason.values["reason"]) == ("rejected", "日期不对")
    estate.record(Word("content", BAILU, "2026-02-05T09:00:00+08:00").files(A, content_id))
    assert shown(estate) == "第二稿。"


def test_a_rejection_that_came_later_takes_an_approved_version_off(estate: Any) -> None:
    """Who approved, or could have, can say no afterwards, from that second on."""
    no = Word("publish", LICHUN, "2026-11-24T09:30:00+08:00", decision="reject", reason="情况有变")
    put(estate, "第一稿。", *BOTH, no)
    assert shown(estate, "2026-11-24 09:29:59") == "第一稿。"
    assert estate.edition("2026-11-24 09:00").next == estate.instant("2026-11-24 09:30")
    assert (shown(estate, "2026-11-24 09:30"), said(estate)) == ("withheld", ["A106.rejected"])


def test_a_rejection_by_who_could_not_have_approved_is_none(estate: Any) -> None:
    """Saying no takes the same authority as saying yes."""
    no = Word("publish", XIAOMAN, "2026-02-03T09:00:00+08:00", decision="reject", reason="不喜欢")
    put(estate, "第一稿。", *BOTH, no)
    assert (shown(estate), why(estate)) == ("第一稿。", ["no-role"])


# ── the ways to approval ─────────────────────────────────────────────────────────────────────────


def test_a_head_who_writes_has_reviewed_and_does_not_publish(estate: Any) -> None:
    """The department's head may write and review; a department's head still cannot let out, nor the writer alone."""
    address = "yun.bailu@cloudtop.example"
    put(estate, "第一稿。", *BOTH, author=address)
    assert shown(estate) == "第一稿。"


def test_two_stages_take_two_people(estate: Any) -> None:
    """Who stands in for a head gives one stage, not both."""
    estate.edit(".github/approvers.yml", "{of: yun-hanlu, by: yun-xiaoman,", "{of: yun-bailu, by: yun-lichun,")
    one = on("2026-11-21", Word("content", LICHUN), Word("publish", LICHUN))
    content_id = put(estate, "第一稿。", *one)
    assert shown(estate) == "withheld"
    estate.record(on("2026-11-21", Word("publish", GUYU))[0].files(A, content_id))
    assert shown(estate) == "第一稿。"


@pytest.mark.parametrize(
    ("at", "good"),
    [
        ("2026-11-19T23:59:59+08:00", False),
        ("2026-11-20T00:00:00+08:00", True),
        ("2026-11-25T23:59:59+08:00", True),
        ("2026-11-26T00:00:00+08:00", False),
    ],
)
def test_a_deputation_counts_from_its_first_second_to_its_last(estate: Any, at: str, *, good: bool) -> None:
    """Who stands in for a head on leave reviews in his place, within the days of the deputation (C-2.3)."""
    estate.edit(".github/approvers.yml", "{of: yun-hanlu, by: yun-xiaoman,", "{of: yun-bailu, by: yun-xiaoman,")
    estate.notice(A, body="第一稿。\n")
    estate.stage(approved=False)
    content_id = estate.contents()[A]
    word = Word("content", XIAOMAN, at)
    (payload, _) = word.files(A, content_id).values()
    for path, data in receipt_files(payload, A, content_id, at).items():
        estate.write(path, data)
    put(estate, None, word, Word("publish", LICHUN, at))
    found = entry(estate, "2026-11-28 10:00")
    assert (found.state == "live") is good


@pytest.mark.parametrize(
    ("published", "approved"),
    [("2026-02-03T08:59:59+08:00", False), ("2026-02-03T09:00:00+08:00", True), ("2026-02-03T09:00:01+08:00", True)],
)
def test_publication_is_approved_after_the_content(estate: Any, published: str, *, approved: bool) -> None:
    """Who approves publication approves what the head has reviewed: earlier, it has to be given again (P-2.t2, P-7.1)."""
    put(estate, "第一稿。", Word("content", BAILU, "2026-02-03T09:00:00+08:00"), Word("publish", LICHUN, published))
    assert (shown(estate), why(estate)) == (("第一稿。", []) if approved else ("withheld", ["too-early"]))


def test_a_signature_that_comes_late_for_an_old_version_changes_nothing(estate: Any) -> None:
    """What an old version lacked is given after a newer one was approved: the newer one stays."""
    old = put(estate, "第一稿。", Word("content", BAILU, "2026-02-02T09:00:00+08:00"))
    put(
        estate,
        "第二稿。",
        Word("content", BAILU, "2026-02-03T09:00:00+08:00"),
        Word("publish", LICHUN, "2026-02-04T09:00:00+08:00"),
    )
    assert shown(estate) == "第二稿。"
    estate.record(Word("publish", LICHUN, "2026-02-10T09:00:00+08:00").files(A, old))
    assert shown(estate) == "第二稿。"


def test_a_version_reviewed_before_another_was_approved_is_approved_when_it_comes(estate: Any) -> None:
    """A pull request that was reviewed while an earlier one waited needs no second review."""
    put(estate, "第一稿。", Word("content", BAILU), Word("publish", LICHUN, "2026-02-05T09:00:00+08:00"))
    put(
        estate,
        "第二稿。",
        Word("content", BAILU, "2026-02-03T09:00:00+08:00"),
        Word("publish", LICHUN, "2026-02-04T09:00:00+08:00"),
    )
    assert shown(estate) == "第二稿。"


def test_a_company_leader_and_legal_counsel_come_besides(estate: Any) -> None:
    """In the company's name and with litigation near it takes four people, and says who lacks."""
    fields = {"issued_as": "company", "legal": "true"}
    content_id = put(estate, "第一稿。", *BOTH, **fields)
    standing = entry(estate).standing
    assert standing is not None
    assert [missing.stage for missing in standing.newest.missing] == ["company", "legal"]
    estate.record(Word("company", "yun-dongzhi").files(A, content_id))
    assert shown(estate) == "withheld"
    estate.record(Word("legal", "yun-qingming").files(A, content_id))
    assert shown(estate) == "第一稿。"


def test_an_amendment_takes_one_approval_and_anything_more_takes_all(estate: Any) -> None:
    """An outcome added to an approved notice takes one of its heads; with one word changed it takes the whole way."""
    put(estate, "第一稿。", *BOTH)
    (word,) = on("2026-11-24T09:30:00+08:00", Word("amendment", BAILU))
    put(estate, "第一稿。", word, outcome=OUTCOME)
    found = entry(estate)
    assert (shown(estate), said(estate), found.outcome.what) == ("第一稿。", [], "cancelled")
    put(estate, "第二稿。", word, outcome=OUTCOME)
    assert (shown(estate), said(estate), why(estate)) == ("第一稿。", ["A107"], ["no-amendment"])


def test_an_amendment_of_what_was_never_approved_is_none(estate: Any) -> None:
    """Adding an outcome to a draft does not let the draft out."""
    put(estate, "第一稿。")
    put(estate, "第一稿。", Word("amendment", BAILU), outcome=OUTCOME)
    assert (shown(estate), why(estate)) == ("withheld", ["no-amendment"])


def test_a_duty_officer_alone_is_countersigned_within_a_day(estate: Any) -> None:
    """Urgent news goes out at once; from the 24th hour on, to the second, the board's keepers are told who lacks."""
    content_id = put(estate, "停水。", URGENT, **FAULT)
    due = "2026-11-25 09:50"
    assert (shown(estate), said(estate)) == ("停水。", [])
    assert said(estate, "2026-11-25 09:49:59") == []
    assert (shown(estate, due), said(estate, due)) == ("停水。", ["A108"])
    estate.record(Word("countersign", GUYU, "2026-11-25T09:00:00+08:00").files(A, content_id))
    assert said(estate, due) == []


def test_a_head_who_approves_urgently_needs_no_countersignature(estate: Any) -> None:
    """What the head lets out alone is the head's already."""
    put(estate, "停水。", replace(URGENT, approver=LICHUN), **FAULT)
    assert (shown(estate), said(estate, "2026-11-25 10:00")) == ("停水。", [])


@pytest.mark.parametrize("at", ["2026-11-24T09:39:59+08:00", "2026-11-25T09:40:01+08:00"])
def test_an_urgent_approval_is_given_in_the_urgent_lane(estate: Any, at: str) -> None:
    """Before it happened, and a day after, a duty officer alone is not enough."""
    put(estate, "停水。", replace(URGENT, at=at), **FAULT)
    assert shown(estate, "2026-11-25 10:00") == "withheld"
    assert why(estate, "2026-11-25 10:00") == ["not-urgent"]


# ── when it was given ────────────────────────────────────────────────────────────────────────────


def test_statements_ahead_count_from_their_second_on(estate: Any) -> None:
    """What is dated later than the board does not count yet, and `next` knows when it will."""
    put(estate, "第一稿。", BOTH[0], *on("2026-11-24T12:00:00+08:00", BOTH[1]))
    assert shown(estate, "2026-11-24 11:59:59") == "withheld"
    assert estate.edition("2026-11-24 11:00").next == estate.instant("2026-11-24 12:00")
    assert shown(estate, "2026-11-24 12:00") == "第一稿。"


KEY_TERM = ', until: "2026-11-24T08:00:00+08:00"}'


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (None, "withheld"),
        ("2026-11-24T07:59:59+08:00", "第一稿。"),
        ("2026-11-24T08:00:00+08:00", "withheld"),
        ("2026-11-24T10:00:01+08:00", "withheld"),
    ],
)
@pytest.mark.parametrize("ends", [KEY_TERM, ', revoked: "2026-11-24T08:00:00+08:00"}'])
def test_a_key_is_judged_when_the_publisher_first_saw_its_signature(
    estate: Any, seen: str | None, state: str, ends: str
) -> None:
    """A receipt from before the key's end proves that the signature was there; what comes later proves nothing."""
    path = ".github/approvers.yml"
    lines = (estate.root / path).read_text(encoding="utf-8").splitlines()
    holder = next(number for number, line in enumerate(lines) if line == f"  - id: {LICHUN}")
    key = next(number for number, line in enumerate(lines) if number > holder and "key: ssh-ed25519" in line)
    lines[key] = lines[key].replace("}", ends)
    estate.write(path, "\n".join([*lines, ""]))
    estate.notice(A, body="第一稿。\n")
    estate.stage(approved=False)
    content_id = estate.contents()[A]
    (payload, _) = BOTH[1].files(A, content_id).values()
    if seen is not None:
        for name, data in receipt_files(payload, A, content_id, seen).items():
            estate.write(name, data)
    put(estate, None, *BOTH)
    assert shown(estate) == state


def test_a_receipt_by_anybody_but_the_publisher_proves_nothing(estate: Any) -> None:
    """A person's key cannot say when something was first seen."""
    path = ".github/approvers.yml"
    estate.edit(path, "{role: deputy, from: 2026-01-01, until: 2027-12-31}", "{role: deputy, until: 2026-03-01}")
    content_id = put(estate, "第一稿。")
    word = Word("publish", GUYU)
    (payload, _) = word.files(A, content_id).values()
    estate.record(receipt_files(payload, A, content_id, word.at, key=GUYU))
    put(estate, None, BOTH[0], word)
    assert (shown(estate), why(estate)) == ("withheld", ["no-role"])
    fine = receipt_files(payload, A, content_id, "2026-02-02T09:00:01+08:00")
    estate.record(fine)
    assert shown(estate) == "第一稿。"
