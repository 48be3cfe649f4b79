"""Ways to get onto the board without approval, or to take an approval away; each must fail."""

from __future__ import annotations

import json
import os
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import approvals
from approvals import Word, receipt_files
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.statement import Subject, encode_statement
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import seen_before
from gaoshi.sources.proof import Trust
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.signatures import sign

A, B = "2026-11/a", "2026-11/b"
ROSTER, SUBJECT = ".github/approvers.yml", ".github/approvers.yml"
BAILU, LICHUN, GUYU, MANGZHONG, KEEPER = "yun-bailu", "yun-lichun", "yun-guyu", "yun-mangzhong", "yun-dongzhi"
BOTH = (Word("content", BAILU), Word("publish", LICHUN))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
ENGLISH = "---\ntitle: Beware\n---\nPlease beware.\n"
TWO: dict[str, Any] = {
    "texts": {"en": ENGLISH},
    "languages": "[zh, en]",
    "body": "请留意。\n\n![图](a.png)\n",
    "files": {"a.png": PNG},
}
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}


def signed(estate: Any, *words: Word, author: str = "writer@cloudtop.example") -> str:
    """Commit everything as it is, with these words on A; A's content id."""
    content_id: str = estate.signed(A, *words, author=author)
    return content_id


def entry(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> Entry:
    """A as the board has it."""
    found: Entry = estate.edition(at, **options).entries[A]
    return found


def state(estate: Any, at: str = "2026-11-24 10:00") -> str:
    """The state of A."""
    return str(entry(estate, at).state)


def whys(estate: Any, at: str = "2026-11-24 10:00") -> set[str]:
    """Why records on A's newest version do not count."""
    standing = entry(estate, at).standing
    assert standing is not None
    return {aside.why.value for aside in standing.newest.set_aside}


def codes(edition: Edition) -> set[tuple[str, str]]:
    """What is said besides the notices."""
    return {(finding.code, finding.variant) for finding in edition.findings}


# ── the content ──────────────────────────────────────────────────────────────────────────────────


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


# ── the roster ───────────────────────────────────────────────────────────────────────────────────


def intruder(estate: Any) -> None:
    """Put the attacker's key beside the head's, and the attacker on the roster as a deputy."""
    estate.edit(
        ROSTER,
        "  - id: yun-guyu\n",
        f"""  - id: yun-mallory
    name: 云某
    title: {{zh: 副负责人}}
    roles: [deputy]
    emails: [mallory@cloudtop.example]
    keys:
      - {{key: {approvals.public_key("mallory")}}}

  - id: yun-guyu
""",
    )
    old = f"{{key: {approvals.public_key(BAILU)}}}"
    estate.edit(ROSTER, old, f"{old}\n      - {{key: {approvals.public_key('mallory-2')}}}")


FORGED = (Word("content", BAILU, key="mallory-2"), Word("publish", "yun-mallory", key="mallory"))


def test_nobody_gets_onto_the_roster_by_the_change_that_he_wants_approved(estate: Any) -> None:
    """Roster, notice and signatures in one change: the roster is not in force, and the notice not approved."""
    estate.commit()
    intruder(estate)
    estate.notice(A)
    signed(estate, *FORGED)
    assert state(estate) == "withheld"
    assert whys(estate) == {"unknown-key", "unknown-person"}
    assert ("E104", "roster-not-in-force") in codes(estate.edition())


def test_a_roster_merged_without_a_keeper_stays_out_of_force(estate: Any) -> None:
    """Having been on main for long makes no roster right; its blob in another stage or by another hand neither."""
    estate.commit()
    before = estate.git("rev-parse", f"HEAD:{ROSTER}")
    intruder(estate)
    estate.commit(approved=False)
    blob = estate.git("rev-parse", f"HEAD:{ROSTER}")
    for word in (
        Word("roster", LICHUN),
        Word("roster", KEEPER, key="mallory"),
        Word("roster", "yun-mallory", key="mallory"),
    ):
        estate.record(word.files(SUBJECT, blob))
    estate.notice(A)
    signed(estate, *FORGED)
    edition = estate.edition()
    assert (edition.entries[A].state, edition.reign.blob) == ("withheld", before)
    estate.record(Word("roster", KEEPER, "2026-02-03T09:00:00+08:00").files(SUBJECT, blob))
    edition = estate.edition()
    assert (edition.entries[A].state, edition.reign.blob) == ("live", blob)


def test_a_roster_from_a_rewritten_history_is_not_the_root_that_was_pinned(estate: Any) -> None:
    """Who pins the first roster is not taken in by a main that begins with another one."""
    intruder(estate)
    estate.notice(A)
    signed(estate, *FORGED)
    assert state(estate) == "live"
    with pytest.raises(SettingsError, match="no-root"):
        estate.edition(trust=Trust(root="1" * 40))


def test_an_old_roster_that_is_put_back_is_not_in_force_again(estate: Any) -> None:
    """A roster that a keeper has replaced cannot be merged again, with the keys it had."""
    estate.edit(
        ROSTER,
        "{role: duty-officer, from: 2026-01-01}\n    emails: [yun.bailu",
        "{role: duty-officer}\n    emails: [yun.bailu",
    )
    estate.commit()
    old = (estate.root / ROSTER).read_bytes()
    blobs = [estate.git("rev-parse", f"HEAD:{ROSTER}")]
    for day, change in (("2026-02-03", "云立春甲"), ("2026-02-04", "云立春乙")):
        estate.write(ROSTER, old.decode().replace("云立春", change))
        estate.commit(approved=False)
        blobs.append(estate.git("rev-parse", f"HEAD:{ROSTER}"))
        estate.record(Word("roster", KEEPER, f"{day}T09:00:00+08:00").files(SUBJECT, blobs[-1]))
    assert estate.edition().reign.blob == blobs[2]
    for content in (old.decode().replace("云立春", "云立春甲"), old.decode()):
        estate.write(ROSTER, content)
        estate.commit(approved=False)
        assert estate.edition().reign.blob == blobs[2]


# ── one's own notice ─────────────────────────────────────────────────────────────────────────────


def test_nobody_approves_his_own_notice(estate: Any) -> None:
    """As author, as co-author, or as author of any change since the last approved version."""
    mine = "yun.lichun@cloudtop.example"
    estate.notice(A)
    signed(estate, *BOTH, author=mine)
    assert (state(estate), whys(estate)) == ("withheld", {"contributor"})
    estate.notice(A, body="改了。\n")
    signed(estate, *BOTH)
    assert (state(estate), "contributor" in whys(estate)) == ("withheld", True)
    estate.notice(A, body="又改了。\n")
    estate.stage(approved=False)
    estate.approve(A, None, BOTH[0], Word("publish", GUYU))
    estate.commit("x\n\nCo-authored-by: G <YUN.GUYU@cloudtop.example>", approved=False)
    assert (state(estate), "contributor" in whys(estate)) == ("withheld", True)


def test_who_opened_the_pull_request_does_not_approve_it(estate: Any) -> None:
    """What the publisher saw on a forge tells who opened it, and he approves in no way, a signature included."""
    estate.notice(A)
    click = Word(
        "content",
        BAILU,
        how="forge",
        key=approvals.WITNESS,
        given=(("forge", "github"), ("opened_by", LICHUN), ("pull_request", "7"), ("witness", approvals.WITNESS)),
    )
    signed(estate, click, Word("publish", LICHUN))
    assert (state(estate), whys(estate)) == ("withheld", {"contributor"})
    estate.record(Word("publish", GUYU).files(A, estate.contents("HEAD")[A]))
    assert state(estate) == "live"


def test_one_person_does_not_give_two_stages(estate: Any) -> None:
    """Deputy for the department and head at once, he still counts once."""
    estate.edit(
        ROSTER, "{of: yun-hanlu, by: yun-xiaoman, from: 2026-11-20", "{of: yun-bailu, by: yun-lichun, from: 2026-01-01"
    )
    estate.notice(A)
    signed(estate, Word("content", LICHUN), Word("publish", LICHUN))
    assert state(estate) == "withheld"


def test_an_invented_hour_does_not_open_the_urgent_lane(estate: Any) -> None:
    """Something that is still to begin was planned, and lanes are judged when the approval was given."""
    urgent = Word("urgent", MANGZHONG, "2026-11-24T09:50:00+08:00")
    planned = {"starts_at": "2026-11-27 09:00", "ends_at": "2026-11-27 17:00", "valid_until": "2026-11-27 18:00"}
    estate.notice(A, FAULT | planned)
    signed(estate, urgent)
    assert (state(estate), whys(estate)) == ("withheld", {"not-urgent"})
    estate.notice(A, FAULT | {"occurred_at": "2026-11-24 09:55"})
    signed(estate, urgent)
    assert (state(estate), whys(estate) >= {"not-urgent"}) == ("withheld", True)
    estate.notice(A, {"type": "notice", "occurred_at": "2026-11-24 09:40"})
    signed(estate, urgent)
    assert (state(estate), whys(estate) >= {"not-urgent"}) == ("withheld", True)


# ── statements that are not what they seem ───────────────────────────────────────────────────────


def test_statements_of_another_matter_are_not_this_ones(estate: Any) -> None:
    """Of another notice, another board or another stage: nothing of it counts here."""
    estate.notice(A)
    estate.stage(approved=False)
    content_id = estate.contents()[A]
    elsewhere = {path.replace(B, A): data for word in BOTH for path, data in word.files(B, content_id).items()}
    estate.record(elsewhere)
    signed(estate)
    assert (state(estate), whys(estate)) == ("withheld", {"other-place"})
    board = [replace(word, board="othertop", at="2026-02-03T09:00:00+08:00") for word in BOTH]
    estate.record({path: data for word in board for path, data in word.files(A, content_id).items()})
    assert (state(estate), whys(estate)) == ("withheld", {"other-place", "other-board"})
    stage = (Word("content", BAILU), Word("countersign", LICHUN), Word("amendment", GUYU), Word("urgent", MANGZHONG))
    estate.record({path: data for word in stage for path, data in word.files(A, content_id).items()})
    assert state(estate) == "withheld"


def test_a_signed_commit_is_no_approval(estate: Any) -> None:
    """The head's signature on an ordinary commit, tag or file is in another namespace, and counts for nothing."""
    estate.notice(A)
    content_id = signed(estate)
    files: dict[str, bytes] = {}
    for word in BOTH:
        (path, payload), (signature, _) = word.files(A, content_id).items()
        for namespace in ("git", "file", "gaoshi-receipt"):
            files[path.replace(".json", f"-{namespace}.json")] = payload
            key = approvals.key_of(word.approver)
            files[signature.replace(".json", f"-{namespace}.json")] = sign(payload, namespace, key)
    estate.record(files)
    assert (state(estate), whys(estate)) == ("withheld", {"bad-signature"})


def test_a_signature_of_other_bytes_is_none(estate: Any) -> None:
    """A good signature moved beside another statement proves nothing."""
    estate.notice(A)
    content_id = signed(estate)
    yes, no = (Word("publish", LICHUN, decision=d, reason=r) for d, r in (("approve", ""), ("reject", "不")))
    (path, payload), _ = yes.files(A, content_id).items()
    _, (_, signature) = no.files(A, content_id).items()
    estate.record({path: payload, f"{path}.sig": signature})
    assert whys(estate) == {"bad-signature"}


def resigned(change: Callable[[bytes], bytes]) -> Callable[[bytes, bytes], tuple[bytes, bytes]]:
    """Other bytes, really signed by the head."""

    def damage(payload: bytes, _signature: bytes) -> tuple[bytes, bytes]:
        return change(payload), sign(change(payload), "gaoshi-approval", approvals.key_of(LICHUN))

    return damage


DAMAGE: dict[str, Callable[[bytes, bytes], tuple[bytes, bytes]]] = {
    "statement cut": lambda payload, signature: (payload[:-20], signature),
    "statement empty": lambda _, signature: (b"", signature),
    "statement twice": resigned(lambda payload: payload * 2),
    "key twice": resigned(lambda payload: payload.replace(b'"stage"', b'"stage": "content",\n  "stage"')),
    "statement huge": resigned(lambda payload: payload + b" " * 20_000),
    "signature cut": lambda payload, signature: (payload, signature[:-60]),
    "signature empty": lambda payload, _: (payload, b""),
    "signature huge": lambda payload, signature: (payload, signature + b"\n" * 9000),
    "signature garbage": lambda payload, _: (payload, os.urandom(300)),
    "signature of a line": lambda payload, _: (payload, b"-----BEGIN SSH SIGNATURE-----\n"),
    "one byte more": lambda payload, signature: (payload + b"\n", signature),
}
"""Ways in which somebody might have damaged a statement or its signature."""


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_statements_count_for_nothing_and_stop_nothing(estate: Any, damage: str) -> None:
    """Malformed, oversized, truncated or doubled: left out with a reason, and all other notices are published."""
    estate.notice(A)
    estate.notice(B)
    estate.commit(approved=False)
    contents = estate.contents("HEAD")
    files = {path: data for word in BOTH for path, data in word.files(B, contents[B]).items()}
    files |= BOTH[0].files(A, contents[A])
    (path, payload), (_, signature) = BOTH[1].files(A, contents[A]).items()
    statement, beside = DAMAGE[damage](payload, signature)
    estate.record(files | {path: statement, f"{path}.sig": beside})
    assert (state(estate), bool(whys(estate) & {"broken", "bad-signature"})) == ("withheld", True)
    assert estate.build().status == 1
    assert [notice["id"] for notice in estate.manifest["notices"]] == [B]
    estate.record(
        {path.replace("publish", "publish-2"): payload, path.replace("publish", "publish-2") + ".sig": signature}
    )
    assert state(estate) == "live"


def test_the_same_statement_twice_is_one(estate: Any) -> None:
    """A copy of a statement, under another name or beside another signature, adds nobody and takes nobody away."""
    estate.notice(A)
    content_id = signed(estate)
    (path, payload), (_, signature) = BOTH[1].files(A, content_id).items()
    files = {path: payload, f"{path}.sig": b"garbage", path.replace(".json", "-b.json"): payload}
    estate.record(files | {path.replace(".json", "-b.json.sig"): signature})
    assert state(estate) == "withheld"
    estate.record(BOTH[0].files(A, content_id))
    assert state(estate) == "live"


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def keyed(estate: Any, holder: str, terms: str) -> None:
    """Give somebody's key these terms."""
    old = f"{{key: {approvals.public_key(holder)}}}"
    estate.edit(ROSTER, old, old.replace("}", f", {terms}}}"))


@pytest.mark.parametrize(
    ("terms", "at", "why"),
    [
        ("from: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-out-of-term"),
        ("until: 2026-03-01", "2026-03-02T00:00:00+08:00", "key-out-of-term"),
        ("revoked: 2026-03-01", "2026-03-01T00:00:00+08:00", "key-revoked"),
        ("revoked: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-revoked"),
        ("until: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-out-of-term"),
        ("from: 2026-01-01", "2026-11-25T09:00:00+08:00", "future"),
    ],
    ids=["before its term", "after it", "after revocation", "backdated, revoked", "backdated, over", "in the future"],
)
def test_a_key_counts_only_in_its_time(estate: Any, terms: str, at: str, why: str) -> None:
    """Before its term, after it, after revocation; and backdated, since no receipt tells when it was really signed."""
    keyed(estate, LICHUN, terms)
    estate.notice(A)
    signed(estate, BOTH[0], Word("publish", LICHUN, at))
    assert (state(estate), whys(estate)) == ("withheld", {why})


def test_a_late_receipt_does_not_make_a_backdated_statement_good(estate: Any) -> None:
    """Signed with a stolen key after its revocation and dated before: the publisher saw it first after it."""
    keyed(estate, LICHUN, 'revoked: "2026-03-01T00:00:00+08:00"')
    estate.notice(A)
    content_id = signed(estate, BOTH[0], BOTH[1])
    (payload, _) = BOTH[1].files(A, content_id).values()
    estate.record(receipt_files(payload, A, content_id, "2026-03-01T00:00:00+08:00"))
    assert (state(estate), whys(estate)) == ("withheld", {"key-revoked"})


def test_hands_do_not_sign_for_one_another(estate: Any) -> None:
    """The publisher's key does not sign for a person, nor a person's for the publisher, nor one person's for another."""
    estate.notice(A)
    click = (("forge", "github"), ("witness", approvals.WITNESS))
    words = [
        Word("publish", LICHUN, key=approvals.WITNESS),
        Word("publish", GUYU, how="forge", key=GUYU, given=click),
        Word("publish", GUYU, "2026-02-03T09:00:00+08:00", how="forge", key=GUYU, given=(("witness", GUYU),)),
        Word("publish", LICHUN, "2026-02-04T09:00:00+08:00", key=BAILU),
        Word("publish", approvals.WITNESS, key=approvals.WITNESS),
    ]
    signed(estate, BOTH[0], *words)
    assert (state(estate), whys(estate)) == ("withheld", {"other-hand", "unknown-person"})


def test_a_paper_is_recorded_by_a_witness_and_by_nobody_else(estate: Any) -> None:
    """Who approves does not witness himself, and who lacks the role records nothing on paper."""
    estate.notice(A)

    def paper(witness: str, key: str = "") -> Word:
        given = (("paper", "7"), ("witness", witness))
        return Word("publish", LICHUN, how="paper", key=key or witness, given=given)

    content_id = signed(estate, BOTH[0], paper(LICHUN), replace(paper(GUYU), at="2026-02-03T09:00:00+08:00"))
    assert (state(estate), whys(estate)) == ("withheld", {"no-witness"})
    estate.record(replace(paper("yun-xiaoxue", GUYU), at="2026-02-04T09:00:00+08:00").files(A, content_id))
    assert (state(estate), whys(estate)) == ("withheld", {"no-witness", "other-hand"})
    estate.record(replace(paper("yun-xiaoxue"), at="2026-02-05T09:00:00+08:00").files(A, content_id))
    assert state(estate) == "live"


# ── taking away ──────────────────────────────────────────────────────────────────────────────────


def test_an_old_version_cannot_be_put_back(estate: Any) -> None:
    """Neither after a newer one was approved nor after the notice was taken down."""
    estate.notice(A, body="第一稿。\n")
    signed(estate, *BOTH)
    estate.notice(A, body="第二稿。\n")
    newer = signed(estate, *(replace(word, at="2026-02-03T09:00:00+08:00") for word in BOTH))
    estate.notice(A, body="第一稿。\n")
    signed(estate)
    assert entry(estate).notice.content_id == newer
    assert "voided" in whys(estate)
    estate.git("rm", "-rq", f"notices/{A}")
    estate.commit(approved=False)
    estate.notice(A, body="第二稿。\n")
    assert signed(estate) == newer
    assert (state(estate), "voided" in whys(estate)) == ("withheld", True)


@pytest.mark.parametrize("where", ["main", "records"])
def test_a_deleted_rejection_still_stands(estate: Any, where: str) -> None:
    """What was once in the records counts when it has been deleted since, and the deletion is reported."""
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="不")
    estate.notice(A)
    content_id = signed(estate, *BOTH, *([no] if where == "main" else []))
    if where == "records":
        estate.record(no.files(A, content_id))
        estate.record(dict.fromkeys(no.files(A, content_id)))
    else:
        for path in (estate.root / "records/approvals" / A).glob("*guyu*"):
            path.unlink()
        estate.commit(approved=False)
    assert state(estate) == "withheld"
    assert ("E103", "record-changed") in codes(estate.edition())


def test_a_deleted_statement_and_receipt_still_prove(estate: Any) -> None:
    """Taking away the head's statement or its receipt takes nothing off the board."""
    keyed(estate, LICHUN, 'until: "2026-03-01T00:00:00+08:00"')
    estate.notice(A)
    content_id = signed(estate, *BOTH)
    (payload, _) = BOTH[1].files(A, content_id).values()
    receipt = receipt_files(payload, A, content_id, "2026-02-02T09:00:01+08:00")
    estate.record(receipt)
    assert state(estate) == "live"
    estate.record(dict.fromkeys(receipt))
    estate.git("rm", "-rq", f"records/approvals/{A}")
    estate.commit(approved=False)
    assert state(estate) == "live"
    assert ("E103", "record-changed") in codes(estate.edition())


def test_records_that_were_rewound_are_refused(estate: Any) -> None:
    """A tip of `records` that does not descend from the last one seen publishes nothing; the old board stands."""
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="不")
    estate.notice(A)
    content_id = signed(estate)
    files = {path: data for word in BOTH for path, data in word.files(A, content_id).items()}
    first = estate.record(files)
    second = estate.record(no.files(A, content_id))
    assert estate.build().status == 1
    board = (estate.site / "board.json").read_bytes()
    assert estate.manifest["records"] == [second]
    estate.git("update-ref", "refs/heads/records", first)
    with pytest.raises(GitError, match="records-rewound"):
        estate.edition(trust=Trust(after=(second,)))
    run = estate.build()
    assert run.status == 3
    assert (estate.site / "board.json").read_bytes() == board
    estate.record(files, orphan=True)
    assert estate.build().status == 3
    published = estate.root.parent / "published.json"
    published.write_bytes(board)
    (estate.root / ".git/gaoshi/records-seen").unlink()
    assert estate.build("--after", str(published)).status == 3
    estate.git("update-ref", "-d", "refs/heads/records")
    assert estate.build("--after", str(published)).status == 3


def test_what_was_seen_is_kept_beside_the_repository(estate: Any) -> None:
    """Each board that is published keeps what it was built from."""
    estate.notice(A)
    signed(estate, *BOTH)
    tip = estate.record({"records/README": b"x\n"})
    estate.build()
    assert seen_before(Repository(estate.root)) == (tip,)


# ── git itself ───────────────────────────────────────────────────────────────────────────────────


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


def test_an_outsider_checks_a_statement_with_the_same_result(estate: Any, tmp_path: Path) -> None:
    """`ssh-keygen -Y verify` takes what we take and refuses what we refuse."""
    statement = BOTH[1].statement(A, "1" * 40)
    payload = encode_statement(statement)
    assert json.loads(payload)["subject"] == [{"name": A, "digest": {"gitTree": Subject(A, "1" * 40).digest}}]
    for namespace, status in (("gaoshi-approval", 0), ("git", 255)):
        signature = tmp_path / namespace
        signature.write_bytes(sign(payload, namespace, approvals.key_of(LICHUN)))
        allowed = tmp_path / "allowed"
        allowed.write_text(f"{LICHUN} {approvals.public_key(LICHUN)}\n", encoding="utf-8")
        verify = ["-Y", "verify", "-f", str(allowed), "-I", LICHUN, "-n", "gaoshi-approval", "-s", str(signature)]
        assert (
            subprocess.run(["ssh-keygen", *verify], input=payload, check=False, capture_output=True).returncode
            == status
        )


@pytest.mark.parametrize("name", ["00000000T000000Z-a", "99999999T000000Z-z"])
@pytest.mark.parametrize("key", ["stranger", MANGZHONG])
def test_a_copy_signed_by_another_takes_nothing_away(estate: Any, name: str, key: str) -> None:
    """Somebody copies a statement and signs it with a key of his own, sorted before or after it: it still counts."""
    estate.notice(A)
    content_id = signed(estate, *BOTH)
    assert state(estate) == "live"
    for word in BOTH:
        document, signature = replace(word, key=key).files(A, content_id).values()
        path = f"records/approvals/{A}/{name}-{word.stage}.json"
        estate.record({path: document, f"{path}.sig": signature})
    assert state(estate) == "live"
    found = entry(estate, afresh=True).standing
    assert found is not None
    assert len(found.newest.given) == len(BOTH)
    assert len(found.newest.set_aside) == len(BOTH)
